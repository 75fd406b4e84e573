#pragma once
#include <optional>
#include <string>
#include <vector>

#include "answerer.hpp"
#include "vlpt/core/skip_plan.hpp"

namespace vlpt::cli {

/// A task of questions: what is learnt from and what is tested on, with the same answers.
struct QuestionTask {
  io::QuestionLines train, test;
  Index words = 0;       // of the longest question, special ones included
  Index image_rows = 0;  // of the largest picture, the class row included

  /// FOLDER/NAME-train.jsonl and FOLDER/NAME-test.jsonl.
  [[nodiscard]] static QuestionTask open(std::filesystem::path const& folder,
                                         std::string const& name, ViltModel const& model);
  /// The questions of two files; the answers are those of the first. Of those that the model does
  /// not read to their end, the longest is told: see tell_cut().
  [[nodiscard]] static QuestionTask of(std::filesystem::path const& train,
                                       std::filesystem::path const& test, ViltModel const& model,
                                       bool strict = false);
};

/// Words of the longest question, special ones included, as the model reads it; questions that it
/// cuts are told on standard error, or an InputError where `strict`.
[[nodiscard]] Index longest_of(io::QuestionLines const& questions, ViltModel const& model,
                               bool strict);

/// How a column of results is made: one task, one policy, one seed.
struct QuestionRun {
  PolicyChoice policy;
  std::uint64_t seed = 1;
  Index shots = 16;         // questions of each answer to learn from; 0: all
  Index tested = 0;         // questions to test on, evenly chosen; 0: all
  Index skip_layers = 2;    // of a policy that leaves layers out and names none
  Index search_epochs = 8;  // of the search for them
  Index batch = 16;
  std::optional<Index> epochs{};  // where not given, the policy's own
  std::optional<double> learning_rate{}, weight_decay{};
};

/// What came of it. Times are those of this machine at this moment.
struct QuestionOutcome {
  std::string label;  // of the policy, in tables
  double accuracy = 0;
  Index trained = 0, macs = 0;  // parameters; multiply-accumulates of one question
  double seconds_per_step = 0, search_seconds = 0;
  std::string plan;           // layers that were left out, found by the search
  std::string before, after;  // SHA-256 of the backbone
  std::vector<EpochSummary> curve;
  std::unique_ptr<Answerer> answerer;  // as it was tuned
};

/// Tunes a policy on `shots` questions an answer, drawn by the seed, and tests it.
[[nodiscard]] QuestionOutcome run_questions(ViltModel const& model, QuestionTask const& task,
                                            QuestionRun const& run, Progress& progress);

/// Seconds for one question, of each answerer: the medians of `rounds` rounds in which all take
/// their turn, so that what else the machine does falls on all alike.
[[nodiscard]] std::vector<double> seconds_of(std::vector<Answerer const*> const& answerers,
                                             io::QuestionLines const& questions,
                                             Index rounds = 101);

}  // namespace vlpt::cli
