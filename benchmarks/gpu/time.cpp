// time_gpu SECONDS: lines "work, backend, milliseconds" of ViT-B/16 and METER on a GPU, for SECONDS
// a work at most. Images come from the host each time, and a forward's features go back to it.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <type_traits>
#include <vector>

#include "vlpt/autodiff/net.hpp"
#include "vlpt/core/real.hpp"
#include "vlpt/kernels/cuda.hpp"
#include "vlpt/models/roberta_positions.hpp"
#include "vlpt/models/two_stream.hpp"
#include "vlpt/models/vision_tower.hpp"
#include "vlpt/policies/prompt/approximated.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/none.hpp"
#include "vlpt/policies/skip/planned.hpp"

namespace {

using vlpt::Index;
using Clock = std::chrono::steady_clock;

double seconds_of(auto const& run) {
  auto const start = Clock::now();
  run();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The median time of a run that ends when the device has; the first ones, which choose algorithms
/// and make room, are left out.
double median_ms(double most_seconds, auto const& run) {
  for (int i = 0; i < 3; ++i) run();
  std::vector<double> times;
  for (double all = 0; all < most_seconds && times.size() < 50; all += times.back())
    times.push_back(seconds_of(run));
  auto const middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return 1e3 * *middle;
}

template <class T>
void say(std::string const& work, vlpt::CudaSettings const& settings, double ms) {
  bool const halves = std::is_same_v<T, vlpt::bf16>;
  std::cout << work << "\tvlpt "
            << (halves          ? "bf16"
                : settings.tf32 ? "tf32"
                                : "float")
            << (settings.deterministic ? "" : ", measured")
            << (settings.tanh_gelu ? ", tanh GELU" : "") << (settings.graphs ? "" : ", no graphs")
            << '\t' << ms << std::endl;
}

template <class T>
vlpt::Tensor<T> images(Index batch, Index side = 224) {
  vlpt::Tensor<T> t(vlpt::Shape{batch, 3, side, side});
  for (Index i = 0; i < t.size(); ++i) t[i] = static_cast<T>(static_cast<float>(i % 255) / 127 - 1);
  return t;
}

/// Frozen tensors of any values: drawing them from their laws takes seconds a net.
template <class Net>
void fill_frozen(Net& net) {
  for (auto const& r : net.parameters()) {
    if (r.learns) continue;
    std::vector<typename Net::T> values(static_cast<std::size_t>(r.shape.size()));
    std::uint32_t bits = 1;
    for (auto& v : values) {
      bits = bits * 1664525U + 1013904223U;
      v = static_cast<typename Net::T>((static_cast<float>(bits >> 8) / 8388608.0F - 1) * 0.04F);
    }
    net.write(r, values);
  }
  net.touch();
}

template <class T>
void forward(Index batch, vlpt::CudaSettings const& settings, double seconds) {
  using Model = vlpt::VisionTower<vlpt::arch::ViT_B16>;
  //! [net]
  vlpt::Net<Model, vlpt::Cuda<T>> net(Model{}, {.draw = vlpt::Draw::learnt},
                                      vlpt::Cuda<T>(settings));
  //! [net]
  fill_frozen(net);
  auto const pictures = images<T>(batch);
  vlpt::Tensor<T> out(vlpt::Shape{batch, net.model().output_width()});
  auto room = net.workspace(batch);
  say<T>("forward, batch " + std::to_string(batch), settings,
         median_ms(seconds, [&] { net.predict(net.stream_of(pictures), out.view(), room); }));
}

/// Forward and reverse of inputs that the host gives, for a gradient of the outputs that is there;
/// no optimizer.
template <class T, class Model, class Input>
void step(std::string const& name, typename Model::Settings const& of, Input const& input,
          vlpt::CudaSettings const& settings, double seconds) {
  vlpt::Net<Model, vlpt::Cuda<T>> net(Model(of), {.draw = vlpt::Draw::learnt},
                                      vlpt::Cuda<T>(settings));
  fill_frozen(net);
  auto const d_out = net.d_out(input.batch);
  net.backend().fill(vlpt::Stream<T>(d_out, 1), T(0.01F));
  std::uint64_t number = 0;
  say<T>("step, " + name + ", batch " + std::to_string(input.batch), settings,
         median_ms(seconds, [&] {
           (void)net.forward(input, ++number);
           net.zero_gradients();
           net.backward(vlpt::View<T const>(d_out));
           (void)vlpt::fetched(net.backend(), net.gradients());
         }));
}

/// Of a ViT-B/16.
template <class T, class Prompt>
void step(std::string const& policy, Index prompts, vlpt::CudaSettings const& settings,
          double seconds) {
  using Model = vlpt::VisionTower<vlpt::arch::ViT_B16, Prompt>;
  typename Model::Settings of{.classes = 100};
  if constexpr (requires { of.prompt.prompts; }) of.prompt.prompts = prompts;
  auto const pictures = images<T>(64);
  step<T, Model>(policy, of, vlpt::Stream<T const>(pictures.data(), 64, 3 * 224, 224), settings,
                 seconds);
}

/// Of a METER-B/16 at 384 pixels, without four of its twelve layers that cross: short-cuts of width
/// 192 over them, adapters of width 96 beside the others.
template <class T>
void step_das(vlpt::CudaSettings const& settings, double seconds) {
  constexpr Index batch = 16, words = 40, side = vlpt::arch::METER_B16_384::image;
  using Model =
      vlpt::TwoStream<vlpt::arch::METER_B16_384, vlpt::prompt::None, vlpt::skip::Planned<96, 192>>;
  auto of = Model::Settings::of({.text = words});
  of.skip.plan = vlpt::SkipPlan(12, {4, 5, 10, 11});
  of.classes = 100, of.dropout = 0;
  std::vector<Index> const ids(batch * words, 7);
  auto const positions = vlpt::roberta_positions(ids, words);
  auto const pictures = images<T>(batch, side);
  vlpt::TextImages<T const> const input{batch,           words,
                                        ids.data(),      nullptr,
                                        nullptr,         {pictures.data(), batch, 3 * side, side},
                                        positions.data()};
  step<T, Model>("DAS 4 on METER", of, input, settings, seconds);
}

template <class T>
void works(vlpt::CudaSettings const& settings, double seconds) {
  namespace prompt = vlpt::prompt;
  forward<T>(256, settings, seconds), forward<T>(1, settings, seconds);
  step<T, prompt::None>("head alone", 0, settings, seconds);
  for (Index const n : {50, 200}) {
    step<T, prompt::Deep<vlpt::dynamic>>("Deep " + std::to_string(n), n, settings, seconds);
    step<T, prompt::Approximated<vlpt::dynamic>>("APT " + std::to_string(n), n, settings, seconds);
  }
  step_das<T>(settings, seconds);
}

}  // namespace

int main(int argc, char** argv) {
  double const seconds = argc > 1 ? std::atof(argv[1]) : 2;
  if (vlpt::cuda::devices() == 0) {
    std::cerr << "time_gpu: there is no CUDA device, or no driver for it\n";
    return 77;
  }
  works<float>({}, seconds);
  works<float>({.tf32 = true}, seconds);
  works<vlpt::bf16>({}, seconds), works<vlpt::bf16>({.graphs = false}, seconds);
  works<vlpt::bf16>({.deterministic = false}, seconds);
  works<vlpt::bf16>({.deterministic = false, .tanh_gelu = true}, seconds);
  return 0;
}
