// oneDNN's matmul, its weights reordered once into the layout that it asks for.
#include <memory>
#include <oneapi/dnnl/dnnl.hpp>

#include "libraries.hpp"

namespace peers {
namespace {

using dnnl::memory;

struct Product {
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream{engine};
  dnnl::matmul matmul;
  std::vector<memory> weights;
  memory x, y;
  std::size_t next = 0;

  void run() {
    matmul.execute(stream,
                   {{DNNL_ARG_SRC, x}, {DNNL_ARG_WEIGHTS, weights[next]}, {DNNL_ARG_DST, y}});
    stream.wait();
    next = (next + 1) % weights.size();
  }
  /// Plain floats, as a memory of this kind.
  memory laid(memory::desc const& plain, memory::desc const& kind, unsigned seed) {
    memory from(plain, engine), to(kind, engine);
    fill(static_cast<float*>(from.get_data_handle()),
         static_cast<long>(plain.get_size() / sizeof(float)), seed);
    dnnl::reorder(from, to).execute(stream, from, to);
    stream.wait();
    return to;
  }
};

memory::data_type type_of(std::string const& dtype) {
  if (dtype == "float") return memory::data_type::f32;
  if (dtype == "bf16") return memory::data_type::bf16;
  throw None{"not in " + dtype};
}

Work product(Request const& r) {
  using Tag = memory::format_tag;
  auto const type = type_of(r.dtype);
  auto const [in, out] = pair_of(r.rest);
  memory::desc const x({r.batch, in}, type, Tag::ab), y({r.batch, out}, type, Tag::ab),
      any({in, out}, type, Tag::any), plain({in, out}, memory::data_type::f32, Tag::ba),
      rows({r.batch, in}, memory::data_type::f32, Tag::ab);
  auto const p = std::make_shared<Product>();
#if DNNL_VERSION_MAJOR >= 3
  dnnl::matmul::primitive_desc const kind(p->engine, x, any, y);
#else
  dnnl::matmul::primitive_desc const kind(dnnl::matmul::desc(x, any, y), p->engine);
#endif
  p->matmul = dnnl::matmul(kind);
  long const count = rotation(in * out * (type == memory::data_type::f32 ? 4 : 2));
  for (long i = 0; i < count; ++i) p->weights.push_back(p->laid(plain, kind.weights_desc(), 1));
  p->x = p->laid(rows, x, 2), p->y = memory(y, p->engine);
  return {static_cast<double>(in) * static_cast<double>(out * r.batch), [p] { p->run(); }};
}

}  // namespace

Peer onednn() {
  auto const* const v = dnnl_version();
  return {.version = std::to_string(v->major) + "." + std::to_string(v->minor) + "." +
                     std::to_string(v->patch),
          .families = {{"product", product}}};
}

}  // namespace peers
