#include "vlpt/core/error.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

BOOST_AUTO_TEST_SUITE(error)

BOOST_AUTO_TEST_CASE(exit_codes_tell_wrong_input_from_bad_luck) {
  BOOST_TEST(vlpt::InputError("").exit_code() == 2);
  BOOST_TEST(vlpt::CheckpointError("").exit_code() == 2);
  BOOST_TEST(vlpt::RunError("").exit_code() == 1);
}

BOOST_AUTO_TEST_CASE(a_failed_check_joins_its_message) {
  int const found = 3;
  BOOST_CHECK_NO_THROW(VLPT_CHECK(found == 3, "unused"));
  BOOST_CHECK_EXCEPTION(
      VLPT_CHECK(found == 4, "expected ", 4, ", found ", found), vlpt::InputError,
      [](vlpt::Error const& e) { return std::string(e.what()) == "expected 4, found 3"; });
}

BOOST_AUTO_TEST_SUITE_END()
