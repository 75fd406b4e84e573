#pragma once
#include "../search.hpp"
#include "answerer.hpp"

namespace vlpt::cli {

/// Searches on `tuning.train` which layers a ViLT misses least for these questions; see
/// search_layers(). What was trained is not kept, as published.
[[nodiscard]] FoundLayers search_question_layers(ViltModel const& model,
                                                 AnswererSettings const& settings,
                                                 QuestionTuning const& tuning,
                                                 SearchSettings const& search,
                                                 TrainingWatch& watch);

}  // namespace vlpt::cli
