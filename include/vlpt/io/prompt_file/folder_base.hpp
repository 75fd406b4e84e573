#pragma once
#include <type_traits>
#include <utility>
#include <variant>

#include "vlpt/io/model_folder.hpp"
#include "vlpt/io/preprocess_facts.hpp"
#include "vlpt/io/prompt_file/base_model.hpp"
#include "vlpt/models/dual_encoder.hpp"
#include "vlpt/models/single_stream.hpp"
#include "vlpt/models/text_encoder.hpp"
#include "vlpt/models/two_stream.hpp"
#include "vlpt/models/vision_tower.hpp"
#include "vlpt/ops/any_gelu.hpp"

namespace vlpt::io {

/// The model of a folder, for conversions; the folder must outlive it. `first_row`: whether a
/// learnt row replaces the first word of a single stream, as in APT's code and not in DAS's.
[[nodiscard]] inline BaseModel base_model(ModelFolder const& folder, bool first_row = true) {
  auto const of = [&]<class F>(F const& family) {
    if constexpr (std::is_same_v<F, VisionFamily>) {
      return base_model(VisionTower<arch::Dynamic<AnyGelu>>({.facts = family.facts}),
                        folder.checkpoint, folder.naming);
    } else if constexpr (std::is_same_v<F, DualFamily>) {
      using Model = DualEncoder<arch::DynamicDual<AnyGelu>>;
      return base_model(Model({.facts = family.facts, .text = family.text}), folder.checkpoint,
                        folder.naming);
    } else if constexpr (std::is_same_v<F, SingleStreamFamily>) {
      using Model = SingleStream<arch::DynamicSingleStream<>>;
      return base_model(Model({.facts = family.facts, .replaces_first = first_row}),
                        folder.checkpoint, folder.naming);
    } else if constexpr (std::is_same_v<F, TextFamily>) {
      return base_model(TextEncoder<arch::DynamicText>({.facts = family.facts}), folder.checkpoint,
                        folder.naming);
    } else {
      static_assert(std::is_same_v<F, TwoStreamFamily>, "a family that has no base model here");
      return base_model(TwoStream<arch::DynamicTwoStream<>>({.facts = family.facts}),
                        folder.checkpoint, folder.naming);
    }
  };
  BaseModel out = std::visit(of, folder.family);
  if (folder.pictures) out.preprocess = preprocess_facts(*folder.pictures);
  out.class_names = folder.labels;
  return out;
}

}  // namespace vlpt::io
