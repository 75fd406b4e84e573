// METER, the largest model, with one policy.
#include "vlpt/models/two_stream.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/kernels/cpu.hpp"
#include "vlpt/policies/prompt/approximated.hpp"

int main() {
  using Model = vlpt::TwoStream<vlpt::arch::METER_B16_288, vlpt::prompt::Approximated<8, 4>>;
  vlpt::Net<Model, vlpt::Cpu<float>> net(Model({.classes = 10}));
  vlpt::TextImages<float const> const input{};  // none: this program is for compiling
  net.backward(net.forward(input));
  auto workspace = net.workspace(1);
  std::as_const(net).predict(input, {}, workspace);
}
