// ViT-B/16 and B/32 to their features.
#include "vision.hpp"

peers::Work peers::forward_vision(Request const& r) {
  return with_weight<float, vlpt::bf16, std::int8_t>(r, [&]<class Weight>() {
    using Model = vlpt::VisionTower<vlpt::arch::ViT_B16>;
    typename Model::Settings const settings{.facts = vision_facts(r.rest)};
    return forward_work(net_of<Model, Weight>(settings, r.rest), r.batch, Images(r.batch));
  });
}
