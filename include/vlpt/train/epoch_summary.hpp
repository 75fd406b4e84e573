#pragma once
#include <iomanip>
#include <locale>
#include <optional>
#include <ostream>
#include <sstream>

#include "vlpt/core/index.hpp"

namespace vlpt {

/// What one epoch of training came to; `<<` writes it as one plain line.
struct EpochSummary {
  Index epoch = 0;  ///< from 0; printed from 1
  Index steps = 0;
  double train_loss = 0;
  double train_accuracy = 0;
  std::optional<double> valid_accuracy = {};
  double learning_rate = 0;  ///< of the last step
  double gradient_norm = 0;  ///< mean over the steps, before clipping
  double seconds = 0;
  double seconds_per_step = 0;

  friend std::ostream& operator<<(std::ostream& out, EpochSummary const& s) {
    // Written aside, so that the caller's stream flags and locale neither matter nor change.
    std::ostringstream line;
    line.imbue(std::locale::classic());
    line << "epoch " << s.epoch + 1 << std::fixed << std::setprecision(4) << "  loss "
         << s.train_loss << std::setprecision(2) << "  train " << 100 * s.train_accuracy << " %";
    if (s.valid_accuracy) line << "  valid " << 100 * *s.valid_accuracy << " %";
    line << std::defaultfloat << std::setprecision(3) << "  rate " << s.learning_rate
         << "  gradient " << s.gradient_norm << "  " << s.steps << " steps in " << s.seconds
         << " s (" << s.seconds_per_step << " s a step)";
    return out << line.str();
  }
};

}  // namespace vlpt
