// expect: Attends
// A backend without attention.
#include "vlpt/autodiff/net.hpp"
#include "vlpt/kernels/reference.hpp"
#include "vlpt/models/vision_tower.hpp"

struct Inattentive : vlpt::Reference<float> {
  void attend(int) const {}
};

vlpt::Net<vlpt::VisionTower<vlpt::arch::ViT_B16>, Inattentive> net;
