#include "../policies/model_of.hpp"
#include "features.hpp"
#include "load.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/kernels/packed.hpp"

namespace vlpt::cli {

namespace {
using Model = Tower<prompt::None>;

Net<Model, PackedCpu<float>> net_of(io::ModelFolder const& folder) {
  return Net<Model, PackedCpu<float>>{Model{{.facts = folder.vision().facts}},
                                      {.draw = Draw::learnt}};
}
}  // namespace

std::filesystem::path pack_vision(io::ModelFolder const& folder) {
  auto net = net_of(folder);
  (void)io::bind(net, folder);
  return pack(net, folder);
}

Features features_of_vision(io::ModelFolder const& folder, FeatureRequest const& r) {
  VLPT_CHECK(r.texts.empty(), folder.path.string(), " reads no texts: leave --text out");
  VLPT_CHECK(!r.images.empty(), "there is nothing to look at: give --image FILE");
  auto net = net_of(folder);
  load(net, folder);
  Tensor<float> out(Shape{static_cast<Index>(r.images.size()), net.model().output_width()});
  auto work = std::as_const(net).workspace(1);
  each_piece(folder.preprocess(), r.images, [&](Index first, Tensor<float> const& planes) {
    std::as_const(net).predict(net.stream_of(planes),
                               out.view().middle_rows(first, planes.shape[0]), work);
  });
  return {.images = checked_features(std::move(out))};
}

}  // namespace vlpt::cli
