#include <cblas.h>

#include <memory>

#include "libraries.hpp"

namespace peers {
namespace {

struct Product {
  long in = 0, out = 0, rows = 0, count = 0, next = 0;
  std::vector<float> weights{}, x{}, y{};

  void run() {
    auto const n = [](long i) { return static_cast<blasint>(i); };
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n(rows), n(out), n(in), 1, x.data(), n(in),
                weights.data() + next * in * out, n(in), 0, y.data(), n(out));
    next = (next + 1) % count;
  }
};

Work product(Request const& r) {
  if (r.dtype != "float") throw None{"not in " + r.dtype};
  auto const [in, out] = pair_of(r.rest);
  auto const p = std::make_shared<Product>(Product{in, out, r.batch, rotation(in * out * 4)});
  auto const size = [](long n) { return static_cast<std::size_t>(n); };
  p->weights.resize(size(p->count * in * out)), p->x.resize(size(r.batch * in));
  p->y.resize(size(r.batch * out));
  fill(p->weights.data(), p->count * in * out), fill(p->x.data(), r.batch * in, 2);
  return {static_cast<double>(in) * static_cast<double>(out * r.batch), [p] { p->run(); }};
}

}  // namespace

Peer openblas() {
  openblas_set_num_threads(threads());
  return {.version = std::string(openblas_get_config()) + ", runs as " + openblas_get_corename(),
          .families = {{"product", product}}};
}

}  // namespace peers
