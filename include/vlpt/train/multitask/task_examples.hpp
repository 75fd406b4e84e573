#pragma once
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "vlpt/blocks/tasks.hpp"
#include "vlpt/core/random.hpp"
#include "vlpt/core/tensor.hpp"
#include "vlpt/train/pair_row.hpp"
#include "vlpt/train/task_ranges.hpp"

namespace vlpt {

/// The examples of one task. With `labels` (examples, classes), 1 where a class is there, an
/// example may have several: they share its mass equally (MVLPT's code).
template <class E>
struct TaskPart {
  std::string name;
  E* examples;  // lives on; Examples, or what fills planes and tells labels like it
  Tensor<double> labels;

  TaskPart(std::string of, E& its) : name(std::move(of)), examples(&its) {}
  TaskPart(std::string of, E& its, Tensor<double> several)
      : name(std::move(of)), examples(&its), labels(std::move(several)) {}
};

/// The examples of several tasks as one set: labels number the union of their classes, task after
/// task, and each example has a task. What fit reads; images of all tasks have one size.
template <class E>
class TaskExamples {
 public:
  explicit TaskExamples(std::vector<TaskPart<E>> parts) : parts_(std::move(parts)) {
    VLPT_CHECK(!parts_.empty(), "a set of several tasks' examples needs at least one task");
    for (auto const& p : parts_) {
      E const& e = *p.examples;
      tasks_.add(p.name, e.classes());
      ends_.push_back(size() + e.size());
      VLPT_CHECK(e.preprocess().values() == preprocess().values(), "task \"", p.name,
                 "\" has images of ", e.preprocess().values(), " values, task \"", parts_[0].name,
                 "\" of ", preprocess().values());
      VLPT_CHECK(p.labels.size() == 0 || p.labels.shape == (Shape{e.size(), e.classes()}),
                 "the labels of task \"", p.name, "\" have the shape ", p.labels.shape, ", not ",
                 Shape{e.size(), e.classes()});
    }
  }

  [[nodiscard]] Tasks const& tasks() const { return tasks_; }
  [[nodiscard]] Index size() const { return ends_.empty() ? 0 : ends_.back(); }
  [[nodiscard]] Index classes() const { return tasks_.classes(); }
  [[nodiscard]] bool augmented() const {
    return std::any_of(parts_.begin(), parts_.end(),
                       [](auto const& p) { return p.examples->augmented(); });
  }
  [[nodiscard]] auto const& preprocess() const { return parts_[0].examples->preprocess(); }
  [[nodiscard]] Index task(Index i) const {
    return std::upper_bound(ends_.begin(), ends_.end(), i) - ends_.begin();
  }
  /// Of the union; of several, the first.
  [[nodiscard]] Index label(Index i) const {
    return tasks_.start(task(i)) + part(i).examples->label(local(i));
  }
  [[nodiscard]] Index index(Index i) const { return i; }
  /// `into`: planes, or a row of texts with pictures, as the tasks' own examples fill it.
  template <class Row>
  void fill(Index i, Random random, Row const& into) {
    part(i).examples->fill(local(i), random, into);
  }
  [[nodiscard]] PairSize pair_size(Index i) const requires MakesPairs<E> {
    return part(i).examples->pair_size(local(i));
  }
  /// Whether some example has several labels: then targets(i) are what is learnt.
  [[nodiscard]] bool soft() const {
    return std::any_of(parts_.begin(), parts_.end(),
                       [](auto const& p) { return p.labels.size() > 0; });
  }
  /// Writes how the mass of example i is shared among the classes of the union; nothing where it
  /// has no label.
  template <class T>
  void targets(Index i, T* row) const {
    std::fill_n(row, classes(), T(0));
    auto const& labels = part(i).labels;
    if (labels.size() == 0) {
      row[label(i)] = T(1);
      return;
    }
    auto const own = labels.view();
    double sum = 0;
    for (Index k = 0; k < own.cols; ++k) sum += own(local(i), k);
    for (Index k = 0; k < own.cols && sum > 0; ++k)
      row[tasks_.start(task(i)) + k] = static_cast<T>(own(local(i), k) / sum);
  }
  /// Which logits are a task's own, and what becomes of the others.
  [[nodiscard]] TaskRanges ranges(OffTask off) const {
    TaskRanges r;
    r.off = off;
    for (Index t = 0; t < tasks_.size(); ++t)
      r.start.push_back(tasks_.start(t)), r.end.push_back(tasks_.end(t));
    return r;
  }

 private:
  [[nodiscard]] TaskPart<E> const& part(Index i) const {
    return parts_[static_cast<std::size_t>(task(i))];
  }
  /// The number of example i in its own set.
  [[nodiscard]] Index local(Index i) const {
    Index const t = task(i);
    return t == 0 ? i : i - ends_[static_cast<std::size_t>(t - 1)];
  }

  std::vector<TaskPart<E>> parts_;
  Tasks tasks_;
  std::vector<Index> ends_;
};

}  // namespace vlpt
