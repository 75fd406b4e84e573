// expect: each image shifts the texts: they have no features without one
#include "vlpt/autodiff/net.hpp"
#include "vlpt/kernels/reference.hpp"
#include "vlpt/models/dual_encoder.hpp"
#include "vlpt/policies/prompt/conditional.hpp"

using Model = vlpt::DualEncoder<vlpt::arch::ClipB16, vlpt::prompt::Conditional<4>>;
void features(vlpt::Net<Model, vlpt::Reference<float>> const& net, vlpt::View<float> out) {
  auto workspace = net.workspace(1);
  net.text_features(out, workspace);
}
