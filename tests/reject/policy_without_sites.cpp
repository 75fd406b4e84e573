// expect: DeclaresSites
// A site that is not declared would never be asked for, so every policy declares.
#include "vlpt/models/vision_tower.hpp"

struct Silent {
  static constexpr std::string_view name = "silent";
  [[nodiscard]] constexpr vlpt::PromptRows token_rows(vlpt::LayerFacts const& f) const {
    return {.count = 4, .dim = f.dim};
  }
};

vlpt::VisionTower<vlpt::arch::ViT_B16, Silent> model;
