// expect: OneKindOfRows
// Token rows persist, layer rows are replaced: one policy cannot have both.
#include "vlpt/models/vision_tower.hpp"

struct Twice {
  static constexpr std::string_view name = "twice";
  static constexpr vlpt::Site sites = vlpt::Site::token_rows | vlpt::Site::layer_rows;
  [[nodiscard]] constexpr vlpt::PromptRows token_rows(vlpt::LayerFacts const& f) const {
    return {.count = 2, .dim = f.dim};
  }
  [[nodiscard]] constexpr vlpt::PromptRows layer_rows(vlpt::LayerFacts const& f) const {
    return {.count = 3, .dim = f.dim};
  }
};
static_assert(vlpt::VisionTower<vlpt::arch::ViT_B16, Twice>::cost().params > 0);
