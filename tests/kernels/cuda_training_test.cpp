// What training adds to a model, by the device's kernels on the host.
#include "kernels/arrays.hpp"
#include "losses.hpp"

using namespace vlpt;
using cuda::Order;
using test::Array;
using test::orders;
using test::same;
using test::Truth;

namespace {

template <class T>
void update_agrees(Index n, bool padded) {
  for (Order const order : orders) {
    EmulatedCuda<T> const backend{cuda::HostMachine<T>(order)};
    Array<T> v(1, 1, 1, n, padded), g(2, 1, 1, n), m(3, 1, 1, n), s(4, 1, 1, n);
    Array<T> const before(1, 1, 1, n, padded);
    auto const law = [](T& value, T slope, T& first, T& second) {
      first += slope, second = T(2) * first, value -= T(0.5) * second;
    };
    backend.update(law, v.view(), {}, g.view(), m.view(), {});
    backend.update([](T& value, T, T&, T&) { value += T(1); }, s.view(), {}, {}, {}, {});
    Array<T> const first(3, 1, 1, n), other(4, 1, 1, n);
    Index wrong = 0;
    for (Index i = 0; i < n; ++i) {
      T const moment = first.view()(0, i) + g.view()(0, i);
      wrong += m.view()(0, i) != moment;
      wrong += v.view()(0, i) != before.view()(0, i) - T(0.5) * (T(2) * moment);
      wrong += s.view()(0, i) != other.view()(0, i) + T(1);
    }
    BOOST_TEST(wrong == 0);
    double const squares = backend.squared_norm(g.view());
    double expected = 0;
    for (Index i = 0; i < n; ++i) {
      auto const e = static_cast<double>(g.view()(0, i));
      expected += e * e;
    }
    BOOST_TEST(std::abs(squares - expected) < 1e-12 * expected);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cuda_training)

// More rows than one block adds up at once.
BOOST_AUTO_TEST_CASE(losses_of_many_rows) {
  Index const n = 700;
  std::vector<Index> labels;
  for (Index i = 0; i < n; ++i) labels.push_back(i * 7 % 12);
  Array<double> const rx(1, 1, n, 12), rt(2, 1, n, 12), rw(3, 1, 1, 12);
  Array<float> const x(1, 1, n, 12), t(2, 1, n, 12), w(3, 1, 1, 12);
  Array<double> rd(4, 1, n, 12);
  Array<float> d(4, 1, n, 12);
  auto const agree = [&](auto const& loss) {
    double const wanted = loss(Truth{}, rx, rt, rw, rd);
    for (Order const order : orders) {
      double const found = loss(EmulatedCuda<float>(cuda::HostMachine<float>(order)), x, t, w, d);
      BOOST_TEST(std::abs(found - wanted) < 1e-5 * std::max(1.0, std::abs(wanted)));
      same(d, rd);
    }
  };
  agree([&](auto const& b, auto& in, auto&, auto& weights, auto& slope) {
    return test::cross_entropy(b, in.view(), labels.data(), weights.view(), slope.view());
  });
  agree([](auto const& b, auto& in, auto& wanted, auto&, auto& slope) {
    return test::soft_cross_entropy(b, in.view(), wanted.view(), slope.view());
  });
  agree([](auto const& b, auto& in, auto& wanted, auto&, auto& slope) {
    return test::binary_cross_entropy(b, in.view(), wanted.view(), slope.view());
  });
  agree([](auto const& b, auto& in, auto& wanted, auto&, auto& slope) {
    return test::squared_error(b, in.all, wanted.all, slope.all);
  });
}

BOOST_AUTO_TEST_CASE(laws_of_training) {
  for (Index const n : {1, 12, 1027, 30000})
    for (bool const padded : {false, true})
      update_agrees<float>(n, padded), update_agrees<double>(n, padded);
  Array<float> const x(1, 1, 37, 300, true);
  Array<float> y(2, 1, 300, 37);
  EmulatedCuda<float>{}.turn(x.view(), y.view());
  Index wrong = 0;
  for (Index i = 0; i < 37; ++i)
    for (Index j = 0; j < 300; ++j) wrong += y.view()(j, i) != x.view()(i, j);
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_SUITE_END()
