// A delta: what it says of itself, and whether it fits a small model.
#include "vlpt/io/delta.hpp"

#include "target.hpp"
#include "vlpt/models/vision_tower.hpp"
#include "vlpt/policies/prompt/deep.hpp"

namespace {

struct Tiny : vlpt::arch::Vision {
  static constexpr std::string_view name = "tiny";
  static constexpr vlpt::Index image = 8, channels = 1, patch = 4, dim = 4, depth = 2, heads = 2;
  static constexpr vlpt::Index hidden = 4;
};

void read(std::string_view content) {
  auto const file = vlpt::io::Safetensors::open(vlpt::fuzz::file_of(content, "x.delta"));
  (void)vlpt::io::check_delta(file, vlpt::VisionTower<Tiny, vlpt::prompt::Deep<2>>{{.classes = 2}});
}

vlpt::fuzz::Target const target{"delta", read};

}  // namespace
