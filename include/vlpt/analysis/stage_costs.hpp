#pragma once
#include <vector>

#include "vlpt/autodiff/cost_of.hpp"

namespace vlpt {

/// What one part of a model costs: a layer, the embedding, the head. The whole is their sum.
struct StageCost {
  StagePath path;
  Index params = 0;
  Index trainable = 0;
  Index saved_bytes = 0;  // that a training step keeps for its reverse
  Work prepare{}, forward{}, backward{};
};

/// Gives the tensors of a model to stages: a tensor belongs to the stage whose path its name starts
/// with; one that no stage does work for, to its outermost part.
class ParamsByStage final : public ParameterVisitor<float> {
 public:
  constexpr explicit ParamsByStage(std::vector<StageCost>& stages) : stages_(&stages) {}
  constexpr void enter(std::string_view name) override { path_.push_back({name}); }
  constexpr void enter(std::string_view name, Index i) override { path_.push_back({name, i}); }
  constexpr void leave() override { path_.pop_back(); }

 private:
  [[nodiscard]] constexpr bool starts_with(StagePath const& stage) const {
    return stage.size() <= path_.size() && std::equal(stage.begin(), stage.end(), path_.begin());
  }
  constexpr void show(std::string_view, View<float>&, Shape const& shape, Init const&,
                      Kind kind) override {
    StageCost* own = nullptr;
    for (StageCost& stage : *stages_)
      if (!stage.path.empty() && starts_with(stage.path) &&
          (own == nullptr || stage.path.size() > own->path.size()))
        own = &stage;
    if (own == nullptr) own = &stages_->emplace_back(StageCost{.path = {path_.front()}});
    own->params += shape.size();
    if (kind.learns) own->trainable += shape.size();
  }

  std::vector<StageCost>* stages_;
  StagePath path_;
};

/// What each stage of a model costs, in the order in which they run. constexpr. A stage without a
/// name is what no part of the model does alone, such as the end of a text.
template <class Model>
[[nodiscard]] constexpr std::vector<StageCost> stage_costs(Model const& model, Index batch = 1) {
  Cost whole;
  WorkByStage prepares, forwards, keeps, reverses;
  CountingRun<Model> const run(model, batch);
  run.infer(whole, prepares, forwards);
  run.train(whole, keeps, reverses);

  std::vector<StageCost> out;
  auto const at = [&out](StagePath const& path) -> StageCost& {
    for (StageCost& stage : out)
      if (stage.path == path) return stage;
    return out.emplace_back(StageCost{.path = path});
  };
  for (auto const& part : forwards.parts()) at(part.path).forward = part.work;
  for (auto const& part : prepares.parts()) at(part.path).prepare = part.work;
  for (auto const& part : keeps.parts()) at(part.path).saved_bytes = part.tape_bytes;
  for (auto const& part : reverses.parts()) at(part.path).backward = part.work;

  typename Model::template Params<float> params{};
  ParamsByStage by_stage(out);
  visit_parameters<typename Model::TrainFlow>(model, params, by_stage);
  return out;
}

}  // namespace vlpt
