#pragma once
#include <filesystem>

#include "../shared.hpp"
#include "questions.hpp"

namespace vlpt::cli {

/// What vlpt tune does with questions about pictures: tunes, tests, and writes a delta.
void tune_questions(io::ModelFolder const& folder, Shared const& asked,
                    std::filesystem::path const& train, std::filesystem::path const& test,
                    QuestionRun const& run, std::filesystem::path const& out);

}  // namespace vlpt::cli
