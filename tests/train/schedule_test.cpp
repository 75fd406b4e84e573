#include "vlpt/train/schedule.hpp"

#include <boost/test/unit_test.hpp>
#include <initializer_list>

namespace {
using vlpt::Index;
using vlpt::InputError;
using vlpt::Schedule;

void check(Schedule const& s, std::initializer_list<double> expected, Index stride = 1) {
  Index step = 0;
  for (double e : expected) {
    for (Index within = 0; within < stride; ++within)
      BOOST_TEST(std::abs(s.factor(step + within) - e) < 1e-15,
                 "step " << step + within << ": " << s.factor(step + within) << ", expected " << e);
    step += stride;
  }
}
}  // namespace

BOOST_AUTO_TEST_SUITE(schedule)

BOOST_AUTO_TEST_CASE(the_default_is_constant) {
  check({}, {1, 1, 1});
  check({.warmup_steps = 2}, {0, 0.5, 1, 1});
  check({.warmup_steps = 4, .warmup_start = 0.2}, {0.2, 0.4, 0.6, 0.8, 1});
}

// The expected numbers of the next three were made with PyTorch 2.15 and the released formulas.
BOOST_AUTO_TEST_CASE(vpt_warms_up_linearly_and_falls_as_a_cosine_by_epoch) {
  std::initializer_list<double> const expected{
      0, 0.5, 1, 0.8535533905932737, 0.5, 0.14644660940672627, 0, 0};
  check(Schedule::vpt(6, 2, 1), expected);
  check(Schedule::vpt(6, 2, 7), expected, 7);
}

BOOST_AUTO_TEST_CASE(hugging_face_decays_as_a_polynomial) {
  check(Schedule::hugging_face(10, 2, 2, 0.1), {0, 0.5, 1, 0.7890625, 0.60625, 0.4515625, 0.325,
                                                0.2265625, 0.15625, 0.1140625, 0.1, 0.1, 0.1});
  check(Schedule::hugging_face(4, 0), {1, 0.75, 0.5, 0.25, 0, 0});
}

BOOST_AUTO_TEST_CASE(coop_holds_one_epoch_and_never_reaches_zero) {
  check(Schedule::coop(5, 3),
        {1e-5 / 0.002, 1, 0.9045084971874737, 0.6545084971874737, 0.34549150281252633}, 3);
}

BOOST_AUTO_TEST_CASE(linear_is_a_polynomial_of_power_one) {
  Schedule const a{
      .kind = Schedule::Kind::linear, .total_steps = 9, .warmup_steps = 3, .final_ratio = 0.2};
  Schedule b = a;
  b.kind = Schedule::Kind::polynomial;
  for (Index s = 0; s < 12; ++s) BOOST_TEST(a.factor(s) == b.factor(s));
  BOOST_TEST(a.factor(6) == 0.6, boost::test_tools::tolerance(1e-15));
  BOOST_TEST(a.factor(9) == 0.2);
}

BOOST_AUTO_TEST_CASE(the_edges) {
  // A warm-up that outlasts the run, and one that fills it.
  check({.kind = Schedule::Kind::cosine, .total_steps = 2, .warmup_steps = 4},
        {0, 0.25, 0.5, 0.75, 0});
  check({.kind = Schedule::Kind::linear, .total_steps = 2, .warmup_steps = 2}, {0, 0.5, 0, 0});
  check({.kind = Schedule::Kind::cosine, .total_steps = 1}, {1, 0, 0});
  BOOST_CHECK_THROW((void)Schedule{.kind = Schedule::Kind::cosine}.factor(0), InputError);
  BOOST_CHECK_THROW((void)Schedule::vpt(0, 0, 5).factor(0), InputError);
  BOOST_CHECK_THROW((void)Schedule::vpt(3, 0, 0).factor(0), InputError);
  BOOST_CHECK_THROW((void)Schedule{}.factor(-1), InputError);
}

BOOST_AUTO_TEST_SUITE_END()
