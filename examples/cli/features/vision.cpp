#include "../policies/model_of.hpp"
#include "features.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/io/bind_folder.hpp"
#include "vlpt/kernels/cpu/extern.hpp"

namespace vlpt::cli {

Features features_of_vision(io::ModelFolder const& folder, FeatureRequest const& r) {
  VLPT_CHECK(r.texts.empty(), folder.path.string(), " reads no texts: leave --text out");
  VLPT_CHECK(!r.images.empty(), "there is nothing to look at: give --image FILE");
  using Model = Tower<prompt::None>;
  Net<Model, Cpu<float>> net{Model{{.facts = folder.vision().facts}}};
  (void)io::bind(net, folder);
  return {.images = checked_features(std::as_const(net)(planes_of(folder.preprocess(), r.images)))};
}

}  // namespace vlpt::cli
