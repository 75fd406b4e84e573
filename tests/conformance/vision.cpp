#include "cases.hpp"
#include "layers.hpp"
#include "machine.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/io/bind_folder.hpp"
#include "vlpt/io/dispatch.hpp"
#include "vlpt/models/vision_tower.hpp"

namespace conformance {

using namespace vlpt;

template <class T>
void check_vision(io::ModelFolder const& folder, Expected& expected) {
  using Model =
      VisionTower<arch::Dynamic<AnyGelu>, prompt::None, skip::Dense, learn::Policy, rows::All>;
  io::VisionFamily const& family = io::require_arch<arch::Dynamic<AnyGelu>>(folder);
  typename Model::Settings settings{.facts = family.facts};
  if (expected.fact("pool") == "class_row") settings.facts.pool = Pool::class_row;
  if (expected.has("class_logits")) settings.classes = family.classes;
  Net<Model, Machine<T>> net{Model(settings)};
  (void)io::bind(net, folder, settings.classes > 0 ? io::Head::read : io::Head::drawn);

  auto const images = expected.input<T>("images");
  Layers<T> layers{expected, "image.", "", family.facts.depth};
  net.set_tap(layers.tap());
  Net<Model, Machine<T>> const& ready = net;
  auto workspace = ready.workspace(images.shape[0]);
  Tensor<T> features({images.shape[0], family.facts.features()});
  ready.features(ready.stream_of(images), features.view(), workspace);
  expected.compare("image_features", features);
  net.set_tap({});
  if (settings.classes > 0) expected.compare("class_logits", ready(images));
}

template void check_vision<float>(io::ModelFolder const&, Expected&);
template void check_vision<double>(io::ModelFolder const&, Expected&);

}  // namespace conformance
