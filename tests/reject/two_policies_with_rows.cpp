// expect: only one of the two policies may have prompt rows
#include "vlpt/models/vision_tower.hpp"
#include "vlpt/policies/prompt/both.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

namespace prompt = vlpt::prompt;
vlpt::VisionTower<vlpt::arch::ViT_B16, prompt::Both<prompt::Deep<2>, prompt::Shallow<2>>> model;
