// expect: HasName
// Deltas, tables and the command line know a policy by its name.
#include "vlpt/models/vision_tower.hpp"

struct Nameless {
  static constexpr vlpt::Site sites = vlpt::Site::none;
};

vlpt::VisionTower<vlpt::arch::ViT_B16, Nameless> model;
