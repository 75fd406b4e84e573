#pragma once
#include <cmath>
#include <concepts>
#include <limits>
#include <span>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/core/view.hpp"

namespace vlpt {

/// A mean that grows value by value; weight = size of the batch whose mean is added.
struct RunningMean {
  double sum = 0;
  double weight = 0;

  void add(double value, double of = 1) { sum += value * of, weight += of; }
  /// 0 as long as nothing was added.
  [[nodiscard]] double value() const { return weight > 0 ? sum / weight : 0; }
};

/// Mean and sample standard deviation (n - 1), as results over seeds are reported.
struct MeanStd {
  double mean = 0;
  double std = 0;  ///< NaN for a single value: one seed says nothing about the spread
};

/// requires values: not empty.
[[nodiscard]] inline MeanStd mean_std(std::span<double const> values) {
  VLPT_CHECK(!values.empty(), "a mean needs at least one value");
  auto const n = static_cast<double>(values.size());
  double sum = 0, squares = 0;
  for (double v : values) sum += v;
  double const mean = sum / n;
  for (double v : values) squares += (v - mean) * (v - mean);
  return {mean, values.size() > 1 ? std::sqrt(squares / (n - 1))
                                  : std::numeric_limits<double>::quiet_NaN()};
}

/// The class that scores highest in a row of logits (batch, classes); of equal scores the lowest
/// class, and a NaN never wins. -1 where every score is NaN, so that none is right.
template <class T>
[[nodiscard]] Index best_class(View<T> logits, Index row) {
  Index best = -1;
  for (Index c = 0; c < logits.cols; ++c)
    if (!std::isnan(logits(row, c)) && (best < 0 || logits(row, c) > logits(row, best))) best = c;
  return best;
}

/// How many classes score above the true one; of equal scores the lower class comes first, and a
/// NaN score never wins. logits (classes).
template <class T>
[[nodiscard]] Index rank_of(std::span<T const> logits, Index label) {
  T const own = logits[static_cast<std::size_t>(label)];
  Index rank = 0;
  for (Index c = 0; c < static_cast<Index>(logits.size()); ++c) {
    T const other = logits[static_cast<std::size_t>(c)];
    // Written so that a comparison with NaN counts against the true class.
    if (c < label ? !(own > other) : c > label && !(own >= other)) ++rank;
  }
  return rank;
}

/// The share of rows whose true class is among the k best. logits (batch, classes), one label a
/// row, each in [0, classes); 0 for no rows.
template <class T, std::integral L>
[[nodiscard]] double top_k_accuracy(View<T> logits, std::span<L const> labels, Index k = 1) {
  VLPT_CHECK(static_cast<Index>(labels.size()) == logits.rows, "accuracy: ", logits.rows,
             " rows of logits, but ", labels.size(), " labels");
  VLPT_CHECK(k > 0, "accuracy among the best k needs k of 1 or more, got ", k);
  Index hits = 0;
  for (Index r = 0; r < logits.rows; ++r) {
    auto const label = static_cast<Index>(labels[static_cast<std::size_t>(r)]);
    VLPT_CHECK(label >= 0 && label < logits.cols, "accuracy: label ", label, " in row ", r,
               ", but there are ", logits.cols, " classes");
    std::span<T const> const row(logits.row(r), static_cast<std::size_t>(logits.cols));
    if (rank_of<T const>(row, label) < k) ++hits;
  }
  return logits.rows == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(logits.rows);
}

}  // namespace vlpt
