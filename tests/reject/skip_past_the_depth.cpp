// expect: a layer to skip lies past the depth of the architecture
#include "vlpt/models/vision_tower.hpp"
#include "vlpt/policies/skip/adapter_skip.hpp"

vlpt::VisionTower<vlpt::arch::ViT_B16, vlpt::prompt::None, vlpt::skip::AdapterSkip<8, 16, 3, 12>>
    model;
