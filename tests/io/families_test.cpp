// Folders of every family, as tests/conformance/fixtures has them: what their configs decide, and
// what is said where one is in the way.
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "fixture_copy.hpp"
#include "vlpt/io/config/write_clip_config.hpp"
#include "vlpt/io/dispatch.hpp"
#include "vlpt/io/safetensors_writer.hpp"

using namespace vlpt;
using test::Copy;
using test::open;
using test::refused;
using test::says;
using test::Scratch;
namespace fs = std::filesystem;

namespace {

struct TinyClip : arch::Vision {
  using Activation = QuickGelu;
  static constexpr std::string_view name = "tiny-clip";
  static constexpr Index image = 12, patch = 4, dim = 24, depth = 2, heads = 3, hidden = 40;
  static constexpr Index projection = 8;
  static constexpr bool patch_bias = false, pre_norm = true;
  struct Text {
    static constexpr Index vocabulary = 60, tokens = 9, dim = 16, depth = 2, heads = 2, hidden = 40;
  };
};
struct Deeper : TinyClip {
  static constexpr std::string_view name = "deeper";
  static constexpr Index depth = 3;
};

/// Opens a lone file of bytes that has these names and shapes.
io::ModelFolder of_shapes(std::vector<std::pair<std::string, Shape>> const& tensors) {
  auto header = io::Json::object();
  Index size = 0;
  for (auto const& [name, shape] : tensors) {
    header[name] = {{"dtype", "U8"}, {"shape", io::Json::array()}};
    for (int i = 0; i < shape.rank; ++i) header[name]["shape"].push_back(shape[i]);
    header[name]["data_offsets"] = {size, size + shape.size()};
    size += shape.size();
  }
  std::string const text = header.dump();
  std::uint64_t const length = text.size();
  std::string bytes(sizeof length, '\0');
  std::memcpy(bytes.data(), &length, sizeof length);
  Scratch const scratch;
  auto const zeros = std::string(static_cast<std::size_t>(size), '\0');
  return io::ModelFolder::open(scratch.file("x.safetensors", bytes + text + zeros));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(families)

BOOST_AUTO_TEST_CASE(clip) {
  auto const folder = open("clip_hf");
  auto const& [facts, text] = folder.dual();
  BOOST_TEST(facts.projection == 8);  // not the 7 in either nested config
  BOOST_TEST(facts.pre_norm);
  BOOST_TEST(!facts.patch_bias);
  BOOST_TEST((facts.gelu == GeluKind::quick && text.gelu == GeluKind::quick));
  BOOST_TEST(text.end == TextTowerFacts::largest);
  auto const other = open("clip_hf_gelu").dual();
  BOOST_TEST((other.facts.gelu == GeluKind::exact));
  BOOST_TEST(other.text.end == 57);
  BOOST_TEST(open("clip_vision_hf").vision().facts.projection == 8);
}

BOOST_AUTO_TEST_CASE(old_clip_configs_nest_twice) {
  Copy copy("clip_hf");
  copy.edit("config.json", "\"text_config\": {",
            "\"vision_config_dict\": null, \"text_config_dict\": {\"hidden_act\": \"gelu\"}, "
            "\"text_config\": {");
  auto const dual = copy.open().dual();
  BOOST_TEST((dual.text.gelu == GeluKind::exact && dual.facts.gelu == GeluKind::quick));
}

BOOST_AUTO_TEST_CASE(open_clip_and_files_without_a_config) {
  BOOST_TEST((open("open_clip_vit").dual().facts.gelu == GeluKind::exact));
  BOOST_TEST((open("open_clip_custom_text").dual().text.gelu == GeluKind::quick));
  BOOST_TEST(open("open_clip_vit").preprocess().size == 12);
  Copy const openai("clip_openai");
  BOOST_CHECK_EXCEPTION((void)openai.open(), CheckpointError, says("width of 24", "{.heads = "));
  BOOST_CHECK_EXCEPTION((void)openai.open({.heads = 3}), CheckpointError, says("{.text_heads = "));
  auto const dual = openai.open({.heads = 3, .text_heads = 2}).dual();
  BOOST_TEST(dual.facts.hidden == 96);
  BOOST_TEST(dual.text.tokens == 9);
  auto const moco = Copy("moco_v3").open({.heads = 3});
  BOOST_TEST(!moco.vision().facts.learned_positions);
  BOOST_TEST((moco.vision().facts.pool == Pool::class_row));
  BOOST_TEST((Copy("mae_original").open({.heads = 3}).vision().facts.pool == Pool::mean_all));
  BOOST_TEST(Copy("torchvision_vit").open({.heads = 3}).vision().classes == 5);
}

BOOST_AUTO_TEST_CASE(shapes_that_are_no_models) {
  auto const refuses = [](Shape positions, Shape patches, auto... words) {
    BOOST_CHECK_EXCEPTION((void)of_shapes({{"cls_token", {1, 1, 1}},
                                           {"norm.weight", {1}},
                                           {"pos_embed", positions},
                                           {"patch_embed.proj.weight", patches}}),
                          CheckpointError, says(words...));
  };
  refuses({1, 10, 1}, {1, 1, 4, 4}, "tensor blocks.0.mlp.fc1.weight is missing");
  refuses({1, 5, 0}, {0, 3, 4, 4}, "patch_embed.proj.weight", "(0, 3, 4, 4)", "no model's");
  refuses({1, 5, 0}, {1, 1, 4, 4}, "positions (1, 5, 0)", "are of no square image");
  refuses({1, 9, 1}, {1, 1, 4, 4}, "positions (1, 9, 1)", "are of no square image");
  refuses({1, 10, 1}, {1, 1, 4, 2}, "patches (1, 1, 4, 2)", "are of no square image");
  refuses({1, 257 * 257 + 1, 1}, {1, 1, 1, 1}, "(1, 66050, 1)", "more than 65536 patches");
  refuses({1, 256 * 256 + 1, 1}, {1, 1, 65, 65}, "(1, 1, 65, 65)", "16384 pixels a side");
  Index const far = Index{1} << 55;  // beside an extent of 0, a file may claim any other
  BOOST_CHECK_EXCEPTION((void)of_shapes({{"cross_modal_text_pooler.dense.weight", {}},
                                         {"cross_modal_text_transform.weight", {64, far, 0}}}),
                        CheckpointError, says("cross_modal_text_transform.weight", "no values"));
}

BOOST_AUTO_TEST_CASE(timm) {
  auto const folder = open("timm_vit");
  BOOST_TEST(folder.vision().facts.heads == 3);
  BOOST_TEST(folder.vision().classes == 5);
  BOOST_TEST((open("timm_vit_avg").vision().facts.pool == Pool::mean_image));
  auto const clip = open("timm_vit_clip").vision().facts;
  BOOST_TEST((clip.pre_norm && !clip.patch_bias && clip.eps == 1e-5));
  Copy const bare("timm_vit_clip");
  std::filesystem::remove(bare.scratch / "config.json");
  BOOST_CHECK_EXCEPTION((void)bare.open({.heads = 3}), CheckpointError,
                        says("norm_pre", "QuickGELU"));
  auto const base = io::timm_architecture("vit_large_patch16_384.augreg_in21k_ft_in1k");
  BOOST_TEST((base && base->dim == 1024 && base->depth == 24 && base->image == 384));
  BOOST_TEST(io::timm_architecture("deit_small_patch16_224").value().heads == 6);
  for (char const* name :
       {"resnet50", "vit_base_patch16", "vit_base_patch0_224", "vit_giant_patch14_224",
        "deit_base_distilled_patch16_224", "vit_base_patch16_siglip_224", ""})
    BOOST_TEST(!io::timm_architecture(name), name);
}

BOOST_AUTO_TEST_CASE(labels_are_those_of_the_head) {
  auto const folder = open("vit_hf");
  BOOST_TEST(folder.vision().classes == 5);
  BOOST_REQUIRE(folder.labels.size() == 5U);
  BOOST_TEST(folder.labels[4] == "LABEL_4");
  refused(Copy("vit_hf").edit("config.json", "\"4\": \"LABEL_4\"", "\"5\": \"LABEL_4\""),
          "id2label", "\"4\"");
  refused(Copy("vit_hf").edit("config.json", "\"0\": \"LABEL_0\",", ""), "id2label", "5 classes");
}

BOOST_AUTO_TEST_CASE(a_field_in_the_way_is_named_with_what_is_accepted) {
  refused(Copy("vit_hf").edit("config.json", "\"model_type\": \"vit\"", "\"model_type\": \"swin\""),
          "model_type", "swin", "\"vit\", \"vit_mae\"", "\"clip\"");
  refused(Copy("clip_hf").edit("config.json", "quick_gelu", "gelu_new"), "hidden_act", "gelu_new",
          "text_config", "quick_gelu");
  refused(Copy("clip_hf").edit("config.json", "\"vocab_size\": 60", "\"vocab_size\": 61"),
          "text_config", "vocab_size", "is 61", "has 60");
  refused(Copy("clip_hf").edit("config.json", "\"projection_dim\": 8", "\"projection_dim\": 7"),
          "projection_dim", "is 7", "has 8");
  refused(Copy("clip_hf").edit("config.json", "\"image_size\": 12", "\"image_size\": 16"),
          "vision_config", "image_size", "is 16", "image_size 12", "{.image = 16}");
  refused(Copy("open_clip_vit")
              .edit("open_clip_config.json", "\"layers\": 2", "\"layers\": [3, 4, 6, 3]"),
          "vision_cfg", "layers", "[3,4,6,3]");
  refused(Copy("open_clip_vit")
              .edit("open_clip_config.json", "\"layers\": 2",
                    "\"timm_model_name\": \"vit_base\", \"layers\": 2"),
          "timm_model_name", "null", "vit_base");
  refused(Copy("timm_vit").edit("config.json", "vit_tiny_patch16_224", "swin_tiny_patch4_224"),
          "architecture", "swin", "vit_SIZE_patchP_N");
  refused(Copy("timm_vit").edit("config.json", "\"depth\": 2", "\"reg_tokens\": 4, \"depth\": 2"),
          "model_args", "reg_tokens", "not 4");
  std::string const pool = "\"in_chans\": 3,\n    \"global_pool\": ";  // of model_args: it decides
  refused(Copy("timm_vit").edit("config.json", pool + "\"token\"", pool + "\"map\""), "model_args",
          "global_pool", "map", "avg");
  refused(Copy("timm_vit").edit("config.json", pool + "\"token\"", pool + "\"avg\""), "global_pool",
          "fc_norm");
}

BOOST_AUTO_TEST_CASE(another_family_than_is_asked_for) {
  auto const folder = open("clip_hf");
  BOOST_CHECK_EXCEPTION((void)folder.vision(), InputError,
                        says("a dual encoder", "clip_hf", "a vision transformer is needed"));
  BOOST_CHECK_EXCEPTION((void)folder.preprocess(), InputError, says("preprocessor_config.json"));
}

BOOST_AUTO_TEST_CASE(a_message_names_the_file_that_says_so) {
  Copy copy("open_clip_vit");
  copy.edit("open_clip_config.json", "\"image_size\": 12,",
            "\"image_size\": 12, \"norm_kwargs\": {\"eps\": 7},");
  refused(copy, "open_clip_config.json: vision_cfg: norm_kwargs: field \"eps\"", "not 7");
  Copy other("open_clip_vit");
  other.edit("open_clip_config.json", "\"preprocess_cfg\": {",
             "\"preprocess_cfg\": {\"size\": 16, ");
  refused(other, "open_clip_config.json makes pictures of 3 x 16 x 16",
          "open_clip_config.json wants 3 x 12 x 12");
}

BOOST_AUTO_TEST_CASE(a_config_that_was_written_is_read_with_its_activations) {
  for (char const* name : {"clip_hf", "clip_hf_gelu"}) {
    Copy const copy(name);
    auto const [facts, text] = copy.open().dual();
    io::write_clip_config(copy.scratch / "config.json", facts, text);
    auto const again = copy.open().dual();
    BOOST_TEST((again.facts == facts), name);
    BOOST_TEST((again.text.gelu == text.gelu), name);
  }
}

BOOST_AUTO_TEST_CASE(another_resolution_only_where_it_is_asked_for) {
  Copy const copy("vit_hf");
  BOOST_TEST(!copy.open().naming.interpolates);
  BOOST_TEST(!copy.open({.image = 12}).naming.interpolates);
  auto const larger = copy.open({.image = 20});
  BOOST_TEST(larger.naming.interpolates);
  BOOST_TEST(larger.vision().facts.tokens() == 26);
  BOOST_CHECK_EXCEPTION((void)copy.open({.image = 21}), InputError, says("21", "patch size 4"));
  BOOST_CHECK(io::naming::clip_openai().interpolation == io::Interpolation::bicubic_antialias);
}

BOOST_AUTO_TEST_CASE(a_known_size_meets_its_arch_and_any_other_the_dynamic_one) {
  auto const folder = open("clip_hf");
  auto const name = [&folder]<class... Archs>(std::type_identity<Archs>...) {
    return io::dispatch<Archs...>(folder, [](auto a) { return std::string(decltype(a)::name); });
  };
  using Any = arch::DynamicDual<QuickGelu>;
  BOOST_TEST(name(std::type_identity<TinyClip>{}, std::type_identity<Any>{}) == "tiny-clip");
  BOOST_TEST(name(std::type_identity<Deeper>{}, std::type_identity<Any>{}) == "dynamic-dual");
  BOOST_CHECK_EXCEPTION(
      (io::dispatch<Deeper, arch::DynamicDual<Gelu>, arch::ViT_B16>(folder, [](auto) {})),
      InputError,
      says("depth: the file has 2, arch deeper has 3",
           "activation: the file has quick_gelu, arch dynamic-dual has gelu",
           "arch vit-b16 is a vision transformer"));
  BOOST_CHECK_EXCEPTION((void)io::require_arch<arch::ClipB32>(folder), InputError,
                        says("depth: the file has 2, arch clip-b32 has 12", "text_dim", "image"));
  BOOST_TEST(io::require_arch<arch::DynamicDual<AnyGelu>>(folder).facts.dim == 24);
}

namespace {

struct TinyVilt : arch::Vision {
  static constexpr std::string_view name = "tiny-vilt";
  static constexpr Index image = 16, patch = 4, dim = 24, depth = 2, heads = 3, hidden = 40;
  static constexpr Index canvas = 24, max_patches = 20, vocabulary = 60, words = 9;
  static constexpr Index segments = 2, types = 2;
  static constexpr double text_eps = 1e-12;
};
struct Wider : TinyVilt {
  static constexpr Index canvas = 32;
};

}  // namespace

// arch::ViLT_B32 reads 200 patches, and the config.json of its weights says -1: all.
BOOST_AUTO_TEST_CASE(
    a_limit_of_patches_and_the_canvas_are_the_arch_s_unless_the_file_sets_no_limit) {
  Copy copy("vilt_hf");
  BOOST_TEST(io::require_arch<TinyVilt>(copy.open()).facts.max_patches == 36);
  BOOST_CHECK_EXCEPTION((void)io::require_arch<Wider>(copy.open()), InputError,
                        says("canvas: the file has 24, arch tiny-vilt has 32"));
  copy.edit("config.json", "\"max_image_length\": -1", "\"max_image_length\": 9");
  BOOST_CHECK_EXCEPTION((void)io::require_arch<TinyVilt>(copy.open()), InputError,
                        says("max_patches: the file has 9, arch tiny-vilt has 20"));
  BOOST_TEST(io::require_arch<arch::DynamicSingleStream<>>(copy.open()).facts.max_patches == 9);
}

BOOST_AUTO_TEST_CASE(a_text_ends_where_the_arch_says) {
  Copy copy("clip_hf");
  BOOST_TEST(io::require_arch<TinyClip>(copy.open()).text.end == TextTowerFacts::largest);
  copy.edit("config.json", "\"eos_token_id\": 2", "\"eos_token_id\": 57");
  BOOST_CHECK_EXCEPTION((void)io::require_arch<TinyClip>(copy.open()), InputError,
                        says("text_end: the file has 57, arch tiny-clip has the largest word"));
}

// DeiT-S that was trained on several machines has 6 heads, MoCo v3's small model 12.
BOOST_AUTO_TEST_CASE(heads_of_a_small_model_by_its_names) {
  auto const small = [](std::string const& before, io::FolderOptions const& options = {}) {
    Scratch const scratch;
    std::vector<io::TensorBytes> tensors;
    auto const add = [&](char const* name, Shape const& shape) {
      std::vector<float> const values(static_cast<std::size_t>(shape.size()));
      tensors.push_back(io::encode<float>(before + name, shape, values, io::Dtype::F32));
    };
    add("cls_token", {1, 1, 384}), add("pos_embed", {1, 5, 384}), add("norm.weight", {384});
    add("patch_embed.proj.weight", {384, 3, 2, 2}), add("blocks.0.mlp.fc1.weight", {8, 384});
    io::save_safetensors(scratch / "x.safetensors", std::move(tensors), {});
    return io::ModelFolder::open(scratch / "x.safetensors", options).vision().facts;
  };
  BOOST_TEST(small("").heads == 6);
  BOOST_TEST(small("module.base_encoder.").heads == 12);
  BOOST_TEST(!small("module.base_encoder.").learned_positions);
  BOOST_TEST(small("module.", {.heads = 6}).learned_positions);
  BOOST_CHECK_EXCEPTION((void)small("module."), CheckpointError,
                        says("12 heads", "any other (6)", "{.heads = ...}"));
}

// Beside the vocabulary it is no word at all: every text would be refused, or, were it 2, misread.
BOOST_AUTO_TEST_CASE(an_end_of_texts_beside_the_vocabulary) {
  refused(Copy("clip_hf").edit("config.json", "\"eos_token_id\": 2", "\"eos_token_id\": 60"),
          "config.json: text_config", "\"eos_token_id\"", "vocab_size 60", "not 60");
  refused(Copy("open_clip_vit")
              .edit("open_clip_config.json", "\"text_cfg\": {",
                    "\"text_cfg\": {\"pool_type\": \"eos\", \"eos_id\": 4000,"),
          "open_clip_config.json: text_cfg", "\"eos_id\"", "vocab_size");
}

BOOST_AUTO_TEST_SUITE_END()
