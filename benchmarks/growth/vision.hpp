#pragma once
#include "subject.hpp"
#include "vlpt/models/vision_tower.hpp"

namespace growth {

/// Images of some size.
struct Pixels {
  vlpt::Tensor<float> pixels;

  Pixels(Index batch, Index image) : pixels(peers::filled(Shape{batch, 3, image, image}, 2)) {}
  template <class Net>
  [[nodiscard]] auto operator()(Net const& net) const {
    return net.stream_of(pixels);
  }
};

/// What is asked of a vision transformer of ViT-B's width; a policy without prompts does not read
/// their number.
struct Vision {
  vlpt::VisionFacts facts = vlpt::facts_of<vlpt::arch::ViT_B16>();
  Index batch = 1, prompts = 0;

  /// With patches of 32 pixels, 50 rows.
  [[nodiscard]] static Vision b32(Index batch, Index prompts = 0) {
    Vision v{.batch = batch, .prompts = prompts};
    v.facts.patch = 32;
    return v;
  }
};

/// A step has a head of 100 classes, which learns as well.
template <Kind kind, class Prompt, class Skip = vlpt::skip::Dense>
[[nodiscard]] Subject vision(Vision const& asked, Prompt prompt = {}, Skip skip = {}) {
  using Model = vlpt::VisionTower<vlpt::arch::ViT_B16, Prompt, Skip>;
  if constexpr (requires { prompt.prompts = 1; }) prompt.prompts = asked.prompts;
  typename Model::Settings const settings{.facts = asked.facts,
                                          .prompt = prompt,
                                          .skip = skip,
                                          .classes = kind == Kind::step ? 100 : 0};
  return subject<kind, Model>(settings, asked.batch, Pixels(asked.batch, asked.facts.image));
}

using VisionMaker = Subject (*)(Vision const&);

[[nodiscard]] Subject vision_none(Vision const&);
[[nodiscard]] Subject vision_shallow(Vision const&);
[[nodiscard]] Subject vision_deep(Vision const&);
[[nodiscard]] Subject vision_approximated(Vision const&);
[[nodiscard]] Subject vision_gated(Vision const&);
[[nodiscard]] Subject vision_adapter(Vision const&);           // width 96
[[nodiscard]] Subject vision_parallel_adapter(Vision const&);  // width 96
[[nodiscard]] Subject vision_lora(Vision const&);              // rank 4
[[nodiscard]] Subject vision_ladder(Vision const&);            // 4 times narrower
/// DAS: layers 4, 5, 10 and 11 of twelve left out over short-cuts of 192, adapters of 96 beside the
/// others.
[[nodiscard]] Subject vision_das(Vision const&);

[[nodiscard]] Subject vision_shallow_step(Vision const&);
[[nodiscard]] Subject vision_deep_step(Vision const&);
[[nodiscard]] Subject vision_approximated_step(Vision const&);

}  // namespace growth
