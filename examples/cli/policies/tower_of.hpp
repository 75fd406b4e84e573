#pragma once
#include "../classifier.hpp"
#include "vlpt/io/dispatch.hpp"
#include "vlpt/models/vision_tower.hpp"

namespace vlpt::cli {

/// A model of the program: a Vision Transformer from a folder, under a policy of the library. What
/// will be loaded into it, if anything, is judged here.
template <class Model>
[[nodiscard]] Model tower_of(io::ModelFolder const& folder, typename Model::PromptType prompt,
                             typename Model::SkipType skip, ClassifierSettings const& s) {
  typename Model::Settings settings{
      .facts = io::require_arch<typename Model::ArchType>(folder).facts,
      .prompt = prompt,
      .skip = skip,
      .classes = s.classes};
  // With a few images a class, a head that starts at zero beats VPT's random one by a point or
  // two.
  settings.head_init = settings.head_bias = Init::zero();
  if (s.pool) settings.facts.pool = *s.pool;
  Model out(settings);
  if (s.delta != nullptr) (void)io::check_delta(*s.delta, out);
  return out;
}

}  // namespace vlpt::cli
