#include "vlpt/core/random.hpp"

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdint>
#include <vector>

using vlpt::Index;
using vlpt::Random;
using Block = std::array<std::uint32_t, 4>;

BOOST_AUTO_TEST_SUITE(random_numbers)

// The known answers of Philox 4x32-10 that its authors published with Random123.
BOOST_AUTO_TEST_CASE(philox_gives_the_published_answers) {
  static_assert(Random{}.block(0) == Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  std::uint64_t const ones = ~std::uint64_t{0};
  BOOST_TEST(
      (Random{ones, ones}.block(ones)) == (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}),
      boost::test_tools::per_element());
  // The digits of pi: counter 243f6a88 85a308d3 13198a2e 03707344, key a4093822 299f31d0.
  BOOST_TEST((Random{0x299f31d0a4093822, 0x0370734413198a2e}.block(0x85a308d3243f6a88)) ==
                 (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(uniform_numbers_are_uniform) {
  Random const random{1, 2};
  int const n = 100000;
  double sum = 0, squares = 0, least = 1, most = 0;
  for (std::uint64_t i = 0; i < n; ++i) {
    double const u = random.uniform(i);
    sum += u;
    squares += u * u;
    least = std::min(least, u);
    most = std::max(most, u);
  }
  BOOST_TEST(least >= 0.0);
  BOOST_TEST(most < 1.0);
  BOOST_TEST(std::abs(sum / n - 1.0 / 2) < 0.005);
  BOOST_TEST(std::abs(squares / n - 1.0 / 3) < 0.005);
}

BOOST_AUTO_TEST_CASE(normal_numbers_are_normal) {
  Random const random{3, 4};
  int const n = 100000;
  double sum = 0, squares = 0, fourths = 0;
  for (std::uint64_t i = 0; i < n; ++i) {
    double const z = random.normal(i);
    sum += z;
    squares += z * z;
    fourths += z * z * z * z;
  }
  BOOST_TEST(std::abs(sum / n) < 0.02);
  BOOST_TEST(std::abs(squares / n - 1) < 0.03);
  BOOST_TEST(std::abs(fourths / n - 3) < 0.2);
}

BOOST_AUTO_TEST_CASE(below_reaches_every_number_and_no_other) {
  std::array<int, 7> seen{};
  for (std::uint64_t i = 0; i < 7000; ++i) {
    Index const k = Random{5}.below(i, 7);
    BOOST_REQUIRE(k >= 0);
    BOOST_REQUIRE(k < 7);
    ++seen[static_cast<std::size_t>(k)];
  }
  for (int const count : seen) BOOST_TEST(std::abs(count - 1000) < 150);
}

BOOST_AUTO_TEST_CASE(a_permutation_holds_every_number_once) {
  auto order = Random{6}.permutation(100);
  BOOST_TEST(!std::is_sorted(order.begin(), order.end()));
  BOOST_TEST((order == Random{6}.permutation(100)));
  BOOST_TEST((order != Random{7}.permutation(100)));
  std::sort(order.begin(), order.end());
  for (Index i = 0; i < 100; ++i) BOOST_TEST(order[static_cast<std::size_t>(i)] == i);
  BOOST_TEST(Random{6}.permutation(0).empty());
}

BOOST_AUTO_TEST_CASE(forks_are_independent) {
  Random const random{8};
  std::vector<std::uint64_t> bits;
  for (std::uint64_t id = 0; id < 100; ++id)
    for (std::uint64_t i = 0; i < 10; ++i) bits.push_back(random.fork(id).bits(i));
  std::sort(bits.begin(), bits.end());
  BOOST_TEST((std::adjacent_find(bits.begin(), bits.end()) == bits.end()));
  BOOST_TEST(random.fork(1).fork(2).bits(0) != random.fork(2).fork(1).bits(0));
}

BOOST_AUTO_TEST_SUITE_END()
