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

BOOST_AUTO_TEST_CASE(files_of_each_family) {
  using io::PictureFit;
  Scratch const s;
  auto const read = [&](char const* name, std::string const& json) {
    auto const p = io::read_preprocess(s.file(name, json).parent_path());
    std::filesystem::remove(s / name);
    return p;
  };
  std::string const half = R"("image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5])";
  auto const old = read("preprocessor_config.json",
                        R"({"feature_extractor_type": "CLIPFeatureExtractor", "size": 256,
                            "crop_size": 224, "do_pad": null, )" +
                            half + "}");
  BOOST_TEST(old.size == 224);
  BOOST_TEST((old.filter == io::Filter::bicubic));
  BOOST_TEST((old.fit == PictureFit{.scale = PictureFit::Scale::shortest, .to = 256}));
  auto const inside = read("processor_config.json",
                           R"({"image_processor": {"image_processor_type": "CLIPImageProcessorFast",
                               "size": {"shortest_edge": 32}, "do_convert_rgb": true,
                               "crop_size": {"height": 32, "width": 32}, )" +
                               half + "}}");
  BOOST_TEST((inside.fit == PictureFit{.scale = PictureFit::Scale::shortest}));
  auto const vilt = read("preprocessor_config.json",
                         R"({"image_processor_type": "ViltFeatureExtractor", "size": 384,
                             "size_divisor": 16, "do_pad": true, )" +
                             half + "}");
  BOOST_TEST(vilt.size == 384);
  BOOST_TEST((vilt.fit == PictureFit{.scale = PictureFit::Scale::multiple, .multiple = 16}));
  auto const open_clip =
      read("open_clip_config.json", R"({"model_cfg": {"vision_cfg": {"image_size": 288}}})");
  BOOST_TEST(open_clip.size == 288);
  BOOST_TEST(open_clip.mean == io::clip_preprocess(288).mean);
  BOOST_TEST((open_clip.fit == io::clip_preprocess(288).fit));
  auto const timm = read("config.json", R"({"architecture": "vit", "pretrained_cfg": {
                                            "input_size": [3, 224, 224], "crop_pct": 0.9}})");
  BOOST_TEST((timm.fit == PictureFit{.scale = PictureFit::Scale::shortest,
                                     .to = 248,
                                     .half = PictureFit::Half::even}));
  BOOST_TEST(timm.mean[0] == 0.485);
  s.file("config.json", R"({"model_type": "vit"})");
  BOOST_CHECK_EXCEPTION((void)io::read_preprocess(s.path()), InputError,
                        says("preprocessor_config.json", "no such file"));
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read) {
  using io::PictureFit;
  Scratch const s;
  io::Preprocess p = io::clip_preprocess(32);
  BOOST_CHECK_EXCEPTION(io::write_preprocess(s / "p.json", p), InputError, says("Half::down"));
  for (PictureFit fit : {PictureFit{.scale = PictureFit::Scale::shortest},
                         {.scale = PictureFit::Scale::shortest, .to = 40},
                         {.scale = PictureFit::Scale::stretch, .to = 40},
                         {.scale = PictureFit::Scale::multiple, .multiple = 8},
                         {}}) {
    p.fit = fit;
    io::write_preprocess(s / "p.json", p);
    auto const q = io::read_preprocess(s / "p.json");
    BOOST_TEST((q.fit == fit));
    BOOST_TEST(q.size == 32);
    BOOST_TEST((q.filter == p.filter));
  }
}

BOOST_AUTO_TEST_CASE(bad_fields_are_named) {
  Scratch const s;
  auto const refused = [&](char const* json, char const* field) {
    auto const path = s.file("p.json", json);
    BOOST_CHECK_EXCEPTION((void)io::read_preprocess(path), CheckpointError, says("p.json", field));
  };
  refused(R"({"image_mean": [0], "image_std": [1]})", "\"size\"");
  refused(R"({"size": {"shortest_edge": 224}, "image_mean": [0], "image_std": [1]})",
          "\"do_center_crop\" must be true");
  refused(R"({"size": {"longest_edge": 224}, "image_mean": [0], "image_std": [1]})",
          "\"size\" must be one of height and width");
  refused(R"({"size": {}, "image_mean": [0], "image_std": [1]})", "size: field \"height\"");
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
  for (char const* filter : {"5", "0", "\"bicubic\""})
    refused(text(R"({"size": 8, "image_mean": [0], "image_std": [1], "resample": )", filter, '}')
                .c_str(),
            "\"resample\" must be 2 (bilinear) or 3 (bicubic)");
  auto const asks = [&](char const* more, char const* field) {
    refused(text(R"({"size": 8, "image_mean": [0], "image_std": [1], )", more, "}").c_str(), field);
  };
  asks(R"("do_pad": true)", "\"do_pad\" must be false");
  asks(R"("do_flip_channel_order": true)", "there is no such step");
  asks(R"("image_processor_type": "ConvNextImageProcessor")", "image processor of ViT, DeiT, CLIP");
  asks(R"("image_processor_type": "CLIPImageProcessor")", "\"crop_size\"");
  asks(R"("feature_extractor_type": "CLIPFeatureExtractor", "do_center_crop": false)",
       "\"do_center_crop\" must be true");
  asks(R"("do_center_crop": true, "crop_size": {"height": 3, "width": 4})", "\"width\" must be");
  asks(R"("image_processor_type": "ViltImageProcessor", "do_pad": false)",
       "\"do_pad\" must be true");
  asks(R"("image_processor_type": "ViltImageProcessor", "size_divisor": 9)", "size_divisor");
  refused(R"({"architecture": "vit", "pretrained_cfg": {"input_size": [3, 8, 9]}})", "input_size");
  refused(R"({"architecture": "vit", "pretrained_cfg": {"crop_pct": 1.5}})", "crop_pct");
  refused(R"({"architecture": "vit", "crop_mode": "border"})", "crop_mode");
  refused(R"({"architecture": "vit", "interpolation": "lanczos"})", "interpolation");
  refused(R"({"preprocess_cfg": {"resize_mode": "longest"}})", "resize_mode");
  refused(R"({"preprocess_cfg": {"mode": "L"}})", "mode");
  refused(R"({"model_cfg": {"vision_cfg": {"image_size": 0}}})", "image_size");
  BOOST_CHECK_THROW(
      io::write_preprocess(s / "x.json", {.size = 8, .channels = 3, .mean = {0}, .std = {1}}),
      InputError);
}

BOOST_AUTO_TEST_SUITE_END()
