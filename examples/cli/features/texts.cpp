#include "../cut_text.hpp"
#include "features.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/io/bind_folder.hpp"
#include "vlpt/io/dispatch.hpp"
#include "vlpt/io/tokenizer/text_batch.hpp"
#include "vlpt/kernels/packed.hpp"
#include "vlpt/models/text_encoder.hpp"

namespace vlpt::cli {

Features features_of_texts(io::ModelFolder const& folder, FeatureRequest const& r) {
  VLPT_CHECK(r.images.empty(), folder.path.string(), " reads no pictures: leave --image out");
  VLPT_CHECK(!r.texts.empty(), "there is nothing to read: give --text TEXT");
  using Model = TextEncoder<arch::DynamicText>;
  auto const& family = io::require_arch<arch::DynamicText>(folder);
  Net<Model, PackedCpu<float>> net{Model{{.facts = family.facts}}};
  (void)io::bind(net, folder);
  auto const batch =
      io::text_batch(io::Tokenizer::open(folder.path), r.texts, family.facts.text.words);
  for (std::size_t i = 0; i < r.texts.size(); ++i)
    if (batch.cut[i] > 0) tell_cut(r.texts[i], batch.cut[i], family.facts.text.words, r.strict);
  Tensor<float> out(Shape{batch.texts, net.model().output_width()});
  auto work = std::as_const(net).workspace(batch.texts);
  std::as_const(net).predict(Texts{batch.texts, batch.words, batch.ids.data(), batch.mask.data()},
                             out.view(), work);
  return {.texts = checked_features(std::move(out))};
}

}  // namespace vlpt::cli
