// expect: heads must divide dim
#include "vlpt/models/vision_tower.hpp"

struct FiveHeads : vlpt::arch::ViT_B16 {
  static constexpr vlpt::Index heads = 5;
};

vlpt::VisionTower<FiveHeads> model;
