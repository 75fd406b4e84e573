// expect: a prompt policy needs at least one prompt, or vlpt::dynamic
#include "vlpt/models/vision_tower.hpp"
#include "vlpt/policies/prompt/deep.hpp"

vlpt::VisionTower<vlpt::arch::ViT_B16, vlpt::prompt::Deep<0>> model;
