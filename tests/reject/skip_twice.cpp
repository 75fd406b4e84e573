// expect: the same layer is named twice
#include "vlpt/models/vision_tower.hpp"
#include "vlpt/policies/skip/adapter_skip.hpp"

vlpt::VisionTower<vlpt::arch::ViT_B16, vlpt::prompt::None, vlpt::skip::AdapterSkip<8, 16, 3, 3>>
    model;
