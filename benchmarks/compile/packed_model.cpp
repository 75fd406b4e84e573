// The same on the packed kernels, which vlpt::packed has compiled.
#include "vlpt/autodiff/net.hpp"
#include "vlpt/kernels/packed.hpp"
#include "vlpt/models/vision_tower.hpp"
#include "vlpt/policies/prompt/deep.hpp"

int main() {
  using Model = vlpt::VisionTower<vlpt::arch::TinyViTMae, vlpt::prompt::Deep<8>>;
  vlpt::Net<Model, vlpt::PackedCpu<float>> net(Model({.classes = 10}));
  vlpt::Tensor<float> const images(vlpt::Shape{1, 1, 28, 28});
  net.backward(net.forward(net.stream_of(images)));
  return std::as_const(net)(images).size() == 10 ? 0 : 1;
}
