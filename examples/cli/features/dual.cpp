#include "../classifier.hpp"
#include "../policies/model_of.hpp"
#include "features.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/io/bind_folder.hpp"
#include "vlpt/kernels/cpu/extern.hpp"

namespace vlpt::cli {

Features features_of_dual(io::ModelFolder const& folder, FeatureRequest const& r) {
  VLPT_CHECK(!r.images.empty() || !r.texts.empty(),
             "there is nothing to look at: give --image FILE or --text TEXT");
  using Model = Towers<prompt::None>;
  auto const& family = folder.dual();
  Model::Settings settings{.facts = family.facts, .text = family.text};
  if (!r.texts.empty()) {
    ClassifierSettings words;
    words.class_names = words.texts = r.texts, words.strict = r.strict;
    settings.texts = texts_of(folder, words, family.text.tokens, 0);
  }
  Net<Model, Cpu<float>> net{Model{settings}};
  (void)io::bind(net, folder);
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
  auto const planes = planes_of(folder.preprocess(), r.images);
  Tensor<float> images(Shape{planes.shape[0], width});
  seen.features(seen.stream_of(planes), images.view(), work);
  out.images = checked_features(std::move(images));
  if (!r.texts.empty()) out.logits_per_image = checked_features(seen(planes));
  return out;
}

}  // namespace vlpt::cli
