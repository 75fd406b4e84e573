#pragma once
#include <string_view>
#include <variant>

#include "vlpt/models/arch/single_stream.hpp"
#include "vlpt/models/arch/text_encoder.hpp"
#include "vlpt/models/arch/two_stream.hpp"
#include "vlpt/models/text_tower_facts.hpp"

namespace vlpt::io {

// What a folder may hold: one small value for each family of models.

/// A Vision Transformer: ViT, MAE, MoCo v3, DeiT, CLIP's image tower on its own.
struct VisionFamily {
  static constexpr std::string_view name = "a vision transformer";
  VisionFacts facts;
  Index classes = 0;  // of the head in the file; 0: it has none
};
/// Two towers that meet in one space: CLIP.
struct DualFamily {
  static constexpr std::string_view name = "a dual encoder";
  VisionFacts facts;
  TextTowerFacts text;
};
/// Words and patches in one stream: ViLT.
struct SingleStreamFamily {
  static constexpr std::string_view name = "a single-stream model";
  SingleStreamFacts facts;
  Index classes = 0;      // of the head in the file; 0: it has none
  Index head_hidden = 0;  // of a head with two products
  Index images = 1;       // that the head reads together: 2 in NLVR2
};
/// Two streams that read each other: METER.
struct TwoStreamFamily {
  static constexpr std::string_view name = "a two-stream model";
  TwoStreamFacts facts;
  Index classes = 0;      // of the head in the file; 0: it has none
  Index head_hidden = 0;  // of a head with two products
  Index images = 1;       // that the head reads together: 2 in NLVR2
};

/// Words alone: BERT, RoBERTa, MiniLM.
struct TextFamily {
  static constexpr std::string_view name = "a text encoder";
  TextEncoderFacts facts;
  Index classes = 0;  // of the head in the file; 0: it has none
};

using Family =
    std::variant<VisionFamily, DualFamily, SingleStreamFamily, TwoStreamFamily, TextFamily>;

/// "a dual encoder".
[[nodiscard]] inline std::string_view family_name(Family const& family) {
  return std::visit([](auto const& f) { return f.name; }, family);
}

}  // namespace vlpt::io
