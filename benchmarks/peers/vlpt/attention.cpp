// Self-attention of twelve heads of width 64, from the product that made queries, keys and values.
#include <memory>

#include "vlpt/core/tensor.hpp"
#include "weight.hpp"

namespace peers {
namespace {

using vlpt::Index;
using vlpt::Shape;
using vlpt::Stream;

template <class Weight>
struct SelfAttention {
  static constexpr Index dim = 768;
  Index batch, tokens;
  vlpt::PackedCpu<Weight> cpu{threads()};
  vlpt::Tensor<float> qkv{Shape{batch * tokens, 3 * dim}}, out{Shape{batch * tokens, dim}};
  vlpt::Attention<float> attention;
  std::vector<float> scratch;

  SelfAttention(Index b, Index n) : batch(b), tokens(n) {
    fill(qkv.data(), qkv.size());
    Stream<float const> const all(std::as_const(qkv).view(), batch);
    attention = {.heads = 12,
                 .scale = 0.125F,
                 .query = all.columns(0, dim),
                 .key = all.columns(dim, dim),
                 .value = all.columns(2 * dim, dim),
                 .extra_key = {},
                 .extra_value = {}};
    scratch.resize(static_cast<std::size_t>(cpu.attention_scratch(attention)));
  }
  void run() { cpu.attend(attention, Stream<float>(out.view(), batch), scratch.data()); }
};

}  // namespace

Work attention(Request const& r) {
  return with_weight<float, vlpt::bf16>(r, [&]<class Weight>() -> Work {
    auto const a = std::make_shared<SelfAttention<Weight>>(r.batch, std::stol(r.rest));
    return {2. * static_cast<double>(a->batch * a->tokens * a->tokens * a->dim), [a] { a->run(); }};
  });
}

}  // namespace peers
