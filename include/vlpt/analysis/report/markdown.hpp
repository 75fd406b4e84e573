#pragma once
#include <cmath>
#include <string>

#include "vlpt/analysis/report/escape.hpp"
#include "vlpt/analysis/report/number.hpp"
#include "vlpt/analysis/report/report.hpp"

namespace vlpt::report {

/// "84.1 ± 0.6 %", or "84.1 %" where the spread is not known.
[[nodiscard]] inline std::string accuracy_text(TableRow const& row) {
  if (std::isnan(row.accuracy_mean)) return "n/a";
  return percent(row.accuracy_mean) +
         (std::isnan(row.accuracy_std) ? "" : " ± " + percent(row.accuracy_std)) + " %";
}

/// The mean of the classes' accuracies: "83.7 %".
[[nodiscard]] inline std::string class_mean_text(TableRow const& row) {
  return std::isnan(row.class_mean) ? "n/a" : percent(row.class_mean) + " %";
}

/// The table of a report as a Markdown table.
[[nodiscard]] inline std::string to_markdown(Report const& report) {
  std::string out =
      "| policy | trained parameters | MACs per image | time per step | accuracy | mean of classes "
      "|\n"
      "|:--|--:|--:|--:|--:|--:|\n";
  for (auto const& row : report.table)
    out += "| " + escape_markdown(row.policy) + " | " + grouped(row.trained_parameters) + " | " +
           scaled(static_cast<double>(row.macs_per_image)) + " | " +
           duration(row.seconds_per_step) + " | " + accuracy_text(row) + " | " +
           class_mean_text(row) + " |\n";
  return out;
}

}  // namespace vlpt::report
