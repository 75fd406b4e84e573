#include "classifier_cost.hpp"

#include "cost_answer.hpp"

namespace vlpt::cli {

Cost classifier_cost(io::ModelFolder const& folder, ClassifierSettings const& settings) {
  PolicyChoice const& policy = settings.policy;
  VisionFacts facts = folder.vision().facts;
  if (settings.pool) facts.pool = *settings.pool;
  CostChoice choice{.prompt = policy.name,
                    .prompts = policy.prompts,
                    .rank = policy.rank,
                    .width = policy.width,
                    .head = settings.classes};
  if (policy_facts(policy.name).has_skip) {  // it is nothing but what it skips
    choice.prompt = "none";
    choice.plan = SkipPlan::parse(facts.depth, policy.skip);
    choice.beside = policy.width, choice.shortcut = policy.shortcut;
  }
  return answer(facts, choice, convention::exact).cost;
}

}  // namespace vlpt::cli
