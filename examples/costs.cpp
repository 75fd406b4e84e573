// What policies cost, before anything runs: docs/costs.md quotes this file.
#include <fstream>
#include <iostream>

#include "vlpt/analysis/compare.hpp"
#include "vlpt/analysis/cost_report.hpp"
#include "vlpt/analysis/fits.hpp"
#include "vlpt/analysis/stage_costs.hpp"
#include "vlpt/models/single_stream.hpp"
#include "vlpt/policies/prompt/approximated.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/skip/adapter_skip.hpp"

namespace arch = vlpt::arch;
namespace prompt = vlpt::prompt;
namespace skip = vlpt::skip;

//! [models]
using Plain = vlpt::SingleStream<arch::ViLT_B32>;
using Deep = vlpt::SingleStream<arch::ViLT_B32, prompt::Deep<200>>;
using Mine = vlpt::SingleStream<arch::ViLT_B32, prompt::Approximated<200, 4>,
                                skip::AdapterSkip<96, 192, 5, 7>>;
constexpr vlpt::Tokens question{.batch = 1, .text = 40, .image = 145};
//! [models]

//! [assert]
constexpr vlpt::Cost plain = Plain::cost(question), mine = Mine::cost(question);
static_assert(mine.macs < plain.macs);
static_assert(mine.params < plain.params, "two layers are not even allocated");
//! [assert]

//! [budget]
static_assert(vlpt::fits<Mine>(
    question, {.macs = 14'000'000'000, .trained = 6'000'000, .saved_bytes = 100'000'000}));
//! [budget]

//! [run_time]
vlpt::Cost with_prompts(vlpt::Index prompts) {
  using Model = vlpt::SingleStream<arch::ViLT_B32, prompt::Deep<>>;
  auto settings = Model::Settings::of(question);
  settings.prompt.prompts = prompts;
  return vlpt::cost_of(Model(settings));
}
//! [run_time]

int main() try {
  //! [compare]
  vlpt::CostTable table = vlpt::compare<Plain, Deep, Mine>(question);
  table.note = "ViLT-B/32, a question of 40 words about an image of 144 patches.";
  std::cout << to_markdown(table);
  //! [compare]

  //! [stages]
  for (vlpt::StageCost const& stage : vlpt::stage_costs(Mine(Mine::Settings::of(question))))
    std::cout << vlpt::stage_text(stage.path) << ": " << stage.forward.macs() << " forwards, "
              << stage.backward.macs() << " backwards, " << stage.params << " parameters\n";
  //! [stages]

  //! [memory]
  vlpt::MemoryNeeds const needs = vlpt::memory_needs(mine);
  std::cout << needs.to_infer() << " bytes to infer, " << needs.to_train() << " to train\n";
  //! [memory]

  //! [rows]
  using Rounded = Deep::WithRows<vlpt::rows::Rounded<>>;
  using Recomputed = Deep::WithRows<vlpt::rows::Recomputed<>>;
  for (vlpt::Cost const& cost :
       {Deep::cost(question), Rounded::cost(question), Recomputed::cost(question)})
    std::cout << cost.saved_bytes << " bytes kept, " << cost.training_workspace_bytes
              << " of workspace\n";
  //! [rows]

  if (with_prompts(200).macs != Deep::cost(question).macs) return 1;
} catch (vlpt::Error const& e) {
  std::cerr << e.what() << '\n';
  return 1;
}
