// expect: GivesMlpOut
// A function with a misspelt name is not the site's.
#include "vlpt/models/vision_tower.hpp"
#include "vlpt/ops/linear.hpp"

struct Typo {
  static constexpr std::string_view name = "typo";
  static constexpr vlpt::Site sites = vlpt::Site::mlp_out;
  [[nodiscard]] constexpr auto mpl_out(vlpt::LayerFacts const& f) const {
    return vlpt::Trainable{vlpt::Linear{.in = f.dim, .out = f.dim}};
  }
};

vlpt::VisionTower<vlpt::arch::ViT_B16, Typo> model;
