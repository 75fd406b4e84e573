// Folders of models that read texts, as tests/conformance/fixtures has them: what their files
// decide, and what is said where one is in the way.
#include <boost/test/unit_test.hpp>

#include "fixture_copy.hpp"

using namespace vlpt;
using test::Copy;
using test::open;
using test::refused;

BOOST_AUTO_TEST_SUITE(text_folders)

BOOST_AUTO_TEST_CASE(bert_and_roberta) {
  auto const bert = open("bert_hf").as<io::TextFamily>();
  BOOST_TEST((bert.facts.pool == TextPool::pooler && !bert.facts.unit_length));
  BOOST_TEST(bert.facts.padding == TextEncoderFacts::in_order);
  BOOST_TEST(bert.facts.text.words == 16);
  BOOST_TEST(bert.facts.text.eps == 1e-12);
  BOOST_TEST(bert.classes == 0);
  auto const roberta = open("roberta_hf").as<io::TextFamily>();
  BOOST_TEST((roberta.facts.pool == TextPool::first_row));  // its file has no pooler
  BOOST_TEST(roberta.facts.padding == 1);
  BOOST_TEST(roberta.facts.text.words == 14);  // positions count from 2
  BOOST_TEST(roberta.facts.text.eps == 1e-5);
  auto const classes = open("bert_hf_classes");  // gamma and beta
  BOOST_TEST(classes.as<io::TextFamily>().classes == 5);
  BOOST_TEST(classes.labels.size() == 5U);
  auto const own_pooler = open("roberta_hf_classes").as<io::TextFamily>();
  BOOST_TEST((own_pooler.facts.pool == TextPool::pooler && own_pooler.classes == 3));
}

BOOST_AUTO_TEST_CASE(sentence_transformers) {
  auto const facts = open("minilm").as<io::TextFamily>().facts;
  BOOST_TEST((facts.pool == TextPool::mean && facts.unit_length));
  BOOST_TEST(facts.text.words == 12);
  BOOST_TEST(facts.text.positions == 16);
  char const* const pooling = "1_Pooling/config.json";
  Copy first("minilm");
  first.edit(pooling, "cls_token\": false", "cls_token\": true");
  first.edit(pooling, "mean_tokens\": true", "mean_tokens\": false");
  BOOST_TEST((first.open().as<io::TextFamily>().facts.pool == TextPool::first_row));
  refused(Copy("minilm").edit(pooling, "max_tokens\": false", "max_tokens\": true"),
          "1_Pooling/config.json", "pooling_mode_max_tokens");
  refused(Copy("minilm").edit(pooling, "mean_tokens\": true", "mean_tokens\": false"),
          "one of pooling_mode_mean_tokens");
  refused(Copy("minilm").edit("modules.json", "models.Normalize", "models.Dense"), "modules.json",
          "\"type\"", "Dense");
  refused(Copy("minilm").edit("modules.json", "1_Pooling", "../x"), "\"path\"");
}

BOOST_AUTO_TEST_CASE(vilt) {
  auto const facts = open("vilt_hf").as<io::SingleStreamFamily>().facts;
  BOOST_TEST(facts.vision.image == 16);
  BOOST_TEST(facts.canvas == 24);  // 1333 / 800 of 16 in whole patches
  BOOST_TEST(facts.max_patches == 36);
  BOOST_TEST(facts.words == 9);
  BOOST_TEST((facts.vision.eps == 1e-12 && facts.text_eps == 1e-12));
  auto const vqa = open("vilt_hf_vqa");
  auto const& head = vqa.as<io::SingleStreamFamily>();
  BOOST_TEST((head.classes == 7 && head.head_hidden == 48 && head.images == 1));
  BOOST_TEST(vqa.labels.size() == 7U);
  auto const pairs = open("vilt_hf_nlvr2").as<io::SingleStreamFamily>();
  BOOST_TEST((pairs.classes == 2 && pairs.head_hidden == 48 && pairs.images == 2));
  BOOST_TEST(pairs.facts.types == 3);
  auto const ranking = open("vilt_hf_ranking").as<io::SingleStreamFamily>();
  BOOST_TEST((ranking.classes == 1 && ranking.head_hidden == 0));
  Copy quick("vilt_hf");
  quick.edit("config.json", "\"gelu\"", "\"quick_gelu\"");
  BOOST_TEST((quick.open().as<io::SingleStreamFamily>().facts.vision.gelu == GeluKind::quick));
}

BOOST_AUTO_TEST_CASE(files_without_a_config) {
  auto const original = Copy("vilt_original").open({.heads = 3}).as<io::SingleStreamFamily>();
  BOOST_TEST((original.facts.vision.eps == 1e-6 && original.facts.text_eps == 1e-12));
  BOOST_TEST((original.classes == 7 && original.facts.max_patches == 200));
  Copy const meter("meter");
  auto const folder = meter.open({.heads = 2, .text_heads = 2});
  auto const& family = folder.as<io::TwoStreamFamily>();
  BOOST_TEST((family.facts.image.image == 12 && family.facts.image.depth == 2));
  BOOST_TEST((family.facts.text.dim == 16 && family.facts.depth == 2));
  BOOST_TEST((family.facts.eps == 1e-12 && family.facts.text.eps == 1e-5));
  BOOST_TEST((family.classes == 5 && family.head_hidden == 48));
  refused(meter, "heads of a width of", "{.heads = ...}");
  (void)meter.scratch.file("config.json",
                           "{\"model_type\": \"meter\", \"num_attention_heads\": 2,"
                           " \"image_num_attention_heads\": 2, \"image_size\": 12,"
                           " \"text_num_attention_heads\": 2, \"max_text_len\": 7}");
  BOOST_TEST(meter.open().as<io::TwoStreamFamily>().facts.text.words == 7);
}

BOOST_AUTO_TEST_CASE(a_field_in_the_way_is_named) {
  char const* const config = "config.json";
  refused(Copy("bert_hf").edit(config, "\"vocab_size\": 60", "\"vocab_size\": 61"),
          "\"vocab_size\"", "61", "60");
  refused(Copy("bert_hf").edit(config, "\"gelu\"", "\"gelu_new\""), "\"hidden_act\"", "gelu_new");
  refused(Copy("bert_hf").edit(config, "{", "{\"position_embedding_type\": \"relative_key\","),
          "position_embedding_type", "absolute");
  refused(Copy("bert_hf").edit(config, "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3"),
          "num_hidden_layers", "3");
  refused(Copy("vilt_hf").edit(config, "\"max_position_embeddings\": 9",
                               "\"max_position_embeddings\": 40"),
          "max_position_embeddings", "40", "9");
  refused(Copy("vilt_hf").edit(config, "\"vilt\"", "\"vilt2\""), "\"model_type\"", "\"roberta\"",
          "\"meter\"");
  BOOST_CHECK_EXCEPTION((void)open("bert_hf").as<io::SingleStreamFamily>(), InputError,
                        test::says("holds a text encoder (names of bert)"));
  BOOST_CHECK_EXCEPTION((void)open("vilt_hf").as<io::TextFamily>(), InputError,
                        test::says("a text encoder is needed here"));
}

BOOST_AUTO_TEST_SUITE_END()
