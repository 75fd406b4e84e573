#include <limits>

#include "kernels/arrays.hpp"
#include "losses.hpp"

using namespace vlpt;
using test::Array;
using test::Backends;
using test::same;
using test::Truth;

BOOST_AUTO_TEST_SUITE(scores)

BOOST_AUTO_TEST_CASE_TEMPLATE(unit_rows_agree_with_the_truth, B, Backends) {
  using T = typename B::Scalar;
  Array<T> x(1, 1, 5, 7, true), y(2, 1, 5, 7, true), n(3, 1, 5, 1), dy(4, 1, 5, 7), dx(5, 1, 5, 7);
  Array<double, T> rx(1, 1, 5, 7, true), ry(2, 1, 5, 7, true), rn(3, 1, 5, 1), rdy(4, 1, 5, 7),
      rdx(5, 1, 5, 7);
  B{}.unit_rows(x.view(), y.view(), n.view());
  Truth{}.unit_rows(rx.view(), ry.view(), rn.view());
  B{}.unit_rows_reverse(dy.view(), y.view(), n.view(), dx.view());
  Truth{}.unit_rows_reverse(rdy.view(), ry.view(), rn.view(), rdx.view());
  same(y, ry), same(n, rn), same(dx, rdx);
}

BOOST_AUTO_TEST_CASE(unit_rows_by_hand_and_by_differences) {
  Truth const b;
  std::vector<double> x{3, 4}, y(2), n(1), dy{1, 0}, dx(2);
  View<double> const vx(x.data(), 1, 2), vy(y.data(), 1, 2), vn(n.data(), 1, 1),
      vdx(dx.data(), 1, 2);
  b.unit_rows(vx, vy, vn);
  BOOST_TEST(y[0] == 0.6);
  BOOST_TEST(y[1] == 0.8);
  BOOST_TEST(n[0] == 5);
  b.unit_rows_reverse(View<double>(dy.data(), 1, 2), vy, vn, vdx);
  double const h = 1e-6;
  for (std::size_t i = 0; i < 2; ++i) {
    double side[2];
    for (int s : {0, 1}) {
      std::vector<double> moved = x, out(2);
      moved[i] += s == 0 ? h : -h;
      b.unit_rows(View<double>(moved.data(), 1, 2), View<double>(out.data(), 1, 2), View<double>{});
      side[s] = out[0];
    }
    BOOST_TEST(std::abs((side[0] - side[1]) / (2 * h) - dx[i]) < 1e-9);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(soft_targets_of_one_class_are_labels, B, Backends) {
  using T = typename B::Scalar;
  Array<T> x(1, 1, 4, 6, true), d(2, 1, 4, 6), e(2, 1, 4, 6), targets(3, 1, 4, 6);
  std::vector<Index> const labels{2, 0, 5, 5};
  B{}.fill(targets.all, T(0));
  for (Index i = 0; i < 4; ++i) targets.view()(i, labels[static_cast<std::size_t>(i)]) = T(1);
  auto const soft = test::soft_cross_entropy(B{}, x.view(), targets.view(), d.view());
  auto const hard = test::cross_entropy(B{}, x.view(), labels.data(), {}, e.view());
  BOOST_TEST(std::abs(soft - hard) < 1e-6);
  for (std::size_t i = 0; i < d.block.size(); ++i)
    BOOST_TEST(std::abs(d.block[i] - e.block[i]) < 1e-6);
}

BOOST_AUTO_TEST_CASE(the_gradient_of_soft_targets_is_a_slope) {
  Truth const b;
  Array<double> x(1, 1, 3, 4), t(2, 1, 3, 4), d(3, 1, 3, 4), other(4, 1, 3, 4);
  for (double& v : t.block) v = std::abs(v);  // they need not sum to one
  (void)test::soft_cross_entropy(b, x.view(), t.view(), d.view());
  for (Index i = 0; i < 3; ++i)
    for (Index c = 0; c < 4; ++c) {
      double const base = x.view()(i, c), h = 1e-5;
      x.view()(i, c) = base + h;
      double const up = test::soft_cross_entropy(b, x.view(), t.view(), other.view());
      x.view()(i, c) = base - h;
      double const down = test::soft_cross_entropy(b, x.view(), t.view(), other.view());
      x.view()(i, c) = base;
      BOOST_TEST(std::abs((up - down) / (2 * h) - d.view()(i, c)) < 1e-8);
    }
}

// A class that is left out takes no part in the softmax: as if it were not there.
BOOST_AUTO_TEST_CASE_TEMPLATE(cleared_columns_leave_the_softmax, B, Backends) {
  using T = typename B::Scalar;
  Array<T> x(1, 1, 2, 5), d(2, 1, 2, 5), t(3, 1, 2, 5);
  Array<T> part(1, 1, 2, 5);
  std::vector<Index> const first{1, 0}, last{4, 2}, labels{3, 1};
  B{}.clear_outside(first.data(), last.data(), T(-std::numeric_limits<Sum<T>>::infinity()),
                    x.view());
  B{}.fill(t.all, T(0));
  t.view()(0, 3) = t.view()(1, 1) = T(1);
  double expected = 0;
  for (Index i = 0; i < 2; ++i) {
    auto const at = static_cast<std::size_t>(i);
    double sum = 0;
    for (Index c = first[at]; c < last[at]; ++c)
      sum += std::exp(static_cast<double>(part.view()(i, c)));
    expected += (std::log(sum) - static_cast<double>(part.view()(i, labels[at]))) / 2;
  }
  BOOST_TEST(std::abs(test::cross_entropy(B{}, x.view(), labels.data(), {}, d.view()) - expected) <
             1e-6);
  BOOST_TEST(d.view()(0, 0) == T(0));
  BOOST_TEST(std::abs(test::soft_cross_entropy(B{}, x.view(), t.view(), d.view()) - expected) <
             1e-6);
  BOOST_TEST(d.view()(1, 4) == T(0));
  BOOST_TEST(std::isfinite(d.view()(0, 2)));
}

BOOST_AUTO_TEST_SUITE_END()
