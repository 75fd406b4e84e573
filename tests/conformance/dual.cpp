#include "cases.hpp"
#include "layers.hpp"
#include "machine.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/io/bind_folder.hpp"
#include "vlpt/io/dispatch.hpp"
#include "vlpt/models/dual_encoder.hpp"

namespace conformance {

using namespace vlpt;

namespace {

using Arch = arch::DynamicDual<AnyGelu>;
using Model = DualEncoder<Arch, prompt::None, skip::Dense, learn::Policy, rows::All>;

template <class T>
Net<Model, Machine<T>> net_of(io::ModelFolder const& folder, Tensor<Index> const& ids) {
  io::DualFamily const& family = io::require_arch<Arch>(folder);
  typename Model::Settings settings{.facts = family.facts, .text = family.text};
  settings.texts = {.classes = ids.shape[0], .tokens = ids.shape[1], .ids = ids.values};
  Net<Model, Machine<T>> net{Model(settings)};
  (void)io::bind(net, folder);
  return net;
}

}  // namespace

template <class T>
void check_dual(io::ModelFolder const& folder, Expected& expected) {
  io::DualFamily const& family = folder.dual();
  auto const ids = expected.input<Index>("ids");
  auto net = net_of<T>(folder, ids);
  auto const images = expected.input<T>("images");
  Layers<T> layers{expected, "image.", "text.", family.facts.depth};
  net.set_tap(layers.tap());
  Net<Model, Machine<T>> const& ready = net;
  auto workspace = ready.workspace(images.shape[0]);
  Tensor<T> logits({images.shape[0], ids.shape[0]});
  ready.predict(ready.stream_of(images), logits.view(), workspace);
  expected.compare("logits_per_image", logits);
  net.set_tap({});
  Tensor<T> pictures({images.shape[0], family.facts.features()});
  Tensor<T> texts({ids.shape[0], family.facts.features()});
  ready.features(ready.stream_of(images), pictures.view(), workspace);
  ready.text_features(texts.view(), workspace);
  expected.compare("image_features", pictures);
  expected.compare("text_features", texts);
}

template void check_dual<float>(io::ModelFolder const&, Expected&);
template void check_dual<double>(io::ModelFolder const&, Expected&);

Tensor<float> dual_logits(io::ModelFolder const& folder, Tensor<Index> const& ids,
                          Tensor<float> const& images) {
  auto const net = net_of<float>(folder, ids);
  return net(images);
}

}  // namespace conformance
