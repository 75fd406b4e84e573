// Attention of twelve heads of width 64 over 50 (patch 32), 197 (patch 16) and 577 (384 pixels)
// tokens; the tiny backbone's four heads of width 32, at batch 32.
#include "rate.hpp"
#include "vlpt/kernels/counting.hpp"
#include "vlpt/kernels/nothing.hpp"
#include "vlpt/kernels/packed.hpp"

namespace {

using vlpt::Index;
using vlpt::Stream;

struct Setting {
  Index batch, tokens, heads, dim;
  vlpt::Tensor<float> qkv{rate::normal(vlpt::Shape{batch * tokens, 3 * dim})};
  vlpt::Tensor<float> out{vlpt::Shape{batch * tokens, dim}};
  vlpt::Tensor<float> gradient{vlpt::Shape{batch * tokens, 3 * dim}};

  [[nodiscard]] vlpt::Attention<float> attention() const {
    Stream<float const> const all(qkv.view(), batch);
    return {.heads = heads,
            .scale = 0.125F,
            .query = all.columns(0, dim),
            .key = all.columns(dim, dim),
            .value = all.columns(2 * dim, dim),
            .extra_key = {},
            .extra_value = {}};
  }
  [[nodiscard]] vlpt::AttentionGradients<float> gradients() {
    Stream<float> const all(gradient.view(), batch);
    return {all.columns(0, dim), all.columns(dim, dim), all.columns(2 * dim, dim), {}, {}};
  }
};

Setting setting(benchmark::State const& s) {
  return {.batch = s.range(0), .tokens = s.range(1), .heads = s.range(2), .dim = s.range(3)};
}
void settings(benchmark::internal::Benchmark* b) {
  b->ArgNames({"batch", "tokens", "heads", "dim"});
  for (Index tokens : {50, 197, 577}) b->Args({1, tokens, 12, 768});
  b->Args({32, 50, 4, 128})->UseRealTime();
}

void attend(benchmark::State& state) {
  Setting s = setting(state);
  vlpt::PackedCpu<float> const cpu;
  auto const a = s.attention();
  std::vector<float> scratch(static_cast<std::size_t>(cpu.attention_scratch(a)));
  for (auto _ : state) {
    cpu.attend(a, Stream<float>(s.out.view(), s.batch), scratch.data());
    benchmark::ClobberMemory();
  }
  vlpt::Work work;
  vlpt::Counting<vlpt::Nothing<float>>(work).attend(a, {}, nullptr);
  rate::macs(state, work.macs());
}
BENCHMARK(attend)->Apply(settings);

void attend_reverse(benchmark::State& state) {
  Setting s = setting(state);
  vlpt::PackedCpu<float> const cpu;
  auto const a = s.attention();
  auto const to = s.gradients();
  std::vector<float> scratch(static_cast<std::size_t>(cpu.attention_scratch(a)));
  for (auto _ : state) {
    cpu.attend_reverse(a, Stream<float>(s.out.view(), s.batch), to, scratch.data());
    benchmark::ClobberMemory();
  }
  vlpt::Work work;
  vlpt::Counting<vlpt::Nothing<float>>(work).attend_reverse(a, {}, to, nullptr);
  rate::macs(state, work.macs());
}
BENCHMARK(attend_reverse)->Apply(settings);

}  // namespace
