#include <cmath>
#include <cstdlib>
#include <iostream>

#include "cases.hpp"
#include "vlpt/io/decode_image.hpp"

namespace conformance {

/// transformers' own test of openai/clip-vit-base-patch32: two captions for the picture of two
/// cats, COCO 000000039769, which has to lie in the folder as well.
int published_clip() {
  char const* const folder_name = std::getenv("VLPT_CLIP_DIR");
  if (folder_name == nullptr || *folder_name == '\0') {
    std::cout << "skipped: VLPT_CLIP_DIR does not say where openai/clip-vit-base-patch32 lies\n";
    return 77;
  }
  std::filesystem::path const path = folder_name;
  auto picture = path / "000000039769.png";
  if (!exists(picture)) picture = path / "000000039769.jpg";
  if (!exists(picture)) {
    std::cout << "skipped: " << path.string() << " lacks COCO's 000000039769.jpg (or .png)\n";
    return 77;
  }
  auto const folder = vlpt::io::ModelFolder::open(path);
  auto const& how = folder.preprocess();
  Tensor<float> images({1, how.channels, how.size, how.size});
  vlpt::io::preprocess<float>(vlpt::io::load_image(picture), how, images.values);
  // "a photo of a cat", "a photo of a dog"
  Tensor<Index> const ids({2, 7}, {49406, 320, 1125, 539, 320, 2368, 49407,  //
                                   49406, 320, 1125, 539, 320, 1929, 49407});
  auto const logits = dual_logits(folder, ids, images);
  double const error = std::max(std::abs(logits[0] - 24.5701), std::abs(logits[1] - 19.3049));
  std::cout << "logits " << logits[0] << ' ' << logits[1] << ", published 24.5701 19.3049\n";
  return error < 1e-2 ? 0 : 1;  // of a decoder's and a resize's rounding, too
}

}  // namespace conformance
