#pragma once
#include "net_work.hpp"
#include "vlpt/models/vision_tower.hpp"

namespace peers {

/// "vit-b16", or "vit-b32": the same with patches of 32 pixels, 50 rows.
[[nodiscard]] inline vlpt::VisionFacts vision_facts(std::string const& name) {
  auto facts = vlpt::facts_of<vlpt::arch::ViT_B16>();
  if (name == "vit-b32")
    facts.patch = 32;
  else if (name != "vit-b16")
    throw None{"no such model: " + name};
  return facts;
}

/// Images of 224 pixels.
struct Images {
  vlpt::Tensor<float> pixels;

  explicit Images(Index batch) : pixels(filled(Shape{batch, 3, 224, 224}, 2)) {}
  template <class Net>
  [[nodiscard]] auto operator()(Net const& net) const {
    return net.stream_of(pixels);
  }
};

/// "deep-50/vit-b32" as its parts.
struct Prompted {
  Index prompts = 0;
  std::string model;

  explicit Prompted(std::string const& rest) {
    auto const dash = rest.find('-'), slash = rest.find('/');
    if (slash == std::string::npos || dash > slash) throw None{"no such policy: " + rest};
    prompts = std::stol(rest.substr(dash + 1)), model = rest.substr(slash + 1);
  }
};

/// A step of a ViT under a policy whose number of prompts is a value; the head, of 100 classes,
/// learns with it.
template <class Prompt>
[[nodiscard]] Work vision_step(Request const& r) {
  return with_weight<float, vlpt::bf16>(r, [&]<class Weight>() {
    using Model = vlpt::VisionTower<vlpt::arch::ViT_B16, Prompt>;
    Prompted const asked(r.rest);
    typename Model::Settings settings{.facts = vision_facts(asked.model), .classes = 100};
    settings.prompt.prompts = asked.prompts;
    return step_work(net_of<Model, Weight>(settings, r.rest), r.batch, Images(r.batch));
  });
}

}  // namespace peers
