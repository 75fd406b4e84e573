#include "vlpt/io/naming/clip.hpp"

#include "models/tiny_dual.hpp"
#include "scratch.hpp"
#include "vlpt/io/bind.hpp"
#include "vlpt/io/save_named.hpp"

using namespace vlpt;

namespace {

using NetType = Net<test::Dual<prompt::None, learn::Policy>, Reference<double>>;

/// CLIP has biases of its queries, keys and values, which the tiny tower lacks.
NetType made() {
  NetType::ModelType::Settings s;
  s.facts.qkv_bias = true;
  return NetType(NetType::ModelType(s));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(clip_naming)

BOOST_AUTO_TEST_CASE(both_towers_round_trip) {
  for (auto const& naming : {io::naming::clip_openai(), io::naming::clip_hf()}) {
    test::Scratch const scratch;
    auto from = made();
    test::randomise(from);
    std::vector<io::NamedTensor<double>> tensors;
    for (auto const& p : from.parameters())
      tensors.push_back(
          {p.name, Tensor<double>(p.shape, {p.values.data, p.values.data + p.shape.size()})});
    io::save_named(scratch / "x", tensors, naming, 2, io::Dtype::F64);
    auto to = made();
    auto const report = io::bind(to, io::open_checkpoint(scratch / "x"), naming);
    BOOST_TEST(report.loaded == tensors.size());
    auto const images = test::images<double>(2, from.model().facts);
    auto const a = std::as_const(from)(images), b = std::as_const(to)(images);
    BOOST_TEST(a.values == b.values, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(names_and_shapes_are_those_of_the_published_files) {
  auto const hf = io::naming::clip_hf(), openai = io::naming::clip_openai();
  BOOST_TEST(hf.source("text.layers.3.attention.qkv.bias")->names.at(2) ==
             "text_model.encoder.layers.3.self_attn.v_proj.bias");
  BOOST_TEST(hf.source("image.pre_norm.weight")->names.at(0) == "vision_model.pre_layrnorm.weight");
  BOOST_TEST(!hf.source("text.projection.weight")->transpose);
  BOOST_TEST(openai.source("image.layers.0.attention.qkv.weight")->names.at(0) ==
             "visual.transformer.resblocks.0.attn.in_proj_weight");
  BOOST_TEST(openai.source("text.projection.weight")->transpose);
  BOOST_TEST(
      (io::file_shape(openai.source("image.embed.class_row")->form, Shape{1, 8}, 3) == Shape{8}));
  BOOST_TEST(hf.may_ignore("text_model.embeddings.position_ids"));
}

BOOST_AUTO_TEST_SUITE_END()
