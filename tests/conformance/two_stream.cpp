#include "vlpt/models/two_stream.hpp"
#include "cases.hpp"
#include "machine.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/io/bind_folder.hpp"
#include "vlpt/io/dispatch.hpp"
#include "vlpt/models/roberta_positions.hpp"

namespace conformance {

using namespace vlpt;

namespace {

/// The text's tower runs first, then the image's, then the layers that cross, each numbered from 0:
/// "text.hidden.1", "image.hidden.1", then "cross.text.hidden.1" and "cross.image.hidden.1".
template <class T>
struct Towers {
  Expected& expected;
  Index depth = 0;  // of either stream that crosses
  Index towers = 0;
  bool crosses = false;

  static void look(void* self, TapPoint point, Index layer, Stream<T const> x) {
    auto& me = *static_cast<Towers*>(self);
    std::string const tower = me.towers == 1 ? "text.hidden." : "image.hidden.";
    auto const stream = [&](bool image, Index at) {
      me.expected.compare(text(image ? "cross.image.hidden." : "cross.text.hidden.", at), x);
    };
    if (point == TapPoint::tokens) me.crosses = true, stream(layer == 1, 0);
    if (point == TapPoint::encoded) me.expected.compare("image.normed", x);
    if (point == TapPoint::block_in && layer == 0 && !me.crosses) {
      ++me.towers;
      me.expected.compare(me.towers == 1 ? "text.hidden.0" : "image.hidden.0", x);
    }
    if (point != TapPoint::block_out) return;
    if (me.crosses)
      stream(layer >= me.depth, layer % me.depth + 1);
    else
      me.expected.compare(text(tower, layer + 1), x);
  }
};

}  // namespace

template <class T>
void check_two_stream(io::ModelFolder const& folder, Expected& expected) {
  using Arch = arch::DynamicTwoStream<Gelu, QuickGelu>;
  using Model = TwoStream<Arch, prompt::None, skip::Dense, learn::Policy, rows::All>;
  io::TwoStreamFamily const& family = io::require_arch<Arch>(folder);
  auto const images = expected.input<T>("images");
  auto const ids = expected.input<Index>("ids");
  auto const mask = expected.mask("mask");
  auto const positions = roberta_positions(ids.values, ids.shape[1]);
  typename Model::Settings settings{.facts = family.facts, .replaces_first = false};
  bool const answers = expected.has("class_logits");
  settings.words = ids.shape[1];
  if (answers)
    settings.classes = family.classes, settings.head_hidden = family.head_hidden,
    settings.images = family.images;
  Net<Model, Machine<T>> net{Model(settings)};
  (void)io::bind(net, folder, answers ? io::Head::read : io::Head::drawn);

  Towers<T> towers{expected, family.facts.depth};
  net.set_tap({Towers<T>::look, &towers});
  Net<Model, Machine<T>> const& ready = net;
  Index const samples = images.shape[0] / settings.images;
  auto workspace = ready.workspace(samples);
  Tensor<T> out({samples, net.model().output_width()});
  Stream<T const> const pixels(images.data(), images.shape[0], images.shape[1] * images.shape[2],
                               images.shape[3]);
  ready.predict({samples, ids.shape[1], ids.data(), mask.data(), nullptr, pixels, positions.data()},
                out.view(), workspace);
  expected.compare(answers ? "class_logits" : "joint_features", out);
}

template void check_two_stream<float>(io::ModelFolder const&, Expected&);
template void check_two_stream<double>(io::ModelFolder const&, Expected&);

}  // namespace conformance
