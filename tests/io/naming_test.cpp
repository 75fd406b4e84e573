#include "vlpt/io/naming/naming.hpp"

#include <boost/test/unit_test.hpp>

#include "vlpt/io/naming/timm.hpp"
#include "vlpt/io/naming/vilt.hpp"
#include "vlpt/io/naming/vit_hf.hpp"
#include "vlpt/io/naming/vit_mae_hf.hpp"

using namespace vlpt;
namespace naming = io::naming;

BOOST_AUTO_TEST_SUITE(naming_tables)

BOOST_AUTO_TEST_CASE(patterns) {
  BOOST_TEST(io::match_name("a.*.c", "a.7.c").value().at(0) == "7");
  BOOST_TEST(!io::match_name("a.*.c", "a.7.d"));
  BOOST_TEST(!io::match_name("a.*", "a"));
  BOOST_TEST(!io::match_name("a.*", "a.b.c"));
  BOOST_TEST(!io::match_name("a.b", "a.b.c"));
  BOOST_TEST(io::match_name("a.**", "a.b.c").has_value());
  BOOST_TEST(!io::match_name("a.**", "a"));
  BOOST_TEST(io::match_name("a", "a").has_value());
}

BOOST_AUTO_TEST_CASE(vit_hf) {
  auto const n = naming::vit_hf();
  BOOST_TEST(n.source("layers.11.mlp.fc2.bias")->names.at(0) ==
             "vit.encoder.layer.11.output.dense.bias");
  auto const qkv = n.source("layers.3.attention.qkv.weight");
  BOOST_TEST(qkv->names.size() == 3U);
  BOOST_TEST(qkv->names.at(1) == "vit.encoder.layer.3.attention.attention.key.weight");
  BOOST_TEST(n.source("head.weight")->names.at(0) == "classifier.weight");
  BOOST_TEST(!n.source("decoder.norm.weight"));
  BOOST_TEST(n.spellings("vit.layernorm.bias").at(1) == "layernorm.bias");
  BOOST_TEST(n.spellings("classifier.bias").size() == 1U);
  for (char const* name : {"vit.pooler.dense.weight", "pooler.dense.bias", "classifier.weight",
                           "decoder.mask_token", "vit.embeddings.mask_token"})
    BOOST_TEST(n.may_ignore(name), name);
  for (char const* name : {"vit.layernorm.weight", "pooled", "embeddings.cls_token"})
    BOOST_TEST(!n.may_ignore(name), name);
}

BOOST_AUTO_TEST_CASE(vit_mae_hf) {
  auto const n = naming::vit_mae_hf();
  auto const is = [&](char const* canonical, char const* name) {
    BOOST_TEST(n.source(canonical)->names.at(0) == name);
  };
  is("embed.patches.weight", "vit.embeddings.patch_embeddings.projection.weight");
  is("embed.class_row", "vit.embeddings.cls_token");
  is("embed.positions", "vit.embeddings.position_embeddings");
  is("layers.0.norm1.weight", "vit.encoder.layer.0.layernorm_before.weight");
  is("layers.0.attention.out.bias", "vit.encoder.layer.0.attention.output.dense.bias");
  is("layers.0.norm2.bias", "vit.encoder.layer.0.layernorm_after.bias");
  is("layers.0.mlp.fc1.weight", "vit.encoder.layer.0.intermediate.dense.weight");
  is("norm.weight", "vit.layernorm.weight");
  is("decoder.embed.weight", "decoder.decoder_embed.weight");
  is("decoder.mask_row", "decoder.mask_token");
  is("decoder.positions", "decoder.decoder_pos_embed");
  is("decoder.layers.1.mlp.fc2.bias", "decoder.decoder_layers.1.output.dense.bias");
  is("decoder.layers.1.attention.qkv.bias",
     "decoder.decoder_layers.1.attention.attention.query.bias");
  is("decoder.norm.bias", "decoder.decoder_norm.bias");
  is("decoder.predict.weight", "decoder.decoder_pred.weight");
}

