#pragma once
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"

namespace vlpt {

/// Counts of (true class, predicted class), and the accuracies that follow from them.
class Confusion {
 public:
  explicit Confusion(Index classes)
      : classes_(classes > 0 ? classes : 0),
        counts_(static_cast<std::size_t>(classes_ * classes_)) {
    VLPT_CHECK(classes > 0, "a confusion table needs at least one class, got ", classes);
  }

  void add(Index truth, Index predicted, Index times = 1) {
    counts_[at(truth, predicted)] += times;
  }

  [[nodiscard]] Index classes() const { return classes_; }
  [[nodiscard]] Index operator()(Index truth, Index predicted) const {
    return counts_[at(truth, predicted)];
  }
  /// How many samples have this true class.
  [[nodiscard]] Index samples(Index truth) const {
    Index n = 0;
    for (Index p = 0; p < classes_; ++p) n += (*this)(truth, p);
    return n;
  }
  /// The share of all samples that are right; 0 without samples.
  [[nodiscard]] double accuracy() const {
    Index right = 0, all = 0;
    for (Index c = 0; c < classes_; ++c) right += (*this)(c, c), all += samples(c);
    return share(right, all);
  }
  [[nodiscard]] double class_accuracy(Index truth) const {
    return share((*this)(truth, truth), samples(truth));
  }
  /// The mean of class_accuracy over the classes that have samples ("mean per class").
  [[nodiscard]] double mean_class_accuracy() const {
    double sum = 0;
    Index present = 0;
    for (Index c = 0; c < classes_; ++c)
      if (samples(c) > 0) sum += class_accuracy(c), ++present;
    return present == 0 ? 0 : sum / static_cast<double>(present);
  }

 private:
  [[nodiscard]] std::size_t at(Index truth, Index predicted) const {
    for (Index c : {truth, predicted})
      VLPT_CHECK(c >= 0 && c < classes_, "class ", c, " in a confusion table of ", classes_);
    return static_cast<std::size_t>(truth * classes_ + predicted);
  }
  static double share(Index part, Index whole) {
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
  }

  Index classes_;
  std::vector<Index> counts_;
};

}  // namespace vlpt
