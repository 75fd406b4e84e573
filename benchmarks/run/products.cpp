// Matrix products as the layers of a ViT-B/16 and of the tiny backbone ask for them.
#include "rate.hpp"
#include "vlpt/kernels/packed.hpp"

namespace {

using vlpt::Index;
using vlpt::Shape;

/// rows, inputs, outputs
void shapes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"rows", "in", "out"});
  b->Args({197, 768, 2304})->Args({197, 768, 768})->Args({197, 768, 3072})->Args({197, 3072, 768});
  b->Args({1, 768, 768})->Args({1576, 768, 3072});                        // one row; batch 8
  b->Args({50, 128, 384})->Args({50, 128, 512})->Args({1600, 128, 512});  // tiny; batch 32
  b->UseRealTime();
}

void linear(benchmark::State& state) {
  Index const rows = state.range(0), in = state.range(1), out = state.range(2);
  vlpt::PackedCpu<float> const cpu;
  auto const x = rate::normal(Shape{rows, in}), w = rate::normal(Shape{out, in}, 2),
             b = rate::normal(Shape{1, out}, 3);
  vlpt::Tensor<float> y(Shape{rows, out});
  for (auto _ : state) {
    cpu.linear(x.view(), w.view(), b.view(), y.view());
    benchmark::ClobberMemory();
  }
  rate::macs(state, rows * in * out);
}
BENCHMARK(linear)->Apply(shapes);

void linear_input(benchmark::State& state) {
  Index const rows = state.range(0), in = state.range(1), out = state.range(2);
  vlpt::PackedCpu<float> const cpu;
  auto const dy = rate::normal(Shape{rows, out}), w = rate::normal(Shape{out, in}, 2);
  vlpt::Tensor<float> dx(Shape{rows, in});
  for (auto _ : state) {
    cpu.linear_input(dy.view(), w.view(), dx.view());
    benchmark::ClobberMemory();
  }
  rate::macs(state, rows * in * out);
}
BENCHMARK(linear_input)->Apply(shapes);

void linear_weight(benchmark::State& state) {
  Index const rows = state.range(0), in = state.range(1), out = state.range(2);
  vlpt::PackedCpu<float> const cpu;
  auto const dy = rate::normal(Shape{rows, out}), x = rate::normal(Shape{rows, in}, 2);
  vlpt::Tensor<float> dw(Shape{out, in}), db(Shape{1, out});
  for (auto _ : state) {
    cpu.linear_weight(dy.view(), x.view(), dw.view(), db.view());
    benchmark::ClobberMemory();
  }
  rate::macs(state, rows * in * out);
}
BENCHMARK(linear_weight)->Apply(shapes);

}  // namespace
