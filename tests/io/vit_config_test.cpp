#include "vlpt/io/config/vit_config.hpp"

#include <boost/test/unit_test.hpp>

#include "scratch.hpp"

using namespace vlpt;
using test::says;
using test::Scratch;

BOOST_AUTO_TEST_SUITE(vit_config)

static char const* const published = R"({"architectures": ["ViTModel"], "model_type": "vit",
  "attention_probs_dropout_prob": 0.0, "hidden_act": "gelu", "hidden_size": 768,
  "image_size": [224, 224], "intermediate_size": 3072, "layer_norm_eps": 1e-12,
  "num_attention_heads": 12, "num_channels": 3, "num_hidden_layers": 12, "patch_size": 16})";

BOOST_AUTO_TEST_CASE(reads_and_writes) {
  Scratch const s;
  s.file("config.json", published);
  auto const vit = io::read_vit_config(s.path());
  BOOST_TEST(vit.image_size == 224);
  BOOST_TEST(vit.layer_norm_eps == 1e-12);
  BOOST_TEST(vit.qkv_bias);

  io::VitConfig c;
  c.model_type = "vit_mae";
  c.hidden_size = 128, c.num_attention_heads = 4, c.image_size = 28, c.patch_size = 4;
  c.num_channels = 1, c.qkv_bias = false, c.norm_pix_loss = true, c.mask_ratio = 0.6;
  c.decoder_hidden_size = 64, c.decoder_num_attention_heads = 2;
  io::write_vit_config(s / "mae.json", c);
  auto const d = io::read_vit_config(s / "mae.json");
  BOOST_TEST(d.model_type == "vit_mae");
  BOOST_TEST(d.hidden_size == 128);
  BOOST_TEST(d.num_channels == 1);
  BOOST_TEST(!d.qkv_bias);
  BOOST_TEST(d.norm_pix_loss);
  BOOST_TEST(d.mask_ratio == 0.6);
  BOOST_TEST(d.decoder_hidden_size == 64);
}

BOOST_AUTO_TEST_CASE(bad_fields_are_named) {
  Scratch const s;
  auto const refused = [&](char const* from, char const* to, char const* field, char const* what) {
    std::string json = published;
    json.replace(json.find(from), std::string_view(from).size(), to);
    auto const path = s.file("config.json", json);
    BOOST_CHECK_EXCEPTION((void)io::read_vit_config(path), CheckpointError,
                          says("config.json", field, what));
  };
  refused("\"hidden_size\"", "\"hiden_size\"", "\"hidden_size\"", "missing");
  refused("768", "-768", "hidden_size", "-768");
  refused("768", "0", "hidden_size", "0");
  refused("768", "1e9", "hidden_size", "count");
  refused("768", "100000000", "hidden_size", "count");
  refused("768", "65537", "hidden_size", "1 to 65536");
  refused("3072", "65537", "intermediate_size", "1 to 65536");
  refused("\"num_hidden_layers\": 12", "\"num_hidden_layers\": 513", "num_hidden_layers",
          "1 to 512");
  refused("\"num_channels\": 3", "\"num_channels\": 1025", "num_channels", "1 to 1024");
  refused("[224, 224]", "16385", "image_size", "1 to 16384");
  refused("[224, 224], ", "16384, ", "patch_size", "65536 patches");
  refused("768", "\"768\"", "hidden_size", "count");
  refused("[224, 224]", "[224, 112]", "image_size", "[224,112]");
  refused("\"vit\"", "\"swin\"", "model_type", "swin");
  refused("\"num_attention_heads\": 12", "\"num_attention_heads\": 7", "num_attention_heads",
          "768");
  refused("\"patch_size\": 16", "\"patch_size\": 15", "patch_size", "224");
  refused("1e-12", "-1", "layer_norm_eps", "-1");
  refused("1e-12", "null", "layer_norm_eps", "null");
  refused("\"gelu\"", "3", "hidden_act", "string");
  refused("\"model_type\": \"vit\"", "\"model_type\": \"vit_mae\"", "decoder_hidden_size",
          "missing");
  refused("{", "[", "", "no valid JSON; line 1, column");
  BOOST_CHECK_THROW((void)io::read_vit_config(s / "none"), InputError);
}

BOOST_AUTO_TEST_SUITE_END()
