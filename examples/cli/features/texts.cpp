#include "../cut_text.hpp"
#include "features.hpp"
#include "load.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/io/dispatch.hpp"
#include "vlpt/io/tokenizer/text_batch.hpp"
#include "vlpt/kernels/packed.hpp"
#include "vlpt/models/text_encoder.hpp"

namespace vlpt::cli {

namespace {
using Model = TextEncoder<arch::DynamicText>;

Net<Model, PackedCpu<float>> net_of(io::ModelFolder const& folder) {
  auto const& family = io::require_arch<arch::DynamicText>(folder);
  return Net<Model, PackedCpu<float>>{Model{{.facts = family.facts}}, {.draw = Draw::learnt}};
}
}  // namespace

std::filesystem::path pack_texts(io::ModelFolder const& folder) {
  auto net = net_of(folder);
  (void)io::bind(net, folder);
  return pack(net, folder);
}

Features features_of_texts(io::ModelFolder const& folder, FeatureRequest const& r) {
  VLPT_CHECK(r.images.empty(), folder.path.string(), " reads no pictures: leave --image out");
  VLPT_CHECK(!r.texts.empty(), "there is nothing to read: give --text TEXT");
  auto net = net_of(folder);
  load(net, folder);
  auto const batch =
      io::text_batch(io::Tokenizer::open(folder.path), r.texts, net.model().facts.text.words);
  for (std::size_t i = 0; i < r.texts.size(); ++i)
    if (batch.cut[i] > 0)
      tell_cut(r.texts[i], batch.cut[i], net.model().facts.text.words, r.strict);
  Tensor<float> out(Shape{batch.texts, net.model().output_width()});
  auto work = std::as_const(net).workspace(batch.texts);
  std::as_const(net).predict(Texts{batch.texts, batch.words, batch.ids.data(), batch.mask.data()},
                             out.view(), work);
  return {.texts = checked_features(std::move(out))};
}

}  // namespace vlpt::cli
