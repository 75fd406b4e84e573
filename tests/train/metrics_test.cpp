#include "vlpt/train/metrics.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <iomanip>
#include <sstream>
#include <string>
#include <vector>

#include "vlpt/train/confusion.hpp"
#include "vlpt/train/epoch_summary.hpp"

namespace {
using vlpt::Index;
using vlpt::InputError;
using vlpt::View;
}  // namespace

BOOST_AUTO_TEST_SUITE(metrics)

BOOST_AUTO_TEST_CASE(top_k_counts_rows_whose_class_is_among_the_best) {
  std::vector<float> const logits{0.1F, 0.7F, 0.2F, 9,   // best 1, then 2, 0; the 9s lie outside
                                  3,    2,    1,    9};  // best 0, 1, 2
  View<float const> const v(logits.data(), 2, 3, 4);
  std::array<int, 2> const labels{2, 0};
  BOOST_TEST(vlpt::top_k_accuracy(v, std::span<int const>(labels)) == 0.5);
  BOOST_TEST(vlpt::top_k_accuracy(v, std::span<int const>(labels), 2) == 1.0);
  std::array<int, 2> const last{0, 2};
  BOOST_TEST(vlpt::top_k_accuracy(v, std::span<int const>(last), 2) == 0.0);
  BOOST_TEST(vlpt::top_k_accuracy(v, std::span<int const>(last), 5) == 1.0);
  BOOST_TEST(vlpt::top_k_accuracy(View<float const>(nullptr, 0, 3), std::span<int const>()) == 0.0);
}

BOOST_AUTO_TEST_CASE(ties_go_to_the_lower_class_and_nan_never_wins) {
  std::array const equal{1.0, 1.0, 1.0};
  for (Index c = 0; c < 3; ++c) BOOST_TEST(vlpt::rank_of<double>(equal, c) == c);
  double const nan = std::nan("");
  std::array const with_nan{nan, 1.0, 0.5};
  BOOST_TEST(vlpt::rank_of<double>(with_nan, 0) == 2);
  BOOST_TEST(vlpt::rank_of<double>(with_nan, 1) == 1);
  std::array const all_nan{nan, nan, nan};
  for (Index c = 0; c < 3; ++c) BOOST_TEST(vlpt::rank_of<double>(all_nan, c) == 2);
}

BOOST_AUTO_TEST_CASE(the_best_class_is_the_first_of_the_highest_and_no_nan) {
  double const nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> const rows{1, 3, 3, nan, 1, 2, 1, nan, -1, nan, nan, nan};
  vlpt::View<double const> const logits(rows.data(), 4, 3);
  std::vector<Index> const best{1, 2, 0, -1};
  for (Index r = 0; r < 4; ++r)
    BOOST_TEST(vlpt::best_class(logits, r) == best[static_cast<std::size_t>(r)]);
}

BOOST_AUTO_TEST_CASE(wrong_labels_are_refused) {
  std::array const logits{1.0, 2.0};
  View<double const> const v(logits.data(), 1, 2);
  for (Index bad : {Index{-1}, Index{2}})
    BOOST_CHECK_THROW((void)vlpt::top_k_accuracy(v, std::span<Index const>(&bad, 1)), InputError);
  std::array<Index, 2> const two{0, 1};
  BOOST_CHECK_THROW((void)vlpt::top_k_accuracy(v, std::span<Index const>(two)), InputError);
  BOOST_CHECK_THROW((void)vlpt::top_k_accuracy(v, std::span<Index const>(two).first(1), 0),
                    InputError);
}

BOOST_AUTO_TEST_CASE(means) {
  vlpt::RunningMean mean;
  BOOST_TEST(mean.value() == 0);
  mean.add(1, 3);
  mean.add(5);
  BOOST_TEST(mean.value() == 2);

  std::array const seeds{0.81, 0.84, 0.87};
  auto const [m, s] = vlpt::mean_std(seeds);
  BOOST_TEST(m == 0.84, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(s == 0.03, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(std::isnan(vlpt::mean_std(std::array{0.5}).std));
  BOOST_CHECK_THROW((void)vlpt::mean_std({}), InputError);
}

BOOST_AUTO_TEST_CASE(confusion) {
  vlpt::Confusion c(3);
  BOOST_TEST(c.accuracy() == 0);
  BOOST_TEST(c.mean_class_accuracy() == 0);
  c.add(0, 0, 9);
  c.add(0, 1);
  c.add(1, 0);
  c.add(1, 1);  // class 2 has no samples
  BOOST_TEST(c(0, 1) == 1);
  BOOST_TEST(c.samples(0) == 10);
  BOOST_TEST(c.accuracy() == 10.0 / 12.0);
  BOOST_TEST(c.class_accuracy(0) == 0.9);
  BOOST_TEST(c.mean_class_accuracy() == 0.7);
  BOOST_TEST(c.class_accuracy(2) == 0);
  BOOST_CHECK_THROW(c.add(3, 0), InputError);
  BOOST_CHECK_THROW(c.add(0, -1), InputError);
  BOOST_CHECK_THROW(vlpt::Confusion(0), InputError);
}

BOOST_AUTO_TEST_CASE(an_epoch_is_one_plain_line) {
  vlpt::EpochSummary e{.epoch = 2,
                       .steps = 10,
                       .train_loss = 0.51234,
                       .train_accuracy = 0.8125,
                       .valid_accuracy = 0.75,
                       .learning_rate = 0.05,
                       .gradient_norm = 1.5,
                       .seconds = 2.5,
                       .seconds_per_step = 0.25};
  std::ostringstream out;
  out << std::hex << std::setprecision(1) << std::showpos << e;
  BOOST_TEST(out.str() ==
             "epoch 3  loss 0.5123  train 81.25 %  valid 75.00 %  rate 0.05  gradient 1.5  "
             "10 steps in 2.5 s (0.25 s a step)");
  e.valid_accuracy.reset();
  out.str("");
  out << e;
  BOOST_TEST(out.str().find("valid") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
