#include "classifier_cost.hpp"

#include "cost_answer.hpp"

namespace vlpt::cli {

Cost classifier_cost(io::ModelFolder const& folder, ClassifierSettings const& settings) {
  PolicyChoice const& policy = settings.policy;
  CostChoice choice{
      .prompt = policy.name, .prompts = policy.prompts, .rank = policy.rank, .width = policy.width};
  if (auto const* const dual = std::get_if<io::DualFamily>(&folder.family)) {
    choice.classes = settings.classes();
    return answer(DualFacts{dual->facts, dual->text}, choice, convention::exact).cost;
  }
  VisionFacts facts = folder.vision().facts;
  if (settings.pool) facts.pool = *settings.pool;
  choice.head = settings.classes();
  if (policy_facts(policy.name).has_skip) {  // it is nothing but what it skips
    choice.prompt = "none";
    choice.plan = SkipPlan::parse(facts.depth, policy.skip);
    choice.beside = policy.width, choice.shortcut = policy.shortcut;
  }
  return answer(facts, choice, convention::exact).cost;
}

}  // namespace vlpt::cli
