#include "vlpt/io/utf8.hpp"

#include <boost/test/unit_test.hpp>

using vlpt::io::is_utf8;

BOOST_AUTO_TEST_SUITE(utf8)

BOOST_AUTO_TEST_CASE(good_and_bad) {
  for (char const* good : {"", "cat", "M\xc3\xa4use", "\xe7\x8c\xab", "\xf0\x9f\x90\x88",
                           "\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf"})
    BOOST_TEST(is_utf8(good), good);
  for (char const* bad :
       {"M\xe4use", "\x80", "\xc3", "\xe7\x8c", "\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf",
        "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"})
    BOOST_TEST(!is_utf8(bad), bad);
}

BOOST_AUTO_TEST_SUITE_END()
