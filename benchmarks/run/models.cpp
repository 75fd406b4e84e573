// Whole models: one encoder block and the inference of a ViT-B/16, and a tuning step of the tiny
// backbone under each policy (batch 32: forward, loss, reverse, optimizer).
#include "rate.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/kernels/packed.hpp"
#include "vlpt/models/vision_tower.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/shallow.hpp"
#include "vlpt/train/sgd.hpp"

namespace {

using vlpt::Index;
using vlpt::Shape;
using vlpt::Stream;
namespace arch = vlpt::arch;
namespace prompt = vlpt::prompt;

/// One forward of a block of ViT-B/16, all rows.
void encoder_block(benchmark::State& state) {
  using Block = vlpt::EncoderBlock<vlpt::Gelu, prompt::None>;
  constexpr auto facts = vlpt::facts_of<arch::ViT_B16>();
  Index const batch = state.range(0), tokens = facts.tokens();
  Block const block(facts.at(0, facts.depth), {}, 0);
  vlpt::PackedCpu<float> const cpu;

  vlpt::PlaceParameters<float> place;
  Block::Params<float> params{};
  block.visit<vlpt::InferFlow>(params, place);
  auto weights = rate::normal(Shape{place.frozen_count});
  for (float& w : weights.values) w *= 0.02F;
  place = vlpt::PlaceParameters<float>(weights.data());
  block.visit<vlpt::InferFlow>(params, place);

  auto const run = [&](auto const& backend, vlpt::Arena& scratch, Stream<float const> in,
                       Stream<float> out) {
    vlpt::Arena tape;
    vlpt::Context<std::remove_cvref_t<decltype(backend)>> context{backend, tape, scratch};
    Block::Prepared<float> const prepared{};
    Block::Cache<float, vlpt::InferFlow> cache{};
    block.forward<vlpt::InferFlow>(context, params, prepared, in, out, cache,
                                   vlpt::BlockRun<float>{});
  };
  vlpt::Work work;
  vlpt::Arena plan;
  Stream<float> const null(nullptr, batch, tokens, facts.dim);
  run(vlpt::Counting<vlpt::Nothing<float>>(work), plan, null, null);
  vlpt::Arena measured;
  run(vlpt::DryRun<vlpt::PackedCpu<float>>(cpu), measured, null, null);

  vlpt::HostMemory const memory(measured.peak());
  auto const in = rate::normal(Shape{batch * tokens, facts.dim}, 2);
  vlpt::Tensor<float> out(in.shape);
  for (auto _ : state) {
    vlpt::Arena scratch(memory.data(), memory.size());
    run(cpu, scratch, {in.view(), batch}, {out.view(), batch});
    benchmark::ClobberMemory();
  }
  rate::macs(state, work.macs());
}
BENCHMARK(encoder_block)->ArgName("batch")->Arg(1)->Arg(8)->UseRealTime();

/// Inference of a whole ViT-B/16 to its features.
void vit_b16(benchmark::State& state) {
  vlpt::Net<vlpt::VisionTower<arch::ViT_B16>, vlpt::PackedCpu<float>> const net;
  Index const batch = state.range(0);
  auto const images = rate::normal(Shape{batch, 3, 224, 224});
  vlpt::Tensor<float> out(Shape{batch, net.model().output_width()});
  auto workspace = net.workspace(batch);
  for (auto _ : state) {
    net.predict(net.stream_of(images), out.view(), workspace);
    benchmark::ClobberMemory();
  }
  rate::macs(state, vlpt::cost_of(net.model(), batch).macs);
}
BENCHMARK(vit_b16)->ArgName("batch")->Arg(1)->UseRealTime();

/// One step of tuning the tiny backbone to ten classes.
template <class Prompt>
void tuning_step(benchmark::State& state) {
  using Model = vlpt::VisionTower<arch::TinyViTMae, Prompt>;
  vlpt::Net<Model, vlpt::PackedCpu<float>> net(Model({.classes = 10}));
  Index const batch = state.range(0);
  auto const images = rate::normal(Shape{batch, 1, 28, 28});
  std::vector<Index> labels;
  for (Index i = 0; i < batch; ++i) labels.push_back(i % 10);
  vlpt::Tensor<float> slope(Shape{batch, 10}), loss(Shape{1, 1});
  vlpt::SGD<float> optimizer(std::ssize(net.learnt()));
  std::uint64_t step = 0;
  for (auto _ : state) {
    auto const logits = net.forward(net.stream_of(images), ++step);
    net.backend().cross_entropy(logits, labels.data(), {}, slope.view(), loss.view());
    net.zero_gradients();
    net.backward(std::as_const(slope).view());
    optimizer.step(net.learnt(), net.gradients(), 1e-3);
    benchmark::ClobberMemory();
  }
  auto const cost = vlpt::cost_of(net.model(), batch);
  rate::macs(state, cost.prepare.macs() + cost.macs + cost.backward_macs);
}
BENCHMARK_TEMPLATE(tuning_step, prompt::None)->ArgName("batch")->Arg(32)->UseRealTime();
BENCHMARK_TEMPLATE(tuning_step, prompt::Shallow<8>)->ArgName("batch")->Arg(32)->UseRealTime();
BENCHMARK_TEMPLATE(tuning_step, prompt::Deep<8>)->ArgName("batch")->Arg(32)->UseRealTime();

}  // namespace
