// Five policies in one file: inference and the gradients of a tuning step of each.
#include "vlpt/autodiff/net.hpp"
#include "vlpt/kernels/cpu.hpp"
#include "vlpt/models/vision_tower.hpp"
#include "vlpt/policies/prompt/adapter.hpp"
#include "vlpt/policies/prompt/approximated.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/gated.hpp"
#include "vlpt/policies/prompt/lora.hpp"

namespace prompt = vlpt::prompt;

template <class Policy>
bool runs() {
  using Model = vlpt::VisionTower<vlpt::arch::TinyViTMae, Policy>;
  vlpt::Net<Model, vlpt::Cpu<float>> net(Model({.classes = 10}));
  vlpt::Tensor<float> const images(vlpt::Shape{1, 1, 28, 28});
  net.backward(net.forward(net.stream_of(images)));
  return std::as_const(net)(images).size() == 10;
}

int main() {
  return runs<prompt::Deep<8>>() && runs<prompt::Gated<8>>() && runs<prompt::Approximated<8>>() &&
                 runs<prompt::Adapter<8>>() && runs<prompt::Lora<4>>()
             ? 0
             : 1;
}
