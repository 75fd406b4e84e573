#include "vlpt/train/task_ranges.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "vlpt/kernels/reference.hpp"

using namespace vlpt;

namespace {

/// Three tasks of 3, 2 and 3 classes, one row each of the last and the first; what they become.
std::vector<double> applied(OffTask off, std::vector<double> logits) {
  TaskRanges const tasks{{0, 3, 5}, {3, 5, 8}, off};
  std::vector<Index> first, last;
  tasks.select({2, 0}, first, last);
  tasks.apply(Reference<double>{}, first, last, View<double>(logits.data(), 2, 8));
  return logits;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(task_ranges)

BOOST_AUTO_TEST_CASE(logits_of_other_tasks) {
  std::vector<double> const ones(16, 1.0);
  BOOST_TEST(applied(OffTask::keep, ones) == ones, boost::test_tools::per_element());
  std::vector<double> const zeros{0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0};
  BOOST_TEST(applied(OffTask::zero, ones) == zeros, boost::test_tools::per_element());
  auto const gone = applied(OffTask::minus_infinity, ones);
  for (std::size_t i = 0; i < 16; ++i) BOOST_TEST(std::isinf(gone[i]) == (zeros[i] == 0));
}

BOOST_AUTO_TEST_CASE(gradients_of_other_tasks_are_none) {
  TaskRanges const tasks{{0, 2}, {2, 4}, OffTask::minus_infinity};
  std::vector<Index> first, last;
  tasks.select({1}, first, last);
  std::vector<double> d{1, 2, 3, 4};
  tasks.reverse(Reference<double>{}, first, last, View<double>(d.data(), 1, 4));
  BOOST_TEST((d == std::vector<double>{0, 0, 3, 4}));
}

// methods.md 6.6: one softmax over the union and each task's own agree on which class of a task is
// best.
BOOST_AUTO_TEST_CASE(the_best_class_of_a_task_is_the_same_in_the_union) {
  std::vector<double> const logits{3, 1, 2, 9, 0, -4, -2, -3, 5, 7, 6, 8, 1, 1, 2, 0};
  auto const sound = applied(OffTask::minus_infinity, logits);
  for (std::size_t row = 0; row < 2; ++row) {
    auto const best = [&](std::vector<double> const& v, std::size_t from, std::size_t to) {
      auto const at = v.begin() + static_cast<std::ptrdiff_t>(row * 8);
      return std::max_element(at + static_cast<std::ptrdiff_t>(from),
                              at + static_cast<std::ptrdiff_t>(to)) -
             at;
    };
    bool const last = row == 0;
    BOOST_TEST(best(logits, last ? 5 : 0, last ? 8 : 3) == best(sound, 0, 8));
  }
}

BOOST_AUTO_TEST_CASE(an_unknown_task_is_named) {
  TaskRanges const tasks{{0, 3}, {3, 5}};
  std::vector<Index> first, last;
  BOOST_CHECK_THROW(tasks.select({2}, first, last), InputError);
}

BOOST_AUTO_TEST_SUITE_END()
