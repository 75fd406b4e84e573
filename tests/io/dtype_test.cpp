#include "vlpt/io/dtype.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

using namespace vlpt::io;

BOOST_AUTO_TEST_SUITE(dtype)

static_assert(float_to_half(1.0F) == 0x3C00);
static_assert(float_to_bfloat16(1.0F) == 0x3F80);
static_assert(size(Dtype::BF16) == 2 && name(Dtype::BOOL) == "BOOL");
static_assert(dtype_named("I16") == Dtype::I16 && !dtype_named("F8_E4M3"));

BOOST_AUTO_TEST_CASE(every_half_survives_the_round_trip) {
  for (std::uint32_t h = 0; h < 0x10000; ++h) {
    float const f = half_to_float(static_cast<std::uint16_t>(h));
    if (std::isnan(f))
      BOOST_TEST(std::isnan(half_to_float(float_to_half(f))));
    else
      BOOST_TEST(float_to_half(f) == h);
  }
  BOOST_TEST(half_to_float(0x0001) == 0x1p-24F);
  BOOST_TEST(half_to_float(0x03FF) == 1023 * 0x1p-24F);
  BOOST_TEST(half_to_float(0x7BFF) == 65504.0F);
  BOOST_TEST(std::isinf(half_to_float(0xFC00)));
}

// Between two neighbouring halves: below the middle goes down, above goes up, the tie goes to even.
BOOST_AUTO_TEST_CASE(half_rounds_to_nearest_even) {
  for (std::uint16_t h = 0; h < 0x7BFF; ++h) {
    float const low = half_to_float(h), high = half_to_float(static_cast<std::uint16_t>(h + 1));
    float const tie = (low + high) / 2;
    BOOST_TEST(float_to_half(std::nextafter(tie, low)) == h);
    BOOST_TEST(float_to_half(std::nextafter(tie, high)) == h + 1);
    BOOST_TEST(float_to_half(tie) == (h % 2 == 0 ? h : h + 1));
    BOOST_TEST(float_to_half(-tie) == ((h % 2 == 0 ? h : h + 1) | 0x8000));
  }
  BOOST_TEST(float_to_half(65519.9F) == 0x7BFF);
  BOOST_TEST(float_to_half(65520.0F) == 0x7C00);
  BOOST_TEST(float_to_half(std::numeric_limits<float>::infinity()) == 0x7C00);
  BOOST_TEST(float_to_half(std::numeric_limits<float>::denorm_min()) == 0);
}

BOOST_AUTO_TEST_CASE(bfloat16_rounds_to_nearest_even) {
  for (std::uint32_t b = 0; b < 0x7F80; ++b) {
    auto const low = static_cast<std::uint16_t>(b), high = static_cast<std::uint16_t>(b + 1);
    BOOST_TEST(float_to_bfloat16(bfloat16_to_float(low)) == low);
    float const tie = std::bit_cast<float>((b << 16) | 0x8000U);
    BOOST_TEST(float_to_bfloat16(tie) == (b % 2 == 0 ? low : high));
    BOOST_TEST(float_to_bfloat16(std::nextafter(tie, 0.0F)) == low);
    BOOST_TEST(float_to_bfloat16(-std::nextafter(tie, 1e38F * 10)) == (high | 0x8000));
  }
  BOOST_TEST(std::isnan(bfloat16_to_float(float_to_bfloat16(std::nanf("")))));
  BOOST_TEST(std::isnan(bfloat16_to_float(float_to_bfloat16(std::bit_cast<float>(0x7F800001U)))));
}

BOOST_AUTO_TEST_SUITE_END()
