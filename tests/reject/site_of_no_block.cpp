// expect: the policy stands on a site that a pre-norm block does not have
#include "vlpt/models/vision_tower.hpp"

struct Elsewhere {
  static constexpr std::string_view name = "elsewhere";
  static constexpr vlpt::Site sites = static_cast<vlpt::Site>(1U << 31);
};

vlpt::VisionTower<vlpt::arch::ViT_B16, Elsewhere> model;
