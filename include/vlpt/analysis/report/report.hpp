#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "vlpt/core/index.hpp"

/// What a comparison of policies tells its reader: plain values, filled by the caller, written by
/// to_html(), to_json() and to_markdown(). All text is UTF-8; accuracies are shares in [0, 1].
namespace vlpt::report {

/// One policy. NaN means "not known"; a NaN accuracy_std is left away (a single seed). Rows of one
/// group stand together, under its name; hashes of the frozen weights that are empty are not shown.
struct TableRow {
  std::string policy;
  Index trained_parameters = 0;
  Index macs_per_image = 0;
  double seconds_per_step = 0;
  double accuracy_mean = 0;
  double accuracy_std = std::numeric_limits<double>::quiet_NaN();
  double class_mean = std::numeric_limits<double>::quiet_NaN();  ///< of the classes' accuracies
  std::string group = {};
  double seconds_per_answer = std::numeric_limits<double>::quiet_NaN();
  std::vector<std::pair<std::string, double>> tasks = {};  ///< whose mean the accuracy is
  std::string backbone_before = {}, backbone_after = {};

  [[nodiscard]] bool backbone_unchanged() const { return backbone_before == backbone_after; }
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
  std::vector<TableRow> table = {};
  std::vector<Chart> charts = {};
  std::vector<Prediction> predictions = {};
  std::vector<Fact> facts = {};
  std::vector<std::string> notes = {};

  /// Whether any row tells the hash of its backbone, and whether all that do found it unchanged.
  [[nodiscard]] bool hashed() const {
    return std::ranges::any_of(table, [](TableRow const& r) { return !r.backbone_before.empty(); });
  }
  [[nodiscard]] bool backbone_unchanged() const {
    return std::ranges::all_of(table, &TableRow::backbone_unchanged);
  }
  /// The row of the highest mean accuracy within its group, -1 if no row has one.
  [[nodiscard]] Index best_row(std::string const& group) const {
    Index best = -1;
    for (Index i = 0; i < static_cast<Index>(table.size()); ++i) {
      TableRow const& row = table[static_cast<std::size_t>(i)];
      if (row.group == group && !std::isnan(row.accuracy_mean) &&
          (best < 0 || row.accuracy_mean > table[static_cast<std::size_t>(best)].accuracy_mean))
        best = i;
    }
    return best;
  }
  /// The groups in the order of the table.
  [[nodiscard]] std::vector<std::string> groups() const {
    std::vector<std::string> out;
    for (TableRow const& row : table)
      if (std::ranges::find(out, row.group) == out.end()) out.push_back(row.group);
    return out;
  }
};

}  // namespace vlpt::report
