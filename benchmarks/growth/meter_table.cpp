#include "meter.hpp"

namespace growth {
namespace {

using vlpt::Stream;
using vlpt::View;

constexpr auto facts = vlpt::two_stream_facts<vlpt::arch::METER_B16_384>();
constexpr Index dim = facts.dim, prompts = 200, attentions = 4 * facts.depth;
constexpr Index rows = peers::MeterInput::words + facts.image.tokens();  // of both streams

/// What all attentions share, and a weight for each, so that weights come from memory.
struct Products {
  vlpt::PackedCpu<float> cpu{peers::threads()};
  vlpt::Tensor<float> weights = peers::filled(Shape{attentions * 3 * dim, dim});
  vlpt::Tensor<float> given = peers::filled(Shape{prompts, dim}, 2),
                      query = peers::filled(Shape{rows, dim}, 3);
  vlpt::Tensor<float> projected{Shape{prompts, 3 * dim}}, out{Shape{rows, dim}};
  std::vector<float> scratch;

  [[nodiscard]] View<float const> weight(Index i) const {
    return {weights.data() + i * 3 * dim * dim, 3 * dim, dim};
  }
  [[nodiscard]] vlpt::Attention<float> attention() const {
    Stream<float const> const all(projected.view(), 1);
    return {.heads = facts.heads,
            .scale = 0.125F,
            .query = {query.view(), 1},
            .key = all.columns(dim, dim),
            .value = all.columns(2 * dim, dim),
            .extra_key = {},
            .extra_value = {}};
  }
  template <class B>
  void run(B const& backend) {
    for (Index i = 0; i < attentions; ++i) {
      backend.linear(std::as_const(given).view(), weight(i), View<float const>{}, projected.view());
      backend.attend(attention(), Stream<float>(out.view(), 1), scratch.data());
    }
  }
};

}  // namespace

Subject meter_table() {
  auto const p = std::make_shared<Products>();
  std::vector<View<float const>> all;
  for (Index i = 0; i < attentions; ++i) all.push_back(p->weight(i));
  p->cpu.hold(all);
  p->scratch.resize(static_cast<std::size_t>(p->cpu.attention_scratch(p->attention())));

  vlpt::Work work;
  p->run(vlpt::Counting<vlpt::Nothing<float>>(work));
  Subject out;
  out.macs = static_cast<double>(work.macs());
  out.fvcore = static_cast<double>(vlpt::convention::fvcore(work));
  out.run = [p] { p->run(p->cpu); };
  out.run();
  return out;
}

}  // namespace growth
