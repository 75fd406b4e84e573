#pragma once
#include <string>
#include <vector>

#include "vlpt/autodiff/net.hpp"
#include "vlpt/models/vision_tower.hpp"

namespace vlpt::test {

/// A Vision Transformer small enough for plain loops: 5 rows of width 8, three layers.
struct Tiny : arch::Vision {
  static constexpr std::string_view name = "tiny";
  static constexpr Index image = 8, channels = 2, patch = 4, dim = 8, depth = 3, heads = 2,
                         hidden = 12;
};

/// The same with what sets CLIP's image tower apart, and one layer only.
struct TinyClip : Tiny {
  using Activation = QuickGelu;
  static constexpr Index depth = 1, projection = 6;
  static constexpr bool patch_bias = false, qkv_bias = false, pre_norm = true,
                        learned_positions = false;
};

/// Standard normal values, the same for every scalar up to rounding.
template <class T>
[[nodiscard]] Tensor<T> normal(Shape shape, std::uint64_t id) {
  Tensor<T> t(shape);
  Random const r{77, id};
  for (Index i = 0; i < t.size(); ++i)
    t[i] = static_cast<T>(r.normal(static_cast<std::uint64_t>(i)));
  return t;
}
template <class T>
[[nodiscard]] Tensor<T> images(Index batch, VisionFacts const& f) {
  return normal<T>(Shape{batch, f.channels, f.image, f.image}, 1);
}

/// Values that no initial law gives: every parameter matters, no gradient is zero by symmetry.
template <class Model, class B>
void randomise(Net<Model, B>& net) {
  using T = typename B::Scalar;
  std::uint64_t id = 100;
  for (auto const& p : net.parameters()) {
    Random const r{78, id++};
    bool const gain = p.shape.rank == 1 && p.name.ends_with("weight");
    std::vector<T> values;
    for (Index i = 0; i < p.shape.size(); ++i)
      values.push_back(
          static_cast<T>((gain ? 1.0 : 0.0) + 0.4 * r.normal(static_cast<std::uint64_t>(i))));
    net.write(p, values);
  }
  net.touch();
}

/// A tower with three classes, its pooling, dropout in the blocks, and dropout of its prompts.
template <class Model>
[[nodiscard]] Model tower(Pool pool, double dropout = 0, double prompt_dropout = 0) {
  typename Model::Settings s;
  s.facts.pool = pool;
  s.classes = 3;
  s.dropout = dropout;
  if constexpr (requires { s.prompt.dropout; }) s.prompt.dropout = prompt_dropout;
  if constexpr (requires { s.prompt.prompts = Index{2}; }) s.prompt.prompts = 2;
  return Model(s);
}

/// The poolings that a model has: without prompts there is no mean over them.
template <class Model>
[[nodiscard]] std::vector<Pool> poolings() {
  std::vector<Pool> all{Pool::class_row, Pool::mean_all, Pool::mean_image};
  if (has(Model::PromptType::sites, Site::token_rows | Site::layer_rows))
    all.push_back(Pool::mean_prompts);
  return all;
}

}  // namespace vlpt::test
