#include "kernels/arrays.hpp"

using namespace vlpt;
using test::Array;
using test::Backends;

BOOST_AUTO_TEST_SUITE(dropout)

BOOST_AUTO_TEST_CASE_TEMPLATE(every_backend_draws_the_same_mask, B, Backends) {
  using T = typename B::Scalar;
  Random const random{5, 6};
  Array<T> x(1, 3, 7, 9, true), y(2, 3, 7, 9);
  B{}.dropout(random, 0.3, 7, 0, x.all, y.all);
  for (Index b = 0; b < 3; ++b)
    for (Index r = 0; r < 7; ++r)
      for (Index c = 0; c < 9; ++c) {
        auto const place = static_cast<std::uint64_t>((b * 7 + r) * 9 + c);
        T const expected(random.uniform(place) < 0.3 ? Sum<T>(0)
                                                     : x.all.sample(b)(r, c) * Sum<T>(1 / 0.7));
        BOOST_TEST(y.all.sample(b)(r, c) == expected);
      }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(rows_are_addressed_by_their_logical_place, B, Backends) {
  using T = typename B::Scalar;
  Random const random{5, 7};
  Array<T> x(1, 2, 10, 4), all(2, 2, 10, 4), some(3, 2, 3, 4);
  B{}.dropout(random, 0.5, 10, 0, x.all, all.all);
  B{}.dropout(random, 0.5, 10, 6, x.all.range(6, 3), some.all);  // rows 6 to 8 of ten, alone
  for (Index b = 0; b < 2; ++b)
    for (Index r = 0; r < 3; ++r)
      for (Index c = 0; c < 4; ++c)
        BOOST_TEST(some.all.sample(b)(r, c) == all.all.sample(b)(r + 6, c));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_shared_sample_is_dropped_for_each_sample_anew, B, Backends) {
  using T = typename B::Scalar;
  Array<T> ones(1, 1, 8, 16), y(2, 2, 8, 16);
  B{}.fill(ones.all, T(1));
  B{}.dropout(Random{5, 8}, 0.5, 8, 0, ones.all, y.all);
  Index apart = 0;
  for (Index r = 0; r < 8; ++r)
    for (Index c = 0; c < 16; ++c) apart += y.all.sample(0)(r, c) != y.all.sample(1)(r, c);
  BOOST_TEST(apart > 30);
  BOOST_TEST(apart < 100);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_rate_is_kept_and_so_is_the_mean, B, Backends) {
  using T = typename B::Scalar;
  Index const n = 20000;
  Array<T> ones(1, 1, n, 5), y(2, 1, n, 5);
  B{}.fill(ones.all, T(1));
  for (double const rate : {0.1, 0.5, 0.8}) {
    B{}.dropout(Random{9, 1}, rate, n, 0, ones.all, y.all);
    double zeros = 0, sum = 0;
    for (Index i = 0; i < 5 * n; ++i) {
      double const v = static_cast<double>(y.view()(i / 5, i % 5));
      zeros += v == 0;
      sum += v;
    }
    BOOST_TEST(std::abs(zeros / (5.0 * n) - rate) < 0.01);  // six deviations
    BOOST_TEST(std::abs(sum / (5.0 * n) - 1) < 0.04);
  }
}

BOOST_AUTO_TEST_SUITE_END()
