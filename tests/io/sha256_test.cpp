#include "vlpt/io/sha256.hpp"

#include <boost/test/unit_test.hpp>
#include <string_view>

using vlpt::io::Sha256;

BOOST_AUTO_TEST_SUITE(sha256)

static std::string hash(std::string_view s, std::size_t piece = 1000) {
  Sha256 h;
  for (std::size_t i = 0; i < s.size(); i += piece)
    h.update(std::as_bytes(std::span(s.substr(i, piece))));
  return h.hex();
}

// The examples of FIPS 180-4.
BOOST_AUTO_TEST_CASE(published_values) {
  BOOST_TEST(hash("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  BOOST_TEST(hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  BOOST_TEST(hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
             "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  BOOST_TEST(hash(std::string(1'000'000, 'a')) ==
             "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

BOOST_AUTO_TEST_CASE(pieces_do_not_matter) {
  std::string const s(300, 'q');
  for (std::size_t piece : {1U, 3U, 55U, 56U, 63U, 64U, 65U, 128U})
    BOOST_TEST(hash(s, piece) == hash(s));
}

BOOST_AUTO_TEST_SUITE_END()
