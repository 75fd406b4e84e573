// expect: 17013706752
// A model that costs more than its budget: the message shows the figure, beside its limit.
#include "vlpt/analysis/fits.hpp"
#include "vlpt/models/vision_tower.hpp"
#include "vlpt/policies/prompt/deep.hpp"

using Model = vlpt::VisionTower<vlpt::arch::ViT_B16, vlpt::prompt::Deep<200>>;
static_assert(vlpt::fits<Model>({.batch = 1}, {.macs = 17'000'000'000}));
