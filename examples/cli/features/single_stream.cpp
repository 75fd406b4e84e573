#include "vlpt/models/single_stream.hpp"
#include "features.hpp"
#include "load.hpp"
#include "pair_input.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/io/dispatch.hpp"
#include "vlpt/kernels/packed.hpp"

namespace vlpt::cli {

namespace {
using Arch = arch::DynamicSingleStream<>;
using Model = SingleStream<Arch>;

Net<Model, PackedCpu<float>> net_of(io::ModelFolder const& folder) {
  Model::Settings settings{.facts = io::require_arch<Arch>(folder).facts};
  settings.replaces_first = false;  // the word at the first place is the file's own
  return Net<Model, PackedCpu<float>>{Model{settings}, {.draw = Draw::learnt}};
}
}  // namespace

std::filesystem::path pack_single_stream(io::ModelFolder const& folder) {
  auto net = net_of(folder);
  (void)io::bind(net, folder);
  return pack(net, folder);
}

Features features_of_single_stream(io::ModelFolder const& folder, FeatureRequest const& r) {
  VLPT_CHECK(r.images.size() == r.texts.size() && !r.images.empty(), folder.path.string(),
             " reads texts with pictures, in pairs: give as many --text as --image, got ",
             r.texts.size(), " and ", r.images.size());
  auto net = net_of(folder);
  load(net, folder);
  auto const tokenizer = io::Tokenizer::open(folder.path);
  auto const& how = folder.preprocess();
  Tensor<float> out(Shape{static_cast<Index>(r.images.size()), net.model().output_width()});
  auto work = std::as_const(net).workspace(1);
  for (std::size_t i = 0; i < r.images.size(); ++i) {
    PairInput const pair(tokenizer, r.texts[i], net.model().facts.words, r.strict, how,
                         r.images[i]);
    std::as_const(net).predict(pair.input(), out.view().middle_rows(static_cast<Index>(i), 1),
                               work);
  }
  return {.images = checked_features(std::move(out))};
}

}  // namespace vlpt::cli
