#include <cstdlib>
#include <iostream>

#include "cases.hpp"
#include "published.hpp"
#include "vlpt/io/decode_image.hpp"

namespace conformance {

/// transformers' own test of openai/clip-vit-base-patch32: two captions for the picture of two
/// cats, COCO 000000039769, which lies in the folder or where VLPT_COCO_IMAGE says.
int published_clip() {
  char const* const folder_name = std::getenv("VLPT_CLIP_DIR");
  if (folder_name == nullptr || *folder_name == '\0') {
    std::cout << "skipped: VLPT_CLIP_DIR does not say where openai/clip-vit-base-patch32 lies\n";
    return 77;
  }
  std::filesystem::path const path = folder_name;
  auto const picture = published_picture(path, "000000039769", "VLPT_COCO_IMAGE");
  if (picture.empty()) return 77;
  auto const folder = vlpt::io::ModelFolder::open(path);
  auto const& how = folder.preprocess();
  Tensor<float> images({1, how.channels, how.size, how.size});
  vlpt::io::preprocess<float>(vlpt::io::load_image(picture), how, images.values);
  // "a photo of a cat", "a photo of a dog"
  Tensor<Index> const ids({2, 7}, {49406, 320, 1125, 539, 320, 2368, 49407,  //
                                   49406, 320, 1125, 539, 320, 1929, 49407});
  auto const logits = dual_logits(folder, ids, images);
  Published const cats{{24.5701, 19.3049}, 1e-3};  // as there
  return cats.compare(path.string(), {logits.values.begin(), logits.values.end()}) ? 0 : 1;
}

}  // namespace conformance
