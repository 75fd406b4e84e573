#pragma once
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "vlpt/core/index.hpp"

/// What a comparison of policies tells its reader: plain values, filled by the caller, written by
/// to_html(), to_json() and to_markdown(). All text is UTF-8; accuracies are shares in [0, 1].
namespace vlpt::report {

/// One policy. NaN means "not known"; a NaN accuracy_std is left away (a single seed).
struct TableRow {
  std::string policy;
  Index trained_parameters = 0;
  Index macs_per_image = 0;
  double seconds_per_step = 0;
  double accuracy_mean = 0;
  double accuracy_std = std::numeric_limits<double>::quiet_NaN();
  double class_mean = std::numeric_limits<double>::quiet_NaN();  ///< of the classes' accuracies
};

/// requires x.size() == y.size(); a point that is not finite breaks the line.
struct Curve {
  std::string name;
  std::vector<double> x, y;
};

/// Curves that share their axes, such as the training loss of every policy.
struct Chart {
  std::string title;
  std::string x_label, y_label;
  std::vector<Curve> curves;
  bool percent = false;  ///< y are shares, written as percentages
};

/// A picture as the bytes of a PNG file (see encode_png), and what was said about it.
struct Prediction {
  std::vector<std::uint8_t> png;
  std::string true_class, predicted_class;
  double probability = 0;

  [[nodiscard]] bool right() const { return true_class == predicted_class; }
};

struct Fact {
  std::string key, value;
};

/// The whole. The date is the caller's: the same input gives the same bytes.
struct Report {
  std::string title;
  std::string summary;  ///< one or two sentences below the title
  std::string date;
  std::string command;
  std::string backbone_before, backbone_after;  ///< hashes of the frozen weights; empty: not shown
  std::vector<TableRow> table = {};
  std::vector<Chart> charts = {};
  std::vector<Prediction> predictions = {};
  std::vector<Fact> facts = {};
  std::vector<std::string> notes = {};

  [[nodiscard]] bool backbone_unchanged() const { return backbone_before == backbone_after; }
  /// The row of the highest mean accuracy, -1 if no row has one.
  [[nodiscard]] Index best_row() const {
    Index best = -1;
    for (Index i = 0; i < static_cast<Index>(table.size()); ++i) {
      double const mean = table[static_cast<std::size_t>(i)].accuracy_mean;
      if (!std::isnan(mean) &&
          (best < 0 || mean > table[static_cast<std::size_t>(best)].accuracy_mean))
        best = i;
    }
    return best;
  }
};

}  // namespace vlpt::report
