#pragma once
#include <numeric>

#include "vlpt/autodiff/net.hpp"
#include "vlpt/kernels/cpu/extern.hpp"
#include "vlpt/models/vision_tower.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/train/adamw.hpp"
#include "vlpt/train/groups.hpp"
#include "vlpt/train/loop.hpp"

namespace vlpt::test {

struct TinyArch : arch::Vision {
  static constexpr std::string_view name = "tiny";
  static constexpr Index image = 8, channels = 1, patch = 4, dim = 8, depth = 2, heads = 2;
  static constexpr Index hidden = 12;
  static constexpr Pool pool = Pool::mean_all;
};

/// Pictures of noise around a level that tells the class: learnable, and different each.
class Levels {
 public:
  explicit Levels(Index count) : count_(count) {}
  [[nodiscard]] Index size() const { return count_; }
  [[nodiscard]] Index label(Index i) const { return i % 3; }
  [[nodiscard]] std::vector<std::string> const& class_names() const { return names_; }
  void image(Index i, io::Image& out) const {
    out.resize(8, 8, 1);
    Random const random{.seed = 5, .stream = static_cast<std::uint64_t>(i)};
    for (std::size_t p = 0; p < out.pixels.size(); ++p)
      out.pixels[p] = static_cast<std::uint8_t>(60 * label(i) + random.below(p, 60));
  }

 private:
  Index count_;
  std::vector<std::string> names_{"dark", "middle", "light"};
};
static_assert(io::Dataset<Levels>);

[[nodiscard]] inline std::vector<Index> all_of(Levels const& data) {
  std::vector<Index> order(static_cast<std::size_t>(data.size()));
  std::iota(order.begin(), order.end(), Index{0});
  return order;
}
[[nodiscard]] inline io::Preprocess tiny_preprocess() {
  return {.size = 8, .channels = 1, .mean = {0.4}, .std = {0.3}};
}

template <class Prompt = prompt::Deep<2>, class Learn = learn::Policy>
using TinyModel = VisionTower<TinyArch, Prompt, skip::Dense, Learn>;

template <class Prompt = prompt::Deep<2>, class Learn = learn::Policy>
[[nodiscard]] auto tiny_net(double dropout = 0, std::uint64_t seed = 1) {
  using Model = TinyModel<Prompt, Learn>;
  typename Model::Settings settings{.classes = 3, .dropout = dropout};
  if constexpr (requires { settings.prompt.dropout; }) settings.prompt.dropout = dropout;
  return Net<Model, Cpu<float>>{Model{settings}, {.seed = seed}, Cpu<float>(2)};
}

}  // namespace vlpt::test
