// Which layers DAS leaves out, searched while adapters beside all of them are trained.
#include "search.hpp"

#include "policies/model_of.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/io/bind_folder.hpp"
#include "vlpt/kernels/packed.hpp"
#include "vlpt/policies/skip/searched.hpp"
#include "vlpt/train/adamw.hpp"
#include "vlpt/train/groups.hpp"
#include "vlpt/train/search/layer_search.hpp"

namespace vlpt::cli {

SearchSettings search_settings(Index depth, Index layers, Index epochs, std::uint64_t seed) {
  VLPT_CHECK(layers > 0 && layers < depth, "--skip-layers takes 1 to ", depth - 1,
             " with this model of ", depth, " layers, not ", layers);
  SearchSettings const out{.modules = depth,
                           .skip = layers,
                           .turn = 1,
                           .epochs = epochs,
                           .warm_up = epochs > 1 ? 1 : 0,
                           .step_size = 5,
                           .seed = seed};
  out.check();
  return out;
}

FoundLayers search_layers(io::ModelFolder const& folder, ClassifierSettings const& settings,
                          Tuning const& t, SearchSettings const& how, TrainingWatch& watch) {
  using Skip = skip::Searched<dynamic, dynamic>;
  using Model = Tower<prompt::None, Skip>;
  Skip skip;
  skip.beside.width = settings.policy.width, skip.shortcut.width = settings.policy.shortcut;
  Net<Model, PackedCpu<float>> net(model_of<Model>(folder, {}, skip, settings),
                                   {.seed = settings.seed, .draw = Draw::learnt});
  (void)io::bind(net, folder);
  AdamW<float> optimizer(groups_of(net), {.weight_decay = t.weight_decay});
  auto const& [name, images, learnt, chosen] = t.tasks.front();
  Examples<float, Images> train(*images, learnt, folder.preprocess(), t.augment);
  Examples<float, Images> judges(*images, chosen.empty() ? learnt : chosen, folder.preprocess());
  LayerSearch search(net, judges, how, t.fit.batch);
  auto curve = fit(net, optimizer, train, t.fit, search, watch);
  return {search.choice(), search.search().state().preferences, std::move(curve)};
}

}  // namespace vlpt::cli
