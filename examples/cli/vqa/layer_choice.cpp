// Which layers DAS leaves out of a ViLT, searched while adapters beside all of them are trained.
#include "layer_choice.hpp"

#include "stream_of.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/kernels/packed.hpp"
#include "vlpt/policies/skip/searched.hpp"
#include "vlpt/train/adamw.hpp"
#include "vlpt/train/groups.hpp"
#include "vlpt/train/search/layer_search.hpp"

namespace vlpt::cli {

FoundLayers search_question_layers(ViltModel const& model, AnswererSettings const& settings,
                                   QuestionTuning const& t, SearchSettings const& how,
                                   TrainingWatch& watch) {
  using Skip = skip::Searched<dynamic, dynamic>;
  using Model = SingleStream<arch::DynamicSingleStream<>, prompt::None, Skip>;
  using Set = TextExamples<float, io::QuestionLines>;
  Skip skip;
  skip.beside.width = settings.policy.width, skip.shortcut.width = settings.policy.shortcut;
  Net<Model, PackedCpu<float>> net(stream_of<Model>(model, {}, skip, settings),
                                   {.seed = settings.seed, .draw = Draw::learnt});
  (void)io::bind(net, model.folder);
  AdamW<float> optimizer(groups_of(net), {.weight_decay = t.weight_decay});
  auto const set_of = [&](std::vector<Index> const& indices) {
    return Set(t.questions, indices, model.tokenizer, net.model().room.text, model.preprocess);
  };
  Set train = set_of(t.train), judges = set_of(t.valid.empty() ? t.train : t.valid);
  FitSettings fitting = t.fit;
  if (train.soft()) fitting.loss = Loss::binary_cross_entropy;
  LayerSearch search(net, judges, how, t.fit.batch, true, fitting.loss);
  auto curve = fit(net, optimizer, train, fitting, search, watch);
  return {search.choice(), search.search().state().preferences, std::move(curve)};
}

}  // namespace vlpt::cli
