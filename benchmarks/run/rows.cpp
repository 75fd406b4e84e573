// What goes over rows once: layer norm and GELU, of one ViT-B/16 image and of a tiny batch of 32.
#include "rate.hpp"
#include "vlpt/kernels/packed.hpp"

namespace {

using vlpt::Index;
using vlpt::Shape;
using vlpt::Tensor;

void shapes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"rows", "dim"})->Args({197, 768})->Args({197, 3072})->Args({1600, 128});
  b->UseRealTime();
}

void layer_norm(benchmark::State& state) {
  Shape const shape{state.range(0), state.range(1)};
  vlpt::PackedCpu<float> const cpu;
  auto const x = rate::normal(shape), gamma = rate::normal(Shape{1, shape[1]}, 2),
             beta = rate::normal(Shape{1, shape[1]}, 3);
  Tensor<float> y(shape), stats(Shape{shape[0], 2});
  for (auto _ : state) {
    cpu.layer_norm(x.view(), gamma.view(), beta.view(), 1e-6, y.view(), stats.view());
    benchmark::ClobberMemory();
  }
  rate::bytes(state, 2 * shape.size() * 4);
}
BENCHMARK(layer_norm)->Apply(shapes);

void layer_norm_reverse(benchmark::State& state) {
  Shape const shape{state.range(0), state.range(1)};
  vlpt::PackedCpu<float> const cpu;
  auto const x = rate::normal(shape), gamma = rate::normal(Shape{1, shape[1]}, 2);
  Tensor<float> dx(shape), y(shape), stats(Shape{shape[0], 2});
  cpu.layer_norm(x.view(), gamma.view(), gamma.view(), 1e-6, y.view(), stats.view());
  for (auto _ : state) {
    cpu.layer_norm_reverse(y.view(), x.view(), stats.view(), gamma.view(), dx.view(), {}, {});
    benchmark::ClobberMemory();
  }
  rate::bytes(state, 3 * shape.size() * 4);
}
BENCHMARK(layer_norm_reverse)->Apply(shapes);

void gelu(benchmark::State& state) {
  Shape const shape{state.range(0), state.range(1)};
  vlpt::PackedCpu<float> const cpu;
  auto const x = rate::normal(shape);
  Tensor<float> y(shape);
  for (auto _ : state) {
    cpu.activate<vlpt::GeluFormula>(x.view(), y.view());
    benchmark::ClobberMemory();
  }
  rate::bytes(state, 2 * shape.size() * 4);
}
BENCHMARK(gelu)->Apply(shapes);

void gelu_reverse(benchmark::State& state) {
  Shape const shape{state.range(0), state.range(1)};
  vlpt::PackedCpu<float> const cpu;
  auto const x = rate::normal(shape), dy = rate::normal(shape, 2);
  Tensor<float> dx(shape);
  for (auto _ : state) {
    cpu.activate_reverse<vlpt::GeluFormula>(dy.view(), x.view(), dx.view());
    benchmark::ClobberMemory();
  }
  rate::bytes(state, 3 * shape.size() * 4);
}
BENCHMARK(gelu_reverse)->Apply(shapes);

}  // namespace
