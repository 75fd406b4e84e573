// rooflines_gpu SECONDS: lines "kernel, type, milliseconds, GB/s, TFLOP/s, per cent of the roof"
// for the primitives of a ViT-B/16 of 64 images, for SECONDS each at most. A kernel's roof is the
// time that its bytes take at the speed of a copy, or its multiply-accumulates at that of a large
// product, whichever is longer; both are measured here. The two that lose most time beside it are
// named.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "vlpt/autodiff/room.hpp"
#include "vlpt/kernels/counting.hpp"
#include "vlpt/kernels/cuda.hpp"
#include "vlpt/kernels/nothing.hpp"
#include "vlpt/kernels/update.hpp"

namespace {

using vlpt::Index;
using vlpt::Stream;
using vlpt::Sum;
using vlpt::View;
using Clock = std::chrono::steady_clock;

constexpr Index images = 64, tokens = 197, dim = 768, hidden = 3072, heads = 12, prompts = 50;
constexpr Index rows = images * tokens;

/// Where a kernel's operands lie, by number, each as large as the largest; of a counting run,
/// nowhere.
template <class T, class B>
struct Places {
  B const& backend;
  std::vector<T*> at;
  Sum<T>* sums = nullptr;

  [[nodiscard]] View<T> view(std::size_t i, Index n, Index width) const {
    return {at[i], n, width};
  }
  [[nodiscard]] Stream<T> stream(std::size_t i, Index n, Index width) const {
    return {at[i], images, n, width};
  }
  [[nodiscard]] View<Sum<T>> statistics(Index n) const { return {sums, n, 2}; }
};

/// f(name, run) for every kernel that is timed; run(places) asks a backend for it once.
template <class T, class F>
void each_kernel(F const& f) {
  using vlpt::GeluFormula;
  auto const attention = [](auto const& p, Index extra) {
    vlpt::Attention<T> a;
    a.heads = heads, a.scale = Sum<T>(0.125);
    Stream<T const> const qkv(p.stream(0, tokens, 3 * dim)), more(p.at[1], 1, extra, 2 * dim);
    a.query = qkv.columns(0, dim), a.key = qkv.columns(dim, dim),
    a.value = qkv.columns(2 * dim, dim);
    if (extra > 0) a.extra_key = more.columns(0, dim), a.extra_value = more.columns(dim, dim);
    return a;
  };
  auto const forward = [=](Index extra) {
    return [=](auto const& p) {
      p.backend.attend(attention(p, extra), p.stream(2, tokens, dim), p.at[3]);
    };
  };
  auto const reverse = [=](Index extra) {
    return [=](auto const& p) {
      vlpt::AttentionGradients<T> g;
      Stream<T> const d = p.stream(4, tokens, 3 * dim), d_more(p.at[5], 1, extra, 2 * dim);
      g.query = d.columns(0, dim), g.key = d.columns(dim, dim), g.value = d.columns(2 * dim, dim);
      if (extra > 0) g.extra_key = d_more.columns(0, dim), g.extra_value = d_more.columns(dim, dim);
      p.backend.attend_reverse(attention(p, extra), Stream<T const>(p.stream(2, tokens, dim)), g,
                               p.at[3]);
    };
  };
  f("layer norm", [](auto const& p) {
    p.backend.layer_norm(p.view(0, rows, dim), p.view(1, 1, dim), p.view(2, 1, dim), 1e-6,
                         p.view(3, rows, dim), p.statistics(rows));
  });
  f("layer norm, reverse", [](auto const& p) {
    p.backend.layer_norm_reverse(p.view(0, rows, dim), p.view(1, rows, dim), p.statistics(rows),
                                 p.view(2, 1, dim), p.view(3, rows, dim), View<T>{}, View<T>{});
  });
  f("product 768 -> 2304", [](auto const& p) {
    p.backend.linear(p.view(0, rows, dim), p.view(1, 3 * dim, dim), p.view(2, 1, 3 * dim),
                     p.view(3, rows, 3 * dim));
  });
  f("product 768 -> 3072, GELU", [](auto const& p) {
    p.backend.template linear_activate<GeluFormula>(p.view(0, rows, dim), p.view(1, hidden, dim),
                                                    p.view(2, 1, hidden), View<T>{},
                                                    p.view(3, rows, hidden));
  });
  f("product 3072 -> 768, sum", [](auto const& p) {
    p.backend.linear_add(p.view(0, rows, hidden), p.view(1, dim, hidden), p.view(2, 1, dim),
                         p.view(3, rows, dim), p.view(3, rows, dim));
  });
  f("product, reverse, 768 -> 3072", [](auto const& p) {
    p.backend.linear_input(p.view(0, rows, dim), p.view(1, dim, hidden), p.view(2, rows, hidden));
  });
  f("GELU, reverse", [](auto const& p) {
    p.backend.template activate_reverse<GeluFormula>(
        p.view(0, rows, hidden), p.view(1, rows, hidden), p.view(2, rows, hidden));
  });
  f("attention", forward(0)), f("attention, reverse", reverse(0));
  f("attention with 50 prompts", forward(prompts));
  f("attention with 50 prompts, reverse", reverse(prompts));
  f("sum", [](auto const& p) {
    p.backend.add(Stream<T const>(p.stream(0, tokens, dim)), p.stream(1, tokens, dim));
  });
  f("weights of 50 prompts", [](auto const& p) {
    p.backend.template linear_activate<vlpt::ReluFormula>(p.view(0, rows, dim),
                                                          p.view(1, prompts, dim), View<T const>{},
                                                          View<T>{}, p.view(2, rows, prompts));
  });
  f("greatest weight",
    [](auto const& p) { p.backend.row_max(p.view(0, rows, prompts), p.view(1, rows, 1)); });
  f("rows scaled", [](auto const& p) {
    p.backend.scale_rows(p.view(0, rows, 1), p.view(1, rows, dim), p.view(2, rows, dim));
  });
  f("patches", [](auto const& p) {
    p.backend.patches(Stream<T const>(p.stream(0, 3 * 224, 224)), 3, 16, p.stream(1, 196, dim));
  });
  f("softmax",
    [](auto const& p) { p.backend.softmax(p.view(0, rows, dim), p.view(1, rows, dim)); });
}

template <class T>
class Kernels {
  using B = vlpt::Cuda<T>;

