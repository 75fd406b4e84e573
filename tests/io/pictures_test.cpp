// tests/io/pictures: pictures of every kind, and sums of what Pillow, Transformers, open_clip and
// timm make of them before they normalise. tests/reference/pictures.sh compares many more.
#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <span>

#include "vlpt/io/csv.hpp"
#include "vlpt/io/dataset/preprocessor_config.hpp"
#include "vlpt/io/decode_image.hpp"
#include "vlpt/io/sha256.hpp"

namespace vlpt::io {
namespace {

BOOST_AUTO_TEST_SUITE(pictures)

BOOST_AUTO_TEST_CASE(equal_to_the_frameworks_before_they_normalise) {
  std::filesystem::path const folder = VLPT_SOURCE_DIR "/tests/io/pictures";
  auto const rows = parse_csv(read_file(folder / "expected.csv"), "expected.csv");
  std::size_t decoded = 0, fitted_ones = 0;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    auto const& row = rows[i].fields;
    BOOST_TEST_REQUIRE(row.size() == 5U);
    BOOST_TEST_CONTEXT(row[0] << ' ' << row[1]) {
      Image image = load_image(folder / row[0]);
      if (row[1].empty())
        image = convert(image, 3), ++decoded;
      else
        image = fitted(image, read_preprocess(folder / row[1])), ++fitted_ones;
      Sha256 sum;
      sum.update(std::as_bytes(std::span(image.pixels)));
      BOOST_TEST(std::to_string(image.width) == row[2]);
      BOOST_TEST(std::to_string(image.height) == row[3]);
      BOOST_TEST(sum.hex() == row[4]);
    }
  }
  BOOST_TEST(decoded > 80U);
  BOOST_TEST(fitted_ones > 30U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace vlpt::io
