// expect: MapsLayers
// A skip policy says what runs at a layer.
#include "vlpt/models/vision_tower.hpp"

struct Idle {
  static constexpr std::string_view name = "idle";
};

vlpt::VisionTower<vlpt::arch::ViT_B16, vlpt::prompt::None, Idle> model;
