// expect: GivesAttentionOut
// A policy that declares a site has a function of that name.
#include "vlpt/models/vision_tower.hpp"

struct Forgetful {
  static constexpr std::string_view name = "forgetful";
  static constexpr vlpt::Site sites = vlpt::Site::attention_out;
};

vlpt::VisionTower<vlpt::arch::ViT_B16, Forgetful> model;
