// ViT-B/16, 197 rows.
#include "study.hpp"
#include "vlpt/models/vision_tower.hpp"

namespace {
template <class Prompt>
using Model = vlpt::VisionTower<vlpt::arch::ViT_B16, Prompt>;
}  // namespace

study::Family study::vit(int repeats, int threads) {
  vlpt::Tensor<float> const pixels(vlpt::Shape{3 * 224, 224});
  return measure<Model>(
      "ViT-B/16, 197 rows", []<class M>() { return typename M::Settings{}; },
      vlpt::Stream<float const>(pixels.data(), 1, 3 * 224, 224), repeats, threads);
}
