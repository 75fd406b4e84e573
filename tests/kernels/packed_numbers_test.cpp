// How near the packed kernels come to the exact values, where a loose comparison would not tell.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "kernels/arrays.hpp"
#include "vlpt/kernels/packed.hpp"

using namespace vlpt;
using test::Array;
using test::PackedOn;
using test::Truth;

namespace {

using Packed = boost::mpl::list<PackedOn<Isa::avx2>, PackedOn<Isa::avx512>>;

constexpr Index points = 16 * 1024 + 5;
/// Over -9 to 9, and some far away.
std::vector<float> line() {
  std::vector<float> x;
  for (Index i = 0; i < points; ++i)
    x.push_back(18 * static_cast<float>(i) / static_cast<float>(points) - 9);
  for (float const far : {5.5F, 20.0F, 1e3F, 1e20F, 3e38F}) x.push_back(far), x.push_back(-far);
  return x;
}
View<float> row(std::vector<float>& x) {
  auto const n = static_cast<Index>(x.size());
  return {x.data(), 1, n, n};
}
double gelu(double x) { return x / 2 * std::erfc(-x / std::sqrt(2.0)); }
double slope(double x) {
  return std::erfc(-x / std::sqrt(2.0)) / 2 +
         x * std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(packed_numbers)

BOOST_AUTO_TEST_CASE_TEMPLATE(gelu_and_its_slope_are_exact_to_two_units, B, Packed) {
  B const backend;
  std::vector<float> x = line(), y(x.size()), dx(x.size()), ones(x.size(), 1.0F);
  backend.template activate<GeluFormula>(View<float const>(row(x)), row(y));
  backend.template activate_reverse<GeluFormula>(View<float const>(row(ones)),
                                                 View<float const>(row(x)), row(dx));
  double worst = 0, steepest = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    auto const at = static_cast<double>(x[i]);
    double const unit = std::max(1.0, std::abs(at)) * 0x1p-23;
    worst = std::max(worst, std::abs(static_cast<double>(y[i]) - gelu(at)) / unit);
    steepest = std::max(steepest, std::abs(static_cast<double>(dx[i]) - slope(at)) * 0x1p23);
    if (std::abs(at) > 5.5) BOOST_REQUIRE(y[i] == std::max(x[i], 0.0F));
  }
  BOOST_TEST(worst <= 2);
  BOOST_TEST(steepest <= 3);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_not_a_number_is_passed_on, B, Packed) {
  B const backend;
  std::vector<float> x(40, 0.5F), y(40);
  x[3] = x[37] = std::numeric_limits<float>::quiet_NaN();
  backend.template activate<GeluFormula>(View<float const>(row(x)), row(y));
  BOOST_TEST(std::isnan(y[3]));
  BOOST_TEST(std::isnan(y[37]));
  BOOST_TEST(!std::isnan(y[4]));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(softmax_and_slopes_pass_on_what_is_not_a_number, B, Packed) {
  B const backend;
  std::vector<float> x(40, 0.5F), y(40), ones(40, 1.0F);
  x[3] = x[37] = std::numeric_limits<float>::quiet_NaN();
  backend.softmax(View<float const>(row(x)), row(y));
  for (float const v : y) BOOST_TEST(std::isnan(v));
  backend.template activate_reverse<QuickGeluFormula>(View<float const>(row(ones)),
                                                      View<float const>(row(x)), row(y));
  BOOST_TEST(std::isnan(y[3]));
  BOOST_TEST(!std::isnan(y[4]));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(attention_hides_any_number_and_passes_on_what_is_none, B, Packed) {
  B const backend;
  float const none = std::numeric_limits<float>::quiet_NaN();
  for (float const bad : {none, std::numeric_limits<float>::infinity()})
    for (Index const at : {0, 5, 18}) {
      Array<float> const q(1, 1, 20, 8), k(2, 1, 20, 8), v(3, 1, 20, 8);
      Array<float> y(4, 1, 20, 8);
      for (Index j = 0; j < 8; ++j) k.view()(at, j) = bad;
      std::vector<unsigned char> mask(20, 1);
      Attention<float> a;
      a.query = q.all, a.key = k.all, a.value = v.all;
      std::vector<float> scratch(static_cast<std::size_t>(backend.attention_scratch(a)) + 16);
      a.causal = true;
      backend.attend(a, y.all, scratch.data());
      for (Index i = 0; i < 20; ++i)
        BOOST_TEST(std::isnan(y.view()(i, 0)) == (i >= at), "query " << i << ", key " << at);
      a.causal = false, a.key_mask = mask.data(), mask[static_cast<std::size_t>(at)] = 0;
      backend.attend(a, y.all, scratch.data());
      for (Index i = 0; i < 20; ++i) BOOST_TEST(!std::isnan(y.view()(i, 0)));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_large_stream_does_not_coarsen_what_is_added, B, Packed) {
  // 768 terms, and 1600 in three blocks of the depth, on a stream of thousands: rounded once a
  // block.
  B const backend;
  for (Index const depth : {768, 1600}) {
    Array<float> const x(1, 1, 13, depth), w(2, 1, 49, depth);
    Array<double> const rx(1, 1, 13, depth), rw(2, 1, 49, depth);
    Array<float> stream(3, 1, 13, 49);
    Array<double> before(3, 1, 13, 49), after(4, 1, 13, 49);
    for (Index i = 0; i < 13; ++i)
      for (Index j = 0; j < 49; ++j)
        before.view()(i, j) = static_cast<double>(stream.view()(i, j) += 4000);
    backend.linear_add(x.view(), w.view(), {}, View<float const>(stream.view()), stream.view());
    Truth{}.linear_add(rx.view(), rw.view(), {}, View<double const>(before.view()), after.view());
    double worst = 0;
    for (Index i = 0; i < 13; ++i)
      for (Index j = 0; j < 49; ++j)
        worst = std::max(worst,
                         std::abs(static_cast<double>(stream.view()(i, j)) - after.view()(i, j)));
    BOOST_TEST(worst <= 0x1p-11);  // two units of 4000
  }
}

BOOST_AUTO_TEST_SUITE_END()
