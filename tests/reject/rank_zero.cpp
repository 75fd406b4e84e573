// expect: APT's rank must be at least one
#include "vlpt/models/vision_tower.hpp"
#include "vlpt/policies/prompt/approximated.hpp"

vlpt::VisionTower<vlpt::arch::ViT_B16, vlpt::prompt::Approximated<8, 0>> model;
