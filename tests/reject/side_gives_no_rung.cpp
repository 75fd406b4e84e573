// expect: GivesSide
#include "vlpt/models/vision_tower.hpp"

struct Beam {
  static constexpr std::string_view name = "beam";
  static constexpr vlpt::Site sites = vlpt::Site::side;
  [[nodiscard]] constexpr vlpt::Identity side(vlpt::LayerFacts const&) const { return {}; }
};
vlpt::VisionTower<vlpt::arch::ViT_B16, Beam> model;
