#include "../classifier.hpp"
#include "../policies/model_of.hpp"
#include "features.hpp"
#include "load.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/kernels/packed.hpp"

namespace vlpt::cli {

namespace {
using Model = Towers<prompt::None>;
}  // namespace

std::filesystem::path pack_dual(io::ModelFolder const& folder) {
  auto const& family = folder.dual();
  Net<Model, PackedCpu<float>> net{Model{{.facts = family.facts, .text = family.text}},
                                   {.draw = Draw::learnt}};
  (void)io::bind(net, folder);
  return pack(net, folder);
}

Features features_of_dual(io::ModelFolder const& folder, FeatureRequest const& r) {
  VLPT_CHECK(!r.images.empty() || !r.texts.empty(),
             "there is nothing to look at: give --image FILE or --text TEXT");
  auto const& family = folder.dual();
  Model::Settings settings{.facts = family.facts, .text = family.text};
  if (!r.texts.empty()) {
    ClassifierSettings words;
    words.class_names = words.texts = r.texts, words.strict = r.strict;
    settings.texts = texts_of(folder, words, family.text.tokens, 0);
  }
  Net<Model, PackedCpu<float>> net{Model{settings}, {.draw = Draw::learnt}};
  load(net, folder);
  auto const& seen = std::as_const(net);
  Index const width = net.model().facts.features();
  Features out;
  auto work = seen.workspace(1);
  if (!r.texts.empty()) {
    Tensor<float> texts(Shape{static_cast<Index>(r.texts.size()), width});
    seen.text_features(texts.view(), work);
    out.texts = checked_features(std::move(texts));
  }
  if (r.images.empty()) return out;
  auto const count = static_cast<Index>(r.images.size());
  Tensor<float> images(Shape{count, width}), logits(Shape{count, net.model().output_width()});
  each_piece(folder.preprocess(), r.images, [&](Index first, Tensor<float> const& planes) {
    Index const n = planes.shape[0];
    auto const stream = seen.stream_of(planes);
    seen.features(stream, images.view().middle_rows(first, n), work);
    if (!r.texts.empty()) seen.predict(stream, logits.view().middle_rows(first, n), work);
  });
  out.images = checked_features(std::move(images));
  if (!r.texts.empty()) out.logits_per_image = checked_features(std::move(logits));
  return out;
}

}  // namespace vlpt::cli
