#include "vlpt/io/dataset/preprocessor_config.hpp"

#include <boost/test/unit_test.hpp>

#include "scratch.hpp"

using namespace vlpt;
using test::says;
using test::Scratch;

BOOST_AUTO_TEST_SUITE(preprocessor_config)

BOOST_AUTO_TEST_CASE(reads_and_writes) {
  Scratch const s;
  io::write_preprocess(
      s / "preprocessor_config.json",
      {.size = 28, .channels = 1, .mean = {0.25}, .std = {0.5}, .filter = io::Filter::bicubic});
  auto const p = io::read_preprocess(s.path());
  BOOST_TEST(p.size == 28);
  BOOST_TEST(p.channels == 1);
  BOOST_TEST(p.mean == std::vector<double>{0.25});
  BOOST_TEST(p.std == std::vector<double>{0.5});
  BOOST_TEST((p.filter == io::Filter::bicubic));
  auto const old = io::read_preprocess(s.file(
      "old.json",
      R"({"size": 224, "image_mean": [0.5, 0.5, 0.4], "image_std": [0.5, 0.5, 1], "resample": 2})"));
  BOOST_TEST(old.size == 224);
  BOOST_TEST(old.channels == 3);
  BOOST_TEST((old.filter == io::Filter::bilinear));
}

BOOST_AUTO_TEST_CASE(bad_fields_are_named) {
  Scratch const s;
  auto const refused = [&](char const* json, char const* field) {
    auto const path = s.file("p.json", json);
    BOOST_CHECK_EXCEPTION((void)io::read_preprocess(path), CheckpointError, says("p.json", field));
  };
  refused(R"({"image_mean": [0], "image_std": [1]})", "\"size\"");
  refused(R"({"size": {"shortest_edge": 224}, "image_mean": [0], "image_std": [1]})", "\"height\"");
  refused(R"({"size": {"height": 8, "width": 9}, "image_mean": [0], "image_std": [1]})",
          "\"width\" must be the height 8");
  refused(R"({"size": 16385, "image_mean": [0], "image_std": [1]})", "1 to 16384");
  refused(R"({"size": 8, "image_mean": [11], "image_std": [1]})", "-10 to 10");
  refused(R"({"size": 8, "image_mean": [0], "image_std": [1e-4]})", "0.001 to 100");
  refused(R"({"size": 8, "image_mean": [0], "image_std": [101]})", "0.001 to 100");
  for (char const* step : {"do_resize", "do_rescale", "do_normalize"})
    refused(
        text(R"({"size": 8, "image_mean": [0], "image_std": [1], ")", step, "\": false}").c_str(),
        step);
  refused(R"({"size": 8, "image_mean": [0], "image_std": [1], "rescale_factor": 1})",
          "rescale_factor");
  refused(R"({"size": 8, "image_std": [1]})", "image_mean");
  refused(R"({"size": 8, "image_mean": [0, 0], "image_std": [1, 1]})", "1 or 3");
  refused(R"({"size": 8, "image_mean": [0], "image_std": [1, 1]})", "as long as");
  refused(R"({"size": 8, "image_mean": [0], "image_std": [0]})", "0.001 to 100");
  refused(R"({"size": 8, "image_mean": ["a"], "image_std": [0]})", "list of numbers");
  refused(R"({"size": 8, "image_mean": [0], "image_std": [1], "resample": 5})", "resample");
  BOOST_CHECK_THROW(
      io::write_preprocess(s / "x.json", {.size = 8, .channels = 3, .mean = {0}, .std = {1}}),
      InputError);
}

BOOST_AUTO_TEST_SUITE_END()