 public:
  Kernels(std::string type, vlpt::CudaSettings const& settings, double seconds)
      : type_(std::move(type)), backend_(settings), seconds_(seconds) {
    for (auto& room : rooms_) {
      T* const at = room.reserve(rows * hidden);
      backend_.fill({at, 1, 1, rows * hidden}, T(0.01));
      there_.at.push_back(at);
    }
    there_.sums = sums_.reserve(2 * rows);
    backend_.fill({reinterpret_cast<T*>(there_.sums), 1, 2 * rows, sizeof(Sum<T>) / sizeof(T)},
                  T(0));
  }

  void run() {
    constexpr Index wide = 4096;  // of a product that no memory slows
    double const bytes = 2.0 * rows * hidden * sizeof(T);
    copied_ =
        bytes / time([](auto const& p) {
          p.backend.copy(Stream<T const>(p.stream(0, tokens, hidden)), p.stream(1, tokens, hidden));
        });
    multiplied_ = 1.0 * wide * wide * wide / time([](auto const& p) {
                    p.backend.linear(p.view(0, wide, wide), p.view(1, wide, wide), View<T const>{},
                                     p.view(2, wide, wide));
                  });
    std::cout << "copy\t" << type_ << "\t\t" << copied_ / 1e9 << "\t\t\nlarge product\t" << type_
              << "\t\t\t" << 2 * multiplied_ / 1e12 << "\t\n";
    each_kernel<T>([&](std::string const& name, auto const& kernel) { show(name, kernel); });
    std::ranges::sort(lost_, std::greater{});
    std::cout << "slowest beside their roofs\t" << type_ << "\t" << lost_[0].second << " and "
              << lost_[1].second << "\t\t\t" << std::endl;
  }

 private:
  /// Seconds of one call among many that run one after the other.
  template <class K>
  double time(K const& kernel) {
    auto const measure = [&](int calls) {
      auto const start = Clock::now();
      for (int i = 0; i < calls; ++i) kernel(there_);
      T last;
      vlpt::fetch(backend_, static_cast<T const*>(there_.at[0]), std::span(&last, 1));
      return std::chrono::duration<double>(Clock::now() - start).count();
    };
    (void)measure(3);
    double const once = measure(5) / 5;
    int const calls = std::clamp(static_cast<int>(seconds_ / once / 3), 5, 300);
    double best = measure(calls);
    for (int i = 0; i < 2; ++i) best = std::min(best, measure(calls));
    return best / calls;
  }
  template <class K>
  void show(std::string const& name, K const& kernel) {
    vlpt::Work work;
    vlpt::Counting<vlpt::Nothing<T>> const counting(work);
    kernel(Places<T, vlpt::Counting<vlpt::Nothing<T>>>{counting, std::vector<T*>(rooms), nullptr});
    double const s = time(kernel), bytes = static_cast<double>(work.moved_elements) * sizeof(T);
    auto const macs = static_cast<double>(work.macs());
    double const roof = std::max(bytes / copied_, macs / multiplied_);
    std::cout << name << '\t' << type_ << '\t' << 1e3 * s << '\t' << bytes / s / 1e9 << '\t'
              << 2 * macs / s / 1e12 << '\t' << 100 * roof / s << std::endl;
    lost_.emplace_back(s - roof, name);
  }

  static constexpr std::size_t rooms = 6;
  std::string type_;
  B backend_;
  double seconds_;
  vlpt::Room<T, B> rooms_[rooms];
  vlpt::Room<Sum<T>, B> sums_;
  Places<T, B> there_{backend_, {}, nullptr};
  double copied_ = 0, multiplied_ = 0;  // bytes, multiply-accumulates a second
  std::vector<std::pair<double, std::string>> lost_;
};

}  // namespace

int main(int argc, char** argv) {
  double const seconds = argc > 1 ? std::atof(argv[1]) : 0.2;
  if (vlpt::cuda::devices() == 0) {
    std::cerr << "rooflines_gpu: there is no CUDA device, or no driver for it\n";
    return 77;
  }
  std::cout << "kernel\ttype\tms\tGB/s\tTFLOP/s\t% of the roof\n";
  Kernels<float>("tf32", {.tf32 = true}, seconds).run();
  Kernels<vlpt::bf16>("bf16", {}, seconds).run();
  return 0;
}
