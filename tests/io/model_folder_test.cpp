#include "vlpt/io/model_folder.hpp"

#include <boost/test/unit_test.hpp>

#include "scratch.hpp"
#include "vlpt/io/safetensors_writer.hpp"

using namespace vlpt;
using test::says;
using test::Scratch;

namespace {

/// A folder whose config.json has these sizes and whose file is of 2 layers, width 4, MLP width 8
/// and 4 patches. The checks read names and shapes only, so one tensor of each kind is enough.
struct Folder {
  Scratch scratch;
  io::VitConfig config;

  Folder() {
    config.hidden_size = 4, config.num_hidden_layers = 2, config.num_attention_heads = 2;
    config.intermediate_size = 8, config.image_size = 4, config.patch_size = 2;
    config.num_channels = 1;
  }
  io::ModelFolder open(bool timm = false) const {
    std::string const layer = timm ? "blocks." : "vit.encoder.layer.";
    std::string const embed = timm ? "" : "vit.embeddings.";
    std::vector<io::NamedTensor<float>> const tensors{
        {embed + "cls_token", Tensor<float>({1, 1, 4})},
        {embed + (timm ? "pos_embed" : "position_embeddings"), Tensor<float>({1, 5, 4})},
        {layer + "0." + (timm ? "mlp.fc1" : "intermediate.dense") + ".weight",
         Tensor<float>({8, 4})},
        {layer + "1." + (timm ? "norm1" : "layernorm_before") + ".weight", Tensor<float>({4})}};
    io::save_safetensors(scratch / "model.safetensors", tensors, {}, io::Dtype::F32);
    io::write_vit_config(scratch / "config.json", config);
    io::write_preprocess(scratch / "preprocessor_config.json",
                         {.size = config.image_size, .channels = 1, .mean = {0}, .std = {1}});
    return io::ModelFolder::open(scratch.path());
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(model_folder)

BOOST_AUTO_TEST_CASE(opens_both_families) {
  BOOST_TEST(Folder{}.open().naming.family == "vit_hf");
  BOOST_TEST(Folder{}.open().vision().facts.depth == 2);
  BOOST_TEST(Folder{}.open(true).naming.family == "timm");
}

BOOST_AUTO_TEST_CASE(a_config_that_lies_is_refused_before_anything_is_built) {
  auto const refused = [](auto change, char const* field, char const* says_, char const* has) {
    for (bool timm : {false, true}) {
      Folder f;
      change(f.config);
      BOOST_CHECK_EXCEPTION((void)f.open(timm), CheckpointError,
                            says("config.json", field, says_, has));
    }
  };
  refused([](auto& c) { c.hidden_size = 65'536; }, "hidden_size", "65536", "has 4");
  refused([](auto& c) { c.num_hidden_layers = 512; }, "num_hidden_layers", "512", "has 2");
  refused([](auto& c) { c.num_hidden_layers = 1; }, "num_hidden_layers", "is 1", "has 2");
  refused([](auto& c) { c.intermediate_size = 65'536; }, "intermediate_size", "65536", "has 8");
  refused([](auto& c) { c.image_size = 512; }, "image_size", "65537 positions", "has positions");
}

BOOST_AUTO_TEST_CASE(odd_folders) {
  BOOST_CHECK_EXCEPTION((void)io::ModelFolder::open(""), InputError, says("is empty"));
  BOOST_CHECK_EXCEPTION((void)io::ModelFolder::open(std::string(5000, 'x')), InputError,
                        says("there is no model folder"));
  Folder f;
  (void)f.open();
  io::write_preprocess(f.scratch / "preprocessor_config.json",
                       {.size = 8, .channels = 1, .mean = {0}, .std = {1}});
  BOOST_CHECK_EXCEPTION((void)io::ModelFolder::open(f.scratch.path()), InputError,
                        says("makes pictures of 1 x 8 x 8", "wants 1 x 4 x 4", "{.image = 8}"));
  io::write_preprocess(f.scratch / "preprocessor_config.json",
                       {.size = 4, .channels = 3, .mean = {0, 0, 0}, .std = {1, 1, 1}});
  BOOST_CHECK_EXCEPTION((void)io::ModelFolder::open(f.scratch.path()), InputError,
                        [](InputError const& e) {  // no other size would help
                          return says("of 3 x 4 x 4", "wants 1 x 4 x 4")(e) && !says("{.image")(e);
                        });
  std::vector<io::NamedTensor<float>> const foreign{{"x", Tensor<float>({1})}};
  io::save_safetensors(f.scratch / "model.safetensors", foreign, {}, io::Dtype::F32);
  BOOST_CHECK_EXCEPTION((void)io::ModelFolder::open(f.scratch.path()), CheckpointError,
                        says("num_hidden_layers", "has 0"));
}

BOOST_AUTO_TEST_SUITE_END()
