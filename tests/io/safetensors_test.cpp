#include "vlpt/io/safetensors.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <cstring>
#include <string>

#include "scratch.hpp"
#include "vlpt/core/random.hpp"
#include "vlpt/io/finite.hpp"
#include "vlpt/io/read_file.hpp"
#include "vlpt/io/safetensors_writer.hpp"

using namespace vlpt;
using io::Dtype;
using io::Safetensors;
using test::says;
using test::Scratch;

namespace {

std::string packed(std::string const& header, std::string const& data) {
  std::uint64_t const n = header.size();
  std::string length(8, '\0');
  std::memcpy(length.data(), &n, 8);
  return length + header + data;
}

void refused(std::string const& content, char const* what, char const* tensor = "") {
  Scratch const s;
  auto const path = s.file("bad.safetensors", content);
  BOOST_CHECK_EXCEPTION((void)Safetensors::open(path), CheckpointError,
                        says("bad.safetensors", what, tensor));
}
void header_refused(std::string const& header, char const* what, char const* tensor = "") {
  refused(packed(header, std::string(16, '\0')), what, tensor);
}
std::string entry(std::string const& name, std::string const& dtype, std::string const& shape,
                  std::string const& offsets) {
  return "\"" + name + R"(":{"dtype":)" + dtype + R"(,"shape":)" + shape + R"(,"data_offsets":)" +
         offsets + "}";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(safetensors)

BOOST_AUTO_TEST_CASE(round_trip) {
  Scratch const s;
  Tensor<float> const a({2, 3}, {1, -2, 0.5F, 3e-5F, 65504, 1e-8F});
  Tensor<double> const b({2}, {1.0 / 3, -1e300});
  Tensor<std::int64_t> const c(Shape{}, -7);
  Tensor<std::uint8_t> const d({0, 4}, std::vector<std::uint8_t>{});
  std::vector<io::TensorBytes> all{io::encode<float>("a", a.shape, a.values, Dtype::F32),
                                   io::encode<double>("b", b.shape, b.values, Dtype::F64),
                                   io::encode<std::int64_t>("c", c.shape, c.values, Dtype::I64),
                                   io::encode<std::uint8_t>("d", d.shape, d.values, Dtype::U8),
                                   io::encode<float>("h", a.shape, a.values, Dtype::F16),
                                   io::encode<float>("z", a.shape, a.values, Dtype::BF16)};
  io::save_safetensors(s / "x", all, {{"key", "va\"lue"}});
  auto const file = Safetensors::open(s / "x");
  BOOST_TEST(file.records().size() == 6U);
  BOOST_TEST(file.metadata().at("key") == "va\"lue");
  BOOST_TEST((file.read<float>("a").values == a.values));
  BOOST_TEST((file.read<float>("a").shape == a.shape));
  BOOST_TEST((file.read<double>("b").values == b.values));
  BOOST_TEST((file.read<std::int64_t>("c").values == c.values));
  BOOST_TEST(file.read<std::int64_t>("c").shape.rank == 0);
  BOOST_TEST(file.read<std::uint8_t>("d").values.empty());
  BOOST_TEST(file.read<double>("h")[4] == 65504.0);
  BOOST_TEST(file.read<double>("h")[5] == 0.0);
  BOOST_TEST(file.read<float>("z")[1] == -2.0F);
  BOOST_TEST(file.find("nothing") == nullptr);
  BOOST_CHECK_EXCEPTION((void)file.read<float>("c"), CheckpointError, says("tensor c", "I64"));
  BOOST_CHECK_EXCEPTION((void)file.read<int>("a"), CheckpointError, says("tensor a", "F32"));
  BOOST_CHECK_EXCEPTION((void)file.read<std::uint8_t>("c"), CheckpointError, says("c", "-7"));
  BOOST_CHECK_EXCEPTION((void)file.read<float>("q"), CheckpointError, says("q", "missing"));

  std::ranges::reverse(all);  // the same bytes whatever the order
  io::save_safetensors(s / "y", all, {{"key", "va\"lue"}});
  BOOST_TEST((io::read_file(s / "x") == io::read_file(s / "y")));
}

BOOST_AUTO_TEST_CASE(writer_refuses) {
  Scratch const s;
  std::vector<io::NamedTensor<float>> const big{{"w", Tensor<float>({1}, 1e6F)}};
  BOOST_CHECK_EXCEPTION(io::save_safetensors(s / "x", big, {}, Dtype::F16), RunError,
                        says("w", "1e+06", "F16"));
  BOOST_CHECK_THROW(io::save_safetensors(s / "x", big, {}, Dtype::I64), InputError);
  std::vector<io::NamedTensor<float>> const twice{{"w", Tensor<float>({1})},
                                                  {"w", Tensor<float>({1})}};
  BOOST_CHECK_EXCEPTION(io::save_safetensors(s / "x", twice, {}, Dtype::F32), InputError,
                        says("two tensors", "w"));
  BOOST_TEST(!std::filesystem::exists(s / "x"));
}

BOOST_AUTO_TEST_CASE(the_file_itself) {
  refused("", "at least 8 bytes");
  refused("1234567", "at least 8 bytes");
  refused(std::string(8, '\xff'), "truncated");
  refused(packed("{}", "").substr(0, 9), "truncated");
  refused(std::string("\x01\xe1\xf5\x05\0\0\0\0", 8), "limit");  // 100,000,001
  refused(packed("{}", "x"), "cover 0 of 1");
  BOOST_CHECK_THROW((void)Safetensors::open("/nowhere/x.safetensors"), InputError);
  BOOST_CHECK_THROW((void)Safetensors::open("/tmp"), InputError);
}

BOOST_AUTO_TEST_CASE(the_header) {
  header_refused("", "JSON");
  header_refused("{", "JSON");
  header_refused("[]", "no JSON object");
  header_refused("{} x", "JSON");
  header_refused("{\"\xff\":1}", "JSON");
  header_refused(R"({"a":{"b":{"c":{"d":{"e":1}}}}})", "nested");
  header_refused("{\"a\":" + std::string(100'000, '[') + "}", "nested");
  header_refused(R"({"__metadata__":[]})", "no JSON object", "__metadata__");
  header_refused(R"({"__metadata__":{"a":1}})", "no string", "__metadata__");
  std::string const ok = entry("a", "\"F32\"", "[4]", "[0,16]");
  header_refused("{" + ok + "," + ok + "}", "twice", "a");
  header_refused(R"({"w":1})", "lacks", "w");
  header_refused(R"({"w":{"dtype":"F32","shape":[4]}})", "lacks", "w");
  header_refused("{" + entry("w", "\"F33\"", "[4]", "[0,16]") + "}", "F33", "w");
  header_refused("{" + entry("w", "7", "[4]", "[0,16]") + "}", "dtype", "w");
  header_refused("{" + entry("w", "\"F32\"", "4", "[0,16]") + "}", "shape", "w");
  header_refused("{" + entry("w", "\"F32\"", "[-4]", "[0,16]") + "}", "shape", "w");
  header_refused("{" + entry("w", "\"F32\"", "[4.0]", "[0,16]") + "}", "shape", "w");
  header_refused("{" + entry("w", "\"F32\"", "[1,1,1,1,1,1,1,1,4]", "[0,16]") + "}", "at most 8",
                 "w");
  header_refused("{" + entry(std::string(2000, 'n'), "\"F32\"", "[4]", "[0,16]") + "}",
                 "2000 bytes");
}

BOOST_AUTO_TEST_CASE(sizes_and_offsets) {
  header_refused("{" + entry("w", "\"F32\"", "[4294967296,4294967296]", "[0,16]") + "}", "overflow",
                 "w");
  header_refused("{" + entry("w", "\"F32\"", "[0,4294967296,4294967296]", "[0,0]") + "}",
                 "overflow", "w");
  header_refused("{" + entry("w", "\"F64\"", "[2305843009213693952]", "[0,0]") + "}", "overflow",
                 "w");
  header_refused("{" + entry("w", "\"F32\"", "[99999999999999999999999]", "[0,16]") + "}", "shape",
                 "w");
  header_refused("{" + entry("w", "\"F32\"", "[4]", "[0,17]") + "}", "claims", "w");
  header_refused("{" + entry("w", "\"F32\"", "[4]", "[16,0]") + "}", "claims", "w");
  header_refused("{" + entry("w", "\"F32\"", "[4]", "[0]") + "}", "data_offsets", "w");
  header_refused("{" + entry("w", "\"F32\"", "[4]", "[0,-1]") + "}", "data_offsets", "w");
  header_refused("{" + entry("w", "\"F32\"", "[3]", "[0,16]") + "}", "needs 12", "w");
  header_refused("{" + entry("w", "\"F64\"", "[4]", "[0,16]") + "}", "needs 32", "w");
  header_refused("{" + entry("w", "\"F32\"", "[3]", "[0,12]") + "}", "cover 12 of 16");
  header_refused("{" + entry("w", "\"F32\"", "[3]", "[4,16]") + "}", "gap of 4", "w");
  header_refused("{" + entry("v", "\"F32\"", "[3]", "[0,12]") + "," +
                     entry("w", "\"F32\"", "[3]", "[4,16]") + "}",
                 "overlaps", "w");
  header_refused("{" + entry("v", "\"F32\"", "[2]", "[0,8]") + "," +
                     entry("w", "\"U8\"", "[4]", "[12,16]") + "}",
                 "gap of 4", "w");
}

BOOST_AUTO_TEST_CASE(unaligned_data_are_read) {
  Scratch const s;
  float const x[4] = {1, 2, 3, 4};
  std::string data(16, '\0');
  std::memcpy(data.data(), x, 16);
  for (int pad = 0; pad < 8; ++pad) {
    auto const path = s.file("x", packed("{" + entry("w", "\"F32\"", "[4]", "[0,16]") + "}" +
                                             std::string(static_cast<std::size_t>(pad), ' '),
                                         data));
    BOOST_TEST(Safetensors::open(path).read<float>("w")[3] == 4.0F);
  }
}

BOOST_AUTO_TEST_CASE(finite) {
  std::vector<float> v{1, 2, 3};
  io::require_finite<float>(v, "w", "f");
  v[1] = std::nanf("");
  BOOST_CHECK_EXCEPTION(io::require_finite<float>(v, "w", "f"), CheckpointError,
                        says("f", "w", "element 1"));
  v[1] = -std::numeric_limits<float>::infinity();
  BOOST_CHECK_EXCEPTION(io::require_finite<float>(v, "w", "f"), CheckpointError, says("w", "inf"));
}

// Random damage is either refused or harmless; under the sanitizers this is a small fuzzer.
BOOST_AUTO_TEST_CASE(random_damage) {
  Scratch const s;
  io::save_safetensors(s / "x",
                       {io::encode<float>("one", {2, 3}, std::vector<float>(6, 1.0F), Dtype::F32),
                        io::encode<float>("two", {5}, std::vector<float>(5, 2.0F), Dtype::F16)},
                       {{"k", "v"}});
  std::string const good = io::read_file(s / "x");
  Random const random{.seed = 42};
  int refused = 0;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    std::string bad = good;
    Random const r = random.fork(i);
    for (std::uint64_t k = 0; k <= static_cast<std::uint64_t>(r.below(0, 4)); ++k)
      bad[static_cast<std::size_t>(r.below(10 + 2 * k, static_cast<Index>(bad.size())))] =
          static_cast<char>(r.below(11 + 2 * k, 256));
    if (r.below(1, 4) == 0)
      bad.resize(static_cast<std::size_t>(r.below(2, static_cast<Index>(bad.size()))));
    try {
      auto const file = Safetensors::open(s.file("bad", bad));
      for (auto const& record : file.records())
        if (io::facts(record.dtype).floating)
          (void)file.read<float>(record);
        else
          (void)file.read<std::int64_t>(record);
    } catch (CheckpointError const&) {
      ++refused;
    }
  }
  BOOST_TEST(refused > 1000);
}

BOOST_AUTO_TEST_SUITE_END()
