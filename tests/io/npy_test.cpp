#include "vlpt/io/npy.hpp"

#include <boost/test/unit_test.hpp>
#include <tuple>

#include "scratch.hpp"
#include "vlpt/io/read_file.hpp"

using namespace vlpt;
using test::says;
using test::Scratch;

namespace {

std::string npy(std::string const& dictionary, std::string const& data, char version = 1) {
  std::string out = "\x93NUMPY";
  out += version;
  out += '\0';
  out += static_cast<char>(dictionary.size());
  out.append(version == 1 ? 1 : 3, '\0');
  return out + dictionary + data;
}
using ElementTypes = std::tuple<float, double, std::int64_t, std::uint8_t>;
std::string const four_floats(16, '\0');

}  // namespace

BOOST_AUTO_TEST_SUITE(npy_files)

BOOST_AUTO_TEST_CASE_TEMPLATE(round_trip, T, ElementTypes) {
  Scratch const s;
  for (Shape const& shape : {Shape{}, Shape{5}, Shape{2, 3}, Shape{2, 0, 3}, Shape{1, 2, 3, 4}}) {
    Tensor<T> t(shape);
    for (Index i = 0; i < t.size(); ++i) t[i] = static_cast<T>(i * 7);
    io::save_npy(s / "x.npy", t);
    auto const back = io::load_npy<T>(s / "x.npy");
    BOOST_TEST((back.shape == shape));
    BOOST_TEST((back.values == t.values));
    BOOST_TEST((io::read_file(s / "x.npy").size() - t.values.size() * sizeof(T)) % 64 == 0U);
  }
}

// numpy.save of numpy.arange(3, dtype='u1') reads exactly so.
BOOST_AUTO_TEST_CASE(bytes_are_numpys) {
  Scratch const s;
  io::save_npy(s / "x.npy", Tensor<std::uint8_t>({3}, {0, 1, 2}));
  std::string const header = "{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }";
  std::string const want = std::string("\x93NUMPY\x01\0v\0", 10) + header +
                           std::string(117 - header.size(), ' ') + "\n" + std::string("\0\1\2", 3);
  BOOST_TEST(io::read_file(s / "x.npy") == want);
}

BOOST_AUTO_TEST_CASE(versions_two_and_three) {
  Scratch const s;
  std::string const d = "{'shape': (2, 2), 'descr': '<f4', 'fortran_order': False}";
  for (char version : {'\1', '\2', '\3'})
    BOOST_TEST(
        (io::load_npy<float>(s.file("x", npy(d, four_floats, version))).shape == Shape{2, 2}));
}

BOOST_AUTO_TEST_CASE(bad_files) {
  Scratch const s;
  auto const refused = [&](std::string const& content, char const* what) {
    auto const path = s.file("bad.npy", content);
    BOOST_CHECK_EXCEPTION((void)io::load_npy<float>(path), InputError, says("bad.npy", what));
  };
  auto const with = [](std::string const& type, std::string const& order,
                       std::string const& shape) {
    return npy("{'descr': " + type + ", 'fortran_order': " + order + ", 'shape': " + shape + ", }",
               four_floats);
  };
  refused("", "no .npy file");
  refused("PK\3\4 a zip file, for instance", "no .npy file");
  refused(npy("{}", "", 9), "format 9");
  refused(with("'<f4'", "False", "(4,)").substr(0, 40), "truncated");
  refused(npy("{}", four_floats), "lacks 'descr'");
  refused(with("'<f8'", "False", "(2,)"), "expected '<f4'");
  refused(with("'>f4'", "False", "(4,)"), "'>f4'");
  refused(with("'|O'", "False", "(4,)"), "expected '<f4'");
  refused(with("'<f4'", "True", "(2, 2)"), "Fortran");
  refused(with("'<f4'", "False", "(5,)"), "needs 20 bytes");
  refused(with("'<f4'", "False", "(-4,)"), "no list of counts");
  refused(with("'<f4'", "False", "(4294967296, 4294967296)"), "overflows");
  refused(with("'<f4'", "False", "(99999999999999999999999,)"), "overflows");
  refused(with("'<f4'", "False", "(9223372036854775807,)"), "overflows");
  refused(with("'<f4'", "False", "(2305843009213693952,)"), "overflows");
  refused(with("'<f4'", "False", "(2305843009213693951,)"), "bytes of data");
  for (char const* shape : {"(1 2 3)", "(,,4)", "(4,,)", "(,4)", "(4 4", "4", "[4]", "(4;)"})
    refused(with("'<f4'", "False", shape), "no list of counts");
  refused(with("'<f4'", "False", "(1,1,1,1,1,1,1,1,4)"), "more than 8");
  BOOST_CHECK_THROW((void)io::load_npy<float>(s / "none.npy"), InputError);
  BOOST_CHECK_THROW(io::save_npy(s / "no/x.npy", Tensor<float>({1})), RunError);
}

BOOST_AUTO_TEST_SUITE_END()
