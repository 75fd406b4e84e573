#include "cases.hpp"
#include "layers.hpp"
#include "machine.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/io/bind_folder.hpp"
#include "vlpt/io/dispatch.hpp"
#include "vlpt/io/tokenizer/tokenizer.hpp"
#include "vlpt/kernels/reference.hpp"
#include "vlpt/models/text_encoder.hpp"

namespace conformance {

using namespace vlpt;

namespace {

/// The numbers that vlpt makes of sentences must be those that the framework computed with.
void check_tokens(io::ModelFolder const& folder, io::Json const& sentences,
                  Tensor<Index> const& ids, std::vector<unsigned char> const& mask) {
  auto const tokenizer = io::Tokenizer::open(folder.path);
  Index const most = std::get<io::TextFamily>(folder.family).facts.text.words;
  for (Index b = 0; b < ids.shape[0]; ++b) {
    auto const own =
        tokenizer.encode(sentences.at(static_cast<std::size_t>(b)).get<std::string>(), most).ids;
    std::vector<Index> theirs;
    for (Index i = b * ids.shape[1]; i < (b + 1) * ids.shape[1]; ++i)
      if (mask[static_cast<std::size_t>(i)] != 0) theirs.push_back(ids[i]);
    if (own != theirs)
      throw RunError(text("sentence ", b, " has ", own.size(), " tokens, and ", theirs.size(),
                          " in the framework, or others"));
  }
}

}  // namespace

template <class T>
void check_text(io::ModelFolder const& folder, Expected& expected) {
  using Arch = arch::DynamicText;
  using Model = TextEncoder<Arch, prompt::None, skip::Dense, learn::Policy, rows::All>;
  io::TextFamily const& family = io::require_arch<Arch>(folder);
  auto const ids = expected.input<Index>("ids");
  auto const mask = expected.mask("mask");
  if (std::string const said = expected.fact("sentences"); !said.empty())
    check_tokens(folder, io::Json::parse(said), ids, mask);
  Tensor<Index> types;
  if (expected.has("input.types")) types = expected.input<Index>("types");
  typename Model::Settings settings{.facts = family.facts, .words = ids.shape[1]};
  if (expected.has("class_logits")) settings.classes = family.classes;
  Net<Model, Machine<T>> net{Model(settings)};
  (void)io::bind(net, folder, settings.classes > 0 ? io::Head::read : io::Head::drawn);

  Layers<T> layers{expected, "text.", "", family.facts.text.depth};
  if (expected.has("input.rows")) layers.rows = expected.mask("rows");
  net.set_tap(layers.tap());
  Net<Model, Machine<T>> const& ready = net;
  Texts const texts{ids.shape[0], ids.shape[1], ids.data(), mask.data(),
                    types.size() > 0 ? types.data() : nullptr};
  auto workspace = ready.workspace(texts.batch);
  Tensor<T> features({texts.batch, family.facts.features()});
  ready.features(texts, features.view(), workspace);
  expected.compare("text_features", features);
  if (expected.has("similarities")) {
    Tensor<T> alike({texts.batch, texts.batch});
    Reference<T>().linear(std::as_const(features).view(), std::as_const(features).view(), {},
                          alike.view());
    expected.compare("similarities", alike);
  }
  net.set_tap({});
  if (settings.classes == 0) return;
  Tensor<T> logits({texts.batch, settings.classes});
  ready.predict(texts, logits.view(), workspace);
  expected.compare("class_logits", logits);
}

template void check_text<float>(io::ModelFolder const&, Expected&);
template void check_text<double>(io::ModelFolder const&, Expected&);

}  // namespace conformance
