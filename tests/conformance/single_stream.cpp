#include "vlpt/models/single_stream.hpp"
#include "cases.hpp"
#include "machine.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/io/bind_folder.hpp"
#include "vlpt/io/dispatch.hpp"

namespace conformance {

using namespace vlpt;

namespace {

/// Compares the stream where its rows are words or patches: which patches stand in the places of
/// padding the framework draws.
template <class T>
struct VisibleRows {
  Expected& expected;
  std::vector<unsigned char> rows;  // (pairs, rows)

  void compare(std::string const& name, Stream<T const> x) const {
    expected.compare(name, x, rows);
  }
  static void look(void* self, TapPoint point, Index layer, Stream<T const> x) {
    auto const& me = *static_cast<VisibleRows const*>(self);
    if (point == TapPoint::tokens) me.compare("joint.hidden.0", x);
    if (point == TapPoint::block_out) me.compare(text("joint.hidden.", layer + 1), x);
  }
};

}  // namespace

template <class T>
void check_single_stream(io::ModelFolder const& folder, Expected& expected) {
  using Arch = arch::DynamicSingleStream<AnyGelu>;
  using Model = SingleStream<Arch, prompt::None, skip::Dense, learn::Policy, rows::All>;
  io::SingleStreamFamily const& family = io::require_arch<Arch>(folder);
  auto const images = expected.input<T>("images");
  auto const ids = expected.input<Index>("ids");
  auto const mask = expected.mask("mask");
  bool const answers = expected.has("class_logits");
  typename Model::Settings settings{.facts = family.facts, .replaces_first = false};
  settings.images = answers ? family.images : 1;
  Index const samples = images.shape[0] / settings.images;
  TextImages<T const> const in{samples,
                               ids.shape[1],
                               ids.data(),
                               mask.data(),
                               nullptr,
                               Stream<T const>(images.data(), images.shape[0],
                                               images.shape[1] * images.shape[2], images.shape[3])};
  VisibleRows<T> visible{expected, expected.mask("rows")};
  Index const rows = static_cast<Index>(visible.rows.size()) / images.shape[0];
  settings.room = {.text = ids.shape[1], .image = rows - ids.shape[1]};
  settings.classes = answers ? family.classes : 0;
  settings.head_hidden = answers ? family.head_hidden : 0;
  settings.every_row = !answers;
  Net<Model, Machine<T>> net{Model(settings)};
  (void)io::bind(net, folder, answers ? io::Head::read : io::Head::drawn);

  net.set_tap({VisibleRows<T>::look, &visible});
  Net<Model, Machine<T>> const& ready = net;
  auto workspace = ready.workspace(samples);
  Tensor<T> out({samples, net.model().output_width()});
  ready.predict(in, out.view(), workspace);
  if (answers) return expected.compare("class_logits", out);
  Index const dim = family.facts.vision.dim;
  visible.compare("joint.normed", {out.data(), samples, rows, dim, (rows + 1) * dim, dim});
  expected.compare("joint_features", Stream<T const>(out.data() + rows * dim, samples, 1, dim,
                                                     (rows + 1) * dim, dim));
}

std::vector<double> single_stream_output(io::ModelFolder const& folder, Tensor<Index> const& ids,
                                         Tensor<double> const& images, bool answers) {
  using Arch = arch::DynamicSingleStream<AnyGelu>;
  using Model = SingleStream<Arch, prompt::None, skip::Dense, learn::Policy, rows::All>;
  io::SingleStreamFamily const& family = io::require_arch<Arch>(folder);
  Index const patch = family.facts.vision.patch;
  typename Model::Settings settings{.facts = family.facts, .replaces_first = false};
  settings.images = images.shape[0];
  settings.room = {.text = ids.shape[1],
                   .image = 1 + images.shape[2] / patch * (images.shape[3] / patch)};
  settings.classes = answers ? family.classes : 0;
  settings.head_hidden = answers ? family.head_hidden : 0;
  settings.every_row = !answers;
<<<<<<< HEAD
  Net<Model, Machine<float>> net{Model(settings)};
  (void)io::bind(net, folder, answers ? io::Head::read : io::Head::drawn);
  Net<Model, Machine<float>> const& ready = net;
=======
  Net<Model, Cpu<double>> net{Model(settings)};
  (void)io::bind(net, folder, answers ? io::Head::read : io::Head::drawn);
  Net<Model, Cpu<double>> const& ready = net;
>>>>>>> fuzzlast
  auto workspace = ready.workspace(1);
  Tensor<double> out({1, net.model().output_width()});
  Stream<double const> const pixels(images.data(), images.shape[0],
                                    images.shape[1] * images.shape[2], images.shape[3]);
  std::vector<Index> texts;  // each image has the text beside it
  for (Index i = 0; i < images.shape[0]; ++i)
    texts.insert(texts.end(), ids.values.begin(), ids.values.end());
  ready.predict({1, ids.shape[1], texts.data(), nullptr, nullptr, pixels}, out.view(), workspace);
  return {out.values.begin(), out.values.end()};
}

template void check_single_stream<float>(io::ModelFolder const&, Expected&);
template void check_single_stream<double>(io::ModelFolder const&, Expected&);

}  // namespace conformance
