#include "vlpt/core/name.hpp"

#include <boost/test/unit_test.hpp>
#include <type_traits>

using vlpt::join;
using vlpt::Name;

namespace {

template <Name N>
struct Tagged {};

}  // namespace

BOOST_AUTO_TEST_SUITE(name)

BOOST_AUTO_TEST_CASE(equal_names_make_one_type) {
  static_assert(std::is_same_v<Tagged<"fc1">, Tagged<"fc1">>);
  static_assert(!std::is_same_v<Tagged<"fc1">, Tagged<"fc2">>);
  BOOST_TEST(Name("fc1").view() == "fc1");
  BOOST_TEST(Name("").view().empty());
}

BOOST_AUTO_TEST_CASE(names_join_with_a_dot) {
  BOOST_TEST((join<"mlp", "fc1">().view()) == "mlp.fc1");
  BOOST_TEST((join<"", "fc1">().view()) == "fc1");
  static_assert(std::is_same_v<Tagged<join<"a", "b">()>, Tagged<"a.b">>);
}

BOOST_AUTO_TEST_SUITE_END()
