#pragma once
#include "row.hpp"
#include "vlpt/models/dual_encoder.hpp"
#include "vlpt/models/vision_tower.hpp"
#include "vlpt/policies/prompt/none.hpp"

// ViT-B/16 and CLIP B/16 at 224 pixels, 197 rows.
namespace papers {

using Vit = VisionTower<arch::ViT_B16, prompt::None>;

[[nodiscard]] constexpr Vit::Settings vit_with(Index classes) {
  Vit::Settings settings;
  settings.classes = classes;
  return settings;
}
template <Index Classes>
inline constexpr Index vit_macs = macs_under<Vit>(convention::naive, vit_with(Classes));
inline constexpr Index vit_params = parameters<Vit>(vit_with(1000)).params;

/// Both of CLIP's towers, one class.
using Clip = DualEncoder<arch::ClipB16>;
inline constexpr Index clip_macs = fvcore<Clip>(Clip::Settings{});

}  // namespace papers
