#include "vlpt/io/delta_info.hpp"

#include <boost/test/unit_test.hpp>

#include "scratch.hpp"
#include "vlpt/io/safetensors_writer.hpp"

namespace vlpt::io {
namespace {

BOOST_AUTO_TEST_SUITE(delta_info)

Metadata good_metadata() {
  return {{"format", delta_format}, {"format_version", delta_version},
          {"class_names", "[]"},    {"preprocess", "{}"},
          {"method", "deep"},       {"recipe", ""},
          {"policy", "deep"},       {"settings", R"({"prompts": "2"})"},
          {"model", "{}"},          {"backbone", ""}};
}

BOOST_AUTO_TEST_CASE(files_that_are_no_deltas_are_refused) {
  test::Scratch const scratch;
  auto const path = scratch.path() / "x.safetensors";
  auto const read = [&](Metadata const& m) {
    save_safetensors(path, std::vector<TensorBytes>{}, m);
    return read_delta_info(Safetensors::open(path));
  };
  auto const refused = [&](char const* key, std::string value, char const* why) {
    Metadata m = good_metadata();
    m[key] = std::move(value);
    BOOST_CHECK_EXCEPTION(read(m), CheckpointError, test::says(why));
  };
  BOOST_TEST(count_in(read(good_metadata()).settings, "prompts") == 2);
  for (auto const& [key, value] : good_metadata()) {
    Metadata m = good_metadata();
    m.erase(key);
    BOOST_CHECK_EXCEPTION(read(m), CheckpointError, test::says("no vlpt delta", key.c_str()));
  }
  refused("format", "pt", "its format is \"pt\"");
  refused("format_version", "9", "version 9 is not known");
  refused("class_names", "{}", "must be a list of strings");
  refused("class_names", "\"a\"", "must be a list of strings");
  refused("class_names", "[[]]", "must be a list of strings");
  refused("class_names", "[1]", "must be a list of strings");
  refused("class_names", "[", "no valid JSON");
  for (char const* key : {"settings", "model", "preprocess"}) {
    refused(key, "[]", "a JSON object is expected");
    refused(key, R"({"prompts": 2})", "\"prompts\" must be a string, not 2");
    refused(key, R"({"prompts": "2", "prompts": "3"})", "twice");
    refused(key, R"({"a": ")" + std::string(70'000, 'a') + "\"}", "the limit is 65536");
  }
}

BOOST_AUTO_TEST_CASE(names_are_read_only_as_far_as_the_head_has_rows) {
  test::Scratch const scratch;
  auto const path = scratch.path() / "x.safetensors";
  auto const names = [&](Shape head, std::string list) {
    Metadata m = good_metadata();
    m["class_names"] = std::move(list);
    std::vector<float> const values(static_cast<std::size_t>(head.size()));
    save_safetensors(path, {encode<float>("head.weight", head, values, Dtype::F32)}, m);
    return read_delta_info(Safetensors::open(path)).class_names;
  };
  BOOST_TEST((names({2, 1}, R"(["a", "b"])") == std::vector<std::string>{"a", "b"}));
  BOOST_TEST(names({2, 1}, "[]").empty());
  BOOST_CHECK_EXCEPTION(names({3, 1}, R"(["a", "b"])"), CheckpointError,
                        test::says("has 2 names, the head 3 rows"));
  // Stops at the third name: what follows is not even JSON.
  BOOST_CHECK_EXCEPTION(names({2, 1}, R"(["a", "b", "c", ?)"), CheckpointError,
                        test::says("more names than the head's 2 rows"));
  // Rows without values cost the file nothing, so they count for nothing.
  BOOST_CHECK_EXCEPTION(names({1'000'000'000, 0}, R"(["a", ?)"), CheckpointError,
                        test::says("more names than the head's 0 rows"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace vlpt::io
