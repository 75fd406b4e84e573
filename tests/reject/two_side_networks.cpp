// expect: only one of the two policies may have a side network
#include "vlpt/models/vision_tower.hpp"
#include "vlpt/policies/prompt/both.hpp"
#include "vlpt/policies/prompt/ladder.hpp"

namespace prompt = vlpt::prompt;
vlpt::VisionTower<vlpt::arch::ViT_B16, prompt::Both<prompt::Ladder<2>, prompt::Ladder<4>>> model;
