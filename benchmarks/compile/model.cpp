// One model with one policy: inference and the gradients of a tuning step.
#include "vlpt/autodiff/net.hpp"
#include "vlpt/kernels/cpu.hpp"
#include "vlpt/models/vision_tower.hpp"
#include "vlpt/policies/prompt/deep.hpp"

int main() {
  using Model = vlpt::VisionTower<vlpt::arch::TinyViTMae, vlpt::prompt::Deep<8>>;
  vlpt::Net<Model, vlpt::Cpu<float>> net(Model({.classes = 10}));
  vlpt::Tensor<float> const images(vlpt::Shape{1, 1, 28, 28});
  net.backward(net.forward(net.stream_of(images)));
  return std::as_const(net)(images).size() == 10 ? 0 : 1;
}
