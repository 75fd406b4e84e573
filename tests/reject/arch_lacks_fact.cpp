// expect: hidden
// An architecture that does not inherit says everything itself; this one forgets the MLP's width.
#include "vlpt/models/vision_tower.hpp"

struct Narrow : vlpt::arch::Vision {
  static constexpr std::string_view name = "narrow";
  static constexpr vlpt::Index dim = 64, depth = 2, heads = 4;
};

vlpt::VisionTower<Narrow> model;
