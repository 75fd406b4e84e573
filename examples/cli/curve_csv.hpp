#pragma once
#include <string>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/train/epoch_summary.hpp"

namespace vlpt::cli {

/// Which accuracies a curve has beside its loss.
struct CurveAccuracies {
  bool train = false, test = false;
};

/// The curve of a pretraining as a table, a row an epoch.
[[nodiscard]] inline std::string curve_csv(std::vector<EpochSummary> const& curve,
                                           CurveAccuracies has = {}) {
  std::string out =
      text("epoch,loss", has.train ? ",accuracy" : "", has.test ? ",test_accuracy" : "",
           ",learning_rate,gradient_norm,seconds\n");
  for (auto const& e : curve) {
    out += text(e.epoch + 1, ',', e.train_loss);
    if (has.train) out += text(',', e.train_accuracy);
    if (has.test) out += text(',', e.valid_accuracy.value_or(0));
    out += text(',', e.learning_rate, ',', e.gradient_norm, ',', e.seconds, '\n');
  }
  return out;
}

}  // namespace vlpt::cli
