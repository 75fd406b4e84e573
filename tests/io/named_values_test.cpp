#include "vlpt/io/named_values.hpp"

#include <boost/test/unit_test.hpp>

namespace vlpt::io {
namespace {

BOOST_AUTO_TEST_SUITE(named_values)

BOOST_AUTO_TEST_CASE(settings_that_are_no_counts_are_refused) {
  NamedValues const values{{"a", "-3"}, {"b", "many"}, {"c", "3x"}, {"d", ""}, {"e", "12"}};
  for (char const* name : {"a", "b", "c", "d"})
    BOOST_CHECK_THROW((void)count_in(values, name), CheckpointError);
  BOOST_TEST(count_in(values, "e") == 12);
  BOOST_TEST(count_in(values, "f", 5) == 5);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace vlpt::io
