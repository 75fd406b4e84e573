#include <limits>

#include "kernels/arrays.hpp"
#include "losses.hpp"

using namespace vlpt;
using test::Array;
using test::Backends;
using test::same;
using test::Truth;

BOOST_AUTO_TEST_SUITE(loss)

BOOST_AUTO_TEST_CASE_TEMPLATE(cross_entropy_agrees_with_the_truth, B, Backends) {
  using T = typename B::Scalar;
  for (auto const& [n, classes] : {std::pair{1, 1}, {4, 3}, {65, 10}}) {
    std::vector<Index> labels;
    for (Index i = 0; i < n; ++i) labels.push_back(i * 7 % classes);
    for (bool const weighted : {false, true}) {
      Array<T> x(1, 1, n, classes, true), w(2, 1, 1, classes), d(3, 1, n, classes, true);
      Array<double, T> rx(1, 1, n, classes, true), rw(2, 1, 1, classes), rd(3, 1, n, classes, true);
      double const loss = test::cross_entropy(B{}, x.view(), labels.data(),
                                              weighted ? w.view() : View<T>{}, d.view());
      double const expected = test::cross_entropy(Truth{}, rx.view(), labels.data(),
                                                  weighted ? rw.view() : View<double>{}, rd.view());
      BOOST_TEST(std::abs(loss - expected) < 1e-5);
      same(d, rd);
    }
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(cross_entropy_by_hand, B, Backends) {
  using T = typename B::Scalar;
  // Two equal logits, far beyond what exp can hold: the loss is ln 2, divided by rows, not by
  // weights.
  std::vector<T> x{T(1000), T(1000), T(0), T(0)}, d(4), w{T(3), T(1)};
  std::vector<Index> const labels{0, 1};
  View<T> const logits(x.data(), 2, 2), gradient(d.data(), 2, 2);
  double const ln2 = std::log(2.0);
  BOOST_TEST(std::abs(test::cross_entropy(B{}, logits, labels.data(), {}, gradient) - ln2) < 1e-6);
  View<T> const weights(w.data(), 1, 2);
  BOOST_TEST(std::abs(test::cross_entropy(B{}, logits, labels.data(), weights, gradient) -
                      2 * ln2) < 1e-6);
  BOOST_TEST(d[0] == T(-0.75));
  BOOST_TEST(d[3] == T(-0.25));
}

BOOST_AUTO_TEST_CASE(gradients_are_slopes) {
  double const h = 1e-5;
  std::vector<Index> const labels{2, 0, 1, 1};
  Array<double> x(1, 1, 4, 3), w(2, 1, 1, 3), d(3, 1, 4, 3), other(4, 1, 4, 3);
  for (double& v : w.block) v = std::abs(v);
  Truth const b;
  (void)test::cross_entropy(b, x.view(), labels.data(), w.view(), d.view());
  auto const slope = [&](Index i, Index j, auto const& loss) {
    double const base = x.view()(i, j);
    x.view()(i, j) = base + h;
    double const up = loss();
    x.view()(i, j) = base - h;
    double const down = loss();
    x.view()(i, j) = base;
    return (up - down) / (2 * h);
  };
  for (Index i = 0; i < 4; ++i)
    for (Index j = 0; j < 3; ++j)
      BOOST_TEST(std::abs(slope(i, j,
                                [&] {
                                  return test::cross_entropy(b, x.view(), labels.data(), w.view(),
                                                             other.view());
                                }) -
                          d.view()(i, j)) < 1e-9);
  Array<double> const target(5, 1, 4, 3);
  double const value = test::squared_error(b, x.all, target.all, d.all);
  double sum = 0;
  for (Index i = 0; i < 12; ++i) {
    double const e = x.view()(i / 3, i % 3) - target.view()(i / 3, i % 3);
    sum += e * e / 12;
  }
  BOOST_TEST(std::abs(value - sum) < 1e-14);
  for (Index i = 0; i < 4; ++i)
    for (Index j = 0; j < 3; ++j)
      BOOST_TEST(
          std::abs(
              slope(i, j, [&] { return test::squared_error(b, x.all, target.all, other.all); }) -
              d.view()(i, j)) < 1e-9);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(binary_cross_entropy_agrees_with_the_truth, B, Backends) {
  using T = typename B::Scalar;
  Array<T> x(1, 1, 5, 7, true), t(2, 1, 5, 7), d(3, 1, 5, 7, true);
  Array<double, T> rx(1, 1, 5, 7, true), rt(2, 1, 5, 7), rd(3, 1, 5, 7, true);
  double const loss = test::binary_cross_entropy(B{}, x.view(), t.view(), d.view());
  BOOST_TEST(std::abs(loss - test::binary_cross_entropy(Truth{}, rx.view(), rt.view(), rd.view())) <
             1e-5);
  same(d, rd);
}

// The logits of other tasks' answers are minus infinity.
BOOST_AUTO_TEST_CASE(binary_cross_entropy_of_a_row_with_answers_that_are_not_its_own) {
  double const away = -std::numeric_limits<double>::infinity();
  std::vector<double> x{away, 0.5, away}, alone{0.5}, t{0, 1, 0}, own{1}, d(3), d_alone(1);
  double const loss =
      test::binary_cross_entropy(Truth{}, {x.data(), 1, 3}, {t.data(), 1, 3}, {d.data(), 1, 3});
  BOOST_TEST(loss == test::binary_cross_entropy(Truth{}, {alone.data(), 1, 1}, {own.data(), 1, 1},
                                                {d_alone.data(), 1, 1}));
  BOOST_TEST((d == std::vector<double>{0, d_alone[0], 0}));
}
BOOST_AUTO_TEST_CASE(binary_cross_entropy_by_hand) {
  // Two samples of three answers: a coin's toss costs ln 2, a logit far beyond exp's reach itself.
  std::vector<double> const x{0, 1000, -1000, 0, 0.5, -1000}, t{0.5, 0, 0, 1, 0.25, 1};
  std::vector<double> d(6), other(6);
  auto const loss = [&](std::vector<double> const& logits, std::vector<double>& to) {
    return test::binary_cross_entropy(Truth{}, {logits.data(), 2, 3}, {t.data(), 2, 3},
                                      {to.data(), 2, 3});
  };
  double const p = 1 / (1 + std::exp(-0.5));
  double const middle = -(0.25 * std::log(p) + 0.75 * std::log(1 - p));
  BOOST_TEST(std::abs(loss(x, d) - (2 * std::log(2.0) + 2000 + middle) / 2) < 1e-12);
  for (std::size_t i = 0; i < 6; ++i) {
    auto up = x, down = x;
    up[i] += 1e-5, down[i] -= 1e-5;
    BOOST_TEST(std::abs((loss(up, other) - loss(down, other)) / 2e-5 - d[i]) < 1e-7);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(squared_error_agrees_with_the_truth, B, Backends) {
  using T = typename B::Scalar;
  Array<T> x(1, 3, 5, 7, true), y(2, 3, 5, 7), d(3, 3, 5, 7, true);
  Array<double, T> rx(1, 3, 5, 7, true), ry(2, 3, 5, 7), rd(3, 3, 5, 7, true);
  double const loss = test::squared_error(B{}, x.all, y.all, d.all);
  BOOST_TEST(std::abs(loss - test::squared_error(Truth{}, rx.all, ry.all, rd.all)) < 1e-5);
  same(d, rd);
}

BOOST_AUTO_TEST_SUITE_END()
