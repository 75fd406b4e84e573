#include "vlpt/io/dataset/idx_gz.hpp"

#include <boost/test/unit_test.hpp>

#include "scratch.hpp"

using namespace vlpt;
using test::says;
using test::Scratch;

namespace {

std::string word(unsigned n) {
  std::string s;
  for (int shift = 24; shift >= 0; shift -= 8) s += static_cast<char>(n >> shift);
  return s;
}
std::string images(unsigned count, unsigned rows, unsigned cols) {
  std::string s = word(0x803) + word(count) + word(rows) + word(cols);
  for (unsigned i = 0; i < count * rows * cols; ++i) s += static_cast<char>(i);
  return s;
}
std::string labels(std::string const& values) {
  return word(0x801) + word(static_cast<unsigned>(values.size())) + values;
}
std::string gzip(Scratch const& s, std::string const& content) {
  auto const path = s / "scratch.gz";
  gzFile const f = ::gzopen(path.c_str(), "wb");
  ::gzwrite(f, content.data(), static_cast<unsigned>(content.size()));
  ::gzclose(f);
  return io::read_file(path);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(idx_gz)

BOOST_AUTO_TEST_CASE(reads_both_parts_compressed_or_not) {
  Scratch const s;
  s.file("train-images-idx3-ubyte.gz", gzip(s, images(3, 2, 2)));
  s.file("train-labels-idx1-ubyte.gz", gzip(s, labels({9, 0, 1})));
  s.file("t10k-images-idx3-ubyte", images(1, 2, 2));
  s.file("t10k-labels-idx1-ubyte", labels({5}));
  auto const train = io::IdxGz::open(s.path(), io::IdxGz::Part::train);
  BOOST_TEST(train.size() == 3);
  BOOST_TEST(train.label(0) == 9);
  BOOST_TEST(train.class_names().at(9) == "Ankle boot");
  io::Image image;
  train.image(2, image);
  BOOST_TEST((image == io::Image{2, 2, 1, {8, 9, 10, 11}}));
  auto const* const memory = image.pixels.data();
  train.image(0, image);
  BOOST_TEST(image.pixels.data() == memory);
  BOOST_TEST(io::IdxGz::open(s.path(), io::IdxGz::Part::test).label(0) == 5);
}

BOOST_AUTO_TEST_CASE(the_real_one_where_it_is_installed) {
  std::filesystem::path const folder = "/usr/share/datasets/fashion-mnist";
  if (!std::filesystem::exists(folder)) return;
  auto const test = io::IdxGz::open(folder, io::IdxGz::Part::test);
  BOOST_TEST(test.size() == 10'000);
  std::vector<int> count(10);
  for (Index i = 0; i < test.size(); ++i) ++count[static_cast<std::size_t>(test.label(i))];
  BOOST_TEST(count == std::vector<int>(10, 1000), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(bad_files) {
  Scratch const s;
  auto const read = [&](std::string const& i, std::string const& l) {
    io::IdxGz const d(s.file("pics", i), s.file("labs", l), {"a", "b"});
  };
  auto const refused = [&](std::string const& i, std::string const& l, char const* file,
                           char const* what) {
    BOOST_CHECK_EXCEPTION(read(i, l), InputError, says(file, what));
  };
  std::string const good = images(2, 3, 3), ok = labels({0, 1});
  read(good, ok);
  std::string const zipped = gzip(s, good);
  read(zipped, gzip(s, ok));
  for (std::size_t n = 0; n < zipped.size(); ++n)
    BOOST_CHECK_THROW(read(zipped.substr(0, n), ok), InputError);
  refused(zipped.substr(0, zipped.size() - 4), ok, "pics", "gzip file is truncated");
  auto damaged = zipped;
  damaged[zipped.size() - 6] = static_cast<char>(damaged[zipped.size() - 6] ^ 1);  // the checksum
  refused(damaged, ok, "pics", "gzip file is damaged");
  refused("", ok, "pics", "IDX header is truncated");
  refused(good.substr(0, 14), ok, "pics", "IDX header is truncated");
  refused(good.substr(0, 30), ok, "pics", "claims 18 bytes, the file holds 14");
  refused(good + "x", ok, "pics", "more than the 18 bytes");
  refused(ok, ok, "pics", "starts with 2051, this with 2049");
  refused(word(0x803) + word(~0U) + word(~0U) + word(~0U), ok, "pics", "claims too much");
  refused(word(0x803) + word(2) + word(1000) + word(1000), ok, "pics",
          "claims 2000000 bytes, the file holds 0");
  refused(good, labels({0, 1, 1}), "labs", "3 labels");
  refused(word(0x803) + word(65'536) + word(256) + word(257), ok, "pics", "claims too much");
  // The counts are compared before anything is unpacked: here the pixels are missing.
  refused(word(0x803) + word(60'000) + word(28) + word(28), ok, "pics", "60000 images, but");
  refused(word(0x803) + word(2) + word(28) + word(28), labels({0, 2}), "labs",
          "label 2 of image 1");
  refused(good, labels({0, 2}), "labs", "label 2 of image 1 is out of range");
  refused(images(0, 28, 28), labels(""), "pics", "no images");
  BOOST_CHECK_EXCEPTION((void)io::IdxGz::open(s / "no", io::IdxGz::Part::train), InputError,
                        says("no such folder"));
  BOOST_CHECK_EXCEPTION((void)io::IdxGz::open(s.path(), io::IdxGz::Part::train), InputError,
                        says("train-images-idx3-ubyte.gz", "no such file"));
}

BOOST_AUTO_TEST_SUITE_END()
