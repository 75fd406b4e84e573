// The largest model, METER, with a policy and a plan of layers to skip.
#include "vlpt/models/two_stream.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/kernels/cpu.hpp"
#include "vlpt/policies/prompt/approximated.hpp"
#include "vlpt/policies/skip/adapter_skip.hpp"

int main() {
  using Model = vlpt::TwoStream<vlpt::arch::METER_B16_288, vlpt::prompt::Approximated<8, 4>,
                                vlpt::skip::AdapterSkip<96, 288, 3>>;
  vlpt::Net<Model, vlpt::Cpu<float>> net(Model({.classes = 10}));
  auto const nothing = net.model().blank<float>(0);  // the program is compiled, not run
  net.backward(net.forward({nothing.batch, nothing.words}));
  auto workspace = net.workspace(1);
  std::as_const(net).predict({nothing.batch, nothing.words}, {}, workspace);
}
