// expect: this policy needs a text tower: use it in a DualEncoder
#include "vlpt/models/vision_tower.hpp"
#include "vlpt/policies/prompt/context.hpp"

vlpt::VisionTower<vlpt::arch::ClipB16, vlpt::prompt::Context<4>> model;
