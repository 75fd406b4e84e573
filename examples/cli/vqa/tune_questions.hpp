#pragma once
#include <filesystem>

#include "../shared.hpp"
#include "questions.hpp"

namespace vlpt::cli {

/// What vlpt tune does with questions about pictures: tunes, tests, and writes a delta. Questions
/// that are longer than the model reads are cut with a warning, or an InputError where `strict`.
void tune_questions(io::ModelFolder const& folder, Shared const& asked,
                    std::filesystem::path const& train, std::filesystem::path const& test,
                    QuestionRun const& run, std::filesystem::path const& out, bool strict);

}  // namespace vlpt::cli