BOOST_AUTO_TEST_CASE(timm) {
  auto const n = naming::timm();
  BOOST_TEST(n.source("layers.5.attention.qkv.bias")->names.at(0) == "blocks.5.attn.qkv.bias");
  BOOST_TEST(n.source("decoder.layers.5.norm1.bias")->names.at(0) == "decoder_blocks.5.norm1.bias");
  BOOST_TEST(n.spellings("norm.bias").at(1) == "module.base_encoder.norm.bias");
  BOOST_TEST(n.may_ignore("module.momentum_encoder.norm.weight"));
  BOOST_TEST(n.may_ignore("module.base_encoder.head.0.weight"));
  BOOST_TEST(!n.may_ignore("module.base_encoder.norm.weight"));
}

BOOST_AUTO_TEST_CASE(shapes) {
  using io::Form;
  BOOST_TEST(io::fits(Form::convolution, {8, 3, 4, 4}, {8, 48}));
  BOOST_TEST(!io::fits(Form::convolution, {8, 3, 4, 4}, {8, 24}));
  BOOST_TEST(!io::fits(Form::convolution, {16, 3, 4, 4}, {8, 96}));
  BOOST_TEST(!io::fits(Form::plain, {8, 3, 4, 4}, {8, 48}));
  BOOST_TEST(io::fits(Form::batch_of_one, {1, 1, 8}, {1, 8}));
  BOOST_TEST(io::fits(Form::batch_of_one, {1, 17, 8}, {17, 8}));
  BOOST_TEST(!io::fits(Form::plain, {8, 4}, {4, 8}));
  BOOST_TEST((io::file_shape(Form::convolution, {8, 48}, 3) == Shape{8, 3, 4, 4}));
  BOOST_TEST((io::file_shape(Form::convolution, {8}, 3) == Shape{8}));
  BOOST_TEST((io::file_shape(Form::batch_of_one, {5, 8}, 3) == Shape{1, 5, 8}));
  BOOST_CHECK_THROW((void)io::file_shape(Form::convolution, {8, 50}, 3), InputError);
}

BOOST_AUTO_TEST_CASE(vilt) {
  auto const first = [](io::Naming const& n, char const* canonical) {
    auto const source = n.source(canonical);
    return source ? source->names.at(0) : std::string("nothing");
  };
  auto const n = naming::vilt();
  BOOST_TEST(first(n, "embed.text.words") == "text_embeddings.word_embeddings.weight");
  BOOST_TEST(first(n, "embed.image.patches.bias") == "transformer.patch_embed.proj.bias");
  BOOST_TEST(first(n, "embed.types") == "token_type_embeddings.weight");
  BOOST_TEST(first(n, "layers.11.attention.out.bias") == "transformer.blocks.11.attn.proj.bias");
  BOOST_TEST(first(n, "norm.weight") == "transformer.norm.weight");
  BOOST_TEST(first(n, "embed.patches.bias") == "nothing");
  BOOST_TEST(n.may_ignore("model.itm_score.fc.weight"));
  auto const hf = naming::vilt_hf();
  BOOST_TEST(first(hf, "embed.text.norm.bias") == "vilt.embeddings.text_embeddings.LayerNorm.bias");
  BOOST_TEST(first(hf, "embed.image.positions") == "vilt.embeddings.position_embeddings");
  BOOST_TEST(first(hf, "layers.3.attention.qkv.weight") ==
             "vilt.encoder.layer.3.attention.attention.query.weight");
  BOOST_TEST(first(hf, "pooler.dense.bias") == "vilt.pooler.dense.bias");
  BOOST_TEST(hf.spellings("vilt.layernorm.bias").at(1) == "layernorm.bias");
  BOOST_TEST(hf.may_ignore("vilt.embeddings.text_embeddings.position_ids"));
  BOOST_TEST(hf.may_ignore("classifier.3.weight"));
}

BOOST_AUTO_TEST_SUITE_END()
