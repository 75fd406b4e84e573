// expect: GivesLayerRows
// The sites of rows want rows, not a module.
#include "vlpt/models/vision_tower.hpp"
#include "vlpt/ops/linear.hpp"

struct Muddled {
  static constexpr std::string_view name = "muddled";
  static constexpr vlpt::Site sites = vlpt::Site::layer_rows;
  [[nodiscard]] constexpr auto layer_rows(vlpt::LayerFacts const& f) const {
    return vlpt::Trainable{vlpt::Linear{.in = f.dim, .out = f.dim}};
  }
};

vlpt::VisionTower<vlpt::arch::ViT_B16, Muddled> model;
