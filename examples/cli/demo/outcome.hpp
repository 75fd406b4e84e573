#pragma once
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "../evaluation.hpp"
#include "vlpt/analysis/report/report.hpp"
#include "vlpt/core/cost.hpp"
#include "vlpt/train/epoch_summary.hpp"

namespace vlpt::cli {

/// One way of tuning over all seeds and tasks: a row of the demo's table.
struct Outcome {
  std::string group;            // what it is compared within; rows of one group follow each other
  std::string label;            // "deep prompts (8)"
  std::string how{};            // "30 epochs, learning rate 0.01, ..."
  Cost cost{};                  // of one picture
  double seconds_per_step = 0;  // mean over the runs
  double seconds_per_answer = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> accuracy{}, class_mean{};         // of each seed, means over the tasks
  std::vector<std::pair<std::string, double>> tasks{};  // mean over the seeds, where several
  std::vector<std::vector<EpochSummary>> curves{};
  std::string before{}, after{};  // hash of the backbone; the first two that differ, if any do

  /// Notes the hashes of one run.
  void hash(std::string const& first, std::string const& then) {
    if (before == after) before = first, after = then;
  }
  /// Notes the time of one of `runs` curves.
  void add_curve(std::vector<EpochSummary> curve, Index runs) {
    double spent = 0, steps = 0;
    for (auto const& e : curve) spent += e.seconds, steps += static_cast<double>(e.steps);
    if (steps > 0) seconds_per_step += spent / steps / static_cast<double>(runs);
    curves.push_back(std::move(curve));
  }
};

/// Pictures with what was said of them, for the report.
struct ShownPredictions {
  std::string of;  // "deep prompts (8), seed 3"
  std::vector<report::Prediction> pictures;
};

/// What the demo tells when it is done.
struct DemoResult {
  std::string title, summary{};
  std::vector<Outcome> outcomes{};
  ShownPredictions shown{};
  std::vector<report::Fact> facts{};
  std::vector<std::string> notes{};
  std::string below{};  // further lines for people, under the table
};

/// "Deep prompts are ahead of the linear probe by 0.8 points, in 3 of 3 seeds.", computed from the
/// figures of the same seeds; `noun` of each with its verb's form left to the sentence.
[[nodiscard]] std::string verdict(Outcome const& one, std::string const& its_name,
                                  Outcome const& other, std::string const& other_name);

/// 40 evenly spread pictures of a test with what a classifier said of them.
[[nodiscard]] std::vector<report::Prediction> shown_predictions(Images const& images,
                                                                std::vector<Index> const& indices,
                                                                Evaluation const& evaluation);

}  // namespace vlpt::cli
