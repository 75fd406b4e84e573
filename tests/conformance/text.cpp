#include "cases.hpp"
#include "layers.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/io/bind_folder.hpp"
#include "vlpt/io/dispatch.hpp"
#include "vlpt/kernels/cpu/extern.hpp"
#include "vlpt/models/text_encoder.hpp"

namespace conformance {

using namespace vlpt;

template <class T>
void check_text(io::ModelFolder const& folder, Expected& expected) {
  using Arch = arch::DynamicText;
  using Model = TextEncoder<Arch, prompt::None, skip::Dense, learn::Policy, rows::All>;
  io::TextFamily const& family = io::require_arch<Arch>(folder);
  auto const ids = expected.input<Index>("ids");
  auto const mask = expected.mask("mask");
  Tensor<Index> types;
  if (expected.has("input.types")) types = expected.input<Index>("types");
  typename Model::Settings settings{.facts = family.facts, .words = ids.shape[1]};
  if (expected.has("class_logits")) settings.classes = family.classes;
  Net<Model, Cpu<T>> net{Model(settings)};
  (void)io::bind(net, folder, settings.classes > 0 ? io::Head::read : io::Head::drawn);

  Layers<T> layers{expected, "text.", "", family.facts.text.depth};
  net.set_tap(layers.tap());
  Net<Model, Cpu<T>> const& ready = net;
  Texts const texts{ids.shape[0], ids.shape[1], ids.data(), mask.data(),
                    types.size() > 0 ? types.data() : nullptr};
  auto workspace = ready.workspace(texts.batch);
  Tensor<T> features({texts.batch, family.facts.features()});
  ready.features(texts, features.view(), workspace);
  expected.compare("text_features", features);
  net.set_tap({});
  if (settings.classes == 0) return;
  Tensor<T> logits({texts.batch, settings.classes});
  ready.predict(texts, logits.view(), workspace);
  expected.compare("class_logits", logits);
}

template void check_text<float>(io::ModelFolder const&, Expected&);
template void check_text<double>(io::ModelFolder const&, Expected&);

}  // namespace conformance
