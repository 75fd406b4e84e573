// How near the packed kernels come to the exact values, where a loose comparison would not tell.
#include <limits>

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
  return std::erfc(-x / std::sqrt(2.0)) / 2 + x * std::exp(-x * x / 2) / std::sqrt(2 * M_PI);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(packed_numbers)

BOOST_AUTO_TEST_CASE_TEMPLATE(gelu_is_exact_to_two_units_of_the_result_or_of_one, B, Packed) {
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
  BOOST_TEST(steepest <= 5);
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

BOOST_AUTO_TEST_CASE_TEMPLATE(a_large_stream_does_not_coarsen_what_is_added, B, Packed) {
  // 768 terms, in two blocks of the depth as well, on a stream of thousands: rounded once.
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
    BOOST_TEST(worst <= 0x1p-11);  // half a unit of 4000 is 2^-12; each block of the depth rounds
  }
}

BOOST_AUTO_TEST_SUITE_END()
