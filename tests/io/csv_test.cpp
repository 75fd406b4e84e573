#include "vlpt/io/csv.hpp"

#include <boost/test/unit_test.hpp>

#include "scratch.hpp"

using namespace vlpt;
using Fields = std::vector<std::string>;
using test::says;

BOOST_AUTO_TEST_SUITE(csv)

BOOST_AUTO_TEST_CASE(fields_quotes_and_lines) {
  auto const rows = io::parse_csv(
      "\xef\xbb\xbf"
      "a,b\r\n\"c,1\",\"say \"\"hi\"\"\"\n\n\"two\nlines\",\nlast,\"\"",
      "x");
  BOOST_TEST_REQUIRE(rows.size() == 4U);
  BOOST_TEST((rows[0].fields == Fields{"a", "b"}));
  BOOST_TEST((rows[1].fields == Fields{"c,1", "say \"hi\""}));
  BOOST_TEST((rows[2].fields == Fields{"two\nlines", ""}));
  BOOST_TEST((rows[3].fields == Fields{"last", ""}));
  BOOST_TEST(rows[1].line == 2);
  BOOST_TEST(rows[2].line == 4);
  BOOST_TEST(rows[3].line == 6);
  BOOST_TEST(io::parse_csv("", "x").empty());
  BOOST_TEST(io::parse_csv("\n\r\n", "x").empty());
}

BOOST_AUTO_TEST_CASE(broken_quotes) {
  auto const refused = [](char const* content, char const* what) {
    BOOST_CHECK_EXCEPTION((void)io::parse_csv(content, "t.csv"), InputError, says("t.csv", what));
  };
  refused("a\n\"b", "line 2: a quote is never closed");
  refused("a\nb\"c\"", "line 2: a quote inside");
  refused("\"b\"c", "line 1: a quote inside");
}

BOOST_AUTO_TEST_SUITE_END()
