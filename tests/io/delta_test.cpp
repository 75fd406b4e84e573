#include "vlpt/io/delta.hpp"

#include <boost/test/unit_test.hpp>
#include <cstring>

#include "../train/tiny_run.hpp"
#include "scratch.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

namespace vlpt::io {
namespace {

using vlpt::test::tiny_net;

DeltaInfo info() {
  return {.policy = "deep", .prompts = 2, .pool = "mean_all", .class_names = {"a", "b \"c\"", "ü"}};
}

BOOST_AUTO_TEST_SUITE(delta)

BOOST_AUTO_TEST_CASE(what_was_learnt_comes_back_bit_for_bit) {
  test::Scratch const scratch;
  auto const path = scratch.path() / "deep.delta";
  auto net = tiny_net();
  for (std::size_t i = 0; i < net.learnt().size(); ++i)
    net.learnt()[i] = static_cast<float>(Random{3}.normal(i));
  save_delta(path, net, info());
  auto other = tiny_net();
  DeltaInfo const back = load_delta(path, other);
  BOOST_TEST(std::memcmp(std::as_const(net).learnt().data(), std::as_const(other).learnt().data(),
                         std::as_const(net).learnt().size_bytes()) == 0);
  BOOST_TEST(back.policy == "deep");
  BOOST_TEST(back.prompts == 2);
  BOOST_TEST(back.pool == "mean_all");
  BOOST_TEST((back.class_names == info().class_names));
  BOOST_TEST(back.backbone == backbone_fingerprint(net));
}

BOOST_AUTO_TEST_CASE(another_backbone_is_refused_and_nothing_is_touched) {
  test::Scratch const scratch;
  auto const path = scratch.path() / "deep.delta";
  auto net = tiny_net();
  save_delta(path, net, info());
  auto other = tiny_net<prompt::Deep<2>>(0, 2);  // another seed: other frozen weights
  std::vector<float> const before(other.learnt().begin(), other.learnt().end());
  BOOST_CHECK_EXCEPTION(load_delta(path, other), CheckpointError,
                        test::says("trained on another backbone"));
  BOOST_TEST(std::memcmp(before.data(), std::as_const(other).learnt().data(),
                         before.size() * sizeof(float)) == 0);
}

BOOST_AUTO_TEST_CASE(another_policy_is_refused_with_every_tensor_named) {
  test::Scratch const scratch;
  auto const path = scratch.path() / "deep.delta";
  save_delta(path, tiny_net(), info());
  auto three = tiny_net<prompt::Deep<3>>();
  BOOST_CHECK_EXCEPTION(load_delta(path, three), CheckpointError,
                        test::says("layers.1.prompt.rows: file (2, 8), model (3, 8)"));
  auto shallow = tiny_net<prompt::Shallow<2>>();
  BOOST_CHECK_EXCEPTION(load_delta(path, shallow), CheckpointError,
                        test::says("missing: prompt.rows"));
  BOOST_CHECK_EXCEPTION(load_delta(path, shallow), CheckpointError,
                        test::says("unexpected: layers.0.prompt.rows"));
}

template <class Learn>
void trained_backbone_comes_back() {
  test::Scratch const scratch;
  auto const path = scratch.path() / "part.delta";
  auto net = tiny_net<prompt::Deep<2>, Learn>();
  for (std::size_t i = 0; i < net.learnt().size(); ++i)
    net.learnt()[i] = static_cast<float>(Random{3}.normal(i));
  save_delta(path, net, info());
  auto other = tiny_net<prompt::Deep<2>, Learn>();
  load_delta(path, other);
  BOOST_TEST(std::memcmp(std::as_const(net).learnt().data(), std::as_const(other).learnt().data(),
                         std::as_const(net).learnt().size_bytes()) == 0);
}
BOOST_AUTO_TEST_CASE(a_backbone_that_learnt_in_part_or_whole_comes_back) {
  trained_backbone_comes_back<learn::Paths<"layers.norm1">>();
  trained_backbone_comes_back<learn::All>();
}

BOOST_AUTO_TEST_CASE(a_delta_with_nan_changes_nothing) {
  test::Scratch const scratch;
  auto const path = scratch.path() / "nan.delta";
  auto net = tiny_net();
  net.learnt().back() = std::numeric_limits<float>::quiet_NaN();
  save_delta(path, net, info());
  auto other = tiny_net();
  std::vector<float> const before(other.learnt().begin(), other.learnt().end());
  BOOST_CHECK_THROW(load_delta(path, other), CheckpointError);
  BOOST_TEST(std::memcmp(before.data(), std::as_const(other).learnt().data(),
                         before.size() * sizeof(float)) == 0);
}

BOOST_AUTO_TEST_CASE(files_that_are_no_deltas_are_refused) {
  test::Scratch const scratch;
  auto const path = scratch.path() / "x.safetensors";
  auto net = tiny_net();
  Metadata good{{"format", delta_format}, {"format_version", delta_version},
                {"policy", "deep"},       {"prompts", "2"},
                {"pool", "mean_all"},     {"backbone", ""},
                {"class_names", "[]"},    {"recipe", ""}};
  auto const with = [&](char const* key, std::string value) {
    Metadata m = good;
    m[key] = std::move(value);
    save_safetensors(path, std::vector<TensorBytes>{}, m);
    return Safetensors::open(path);
  };
  BOOST_CHECK_THROW(read_delta_info(with("format", "pt")), CheckpointError);
  BOOST_CHECK_THROW(read_delta_info(with("format_version", "9")), CheckpointError);
  BOOST_CHECK_THROW(read_delta_info(with("prompts", "-3")), CheckpointError);
  BOOST_CHECK_THROW(read_delta_info(with("prompts", "many")), CheckpointError);
  BOOST_CHECK_THROW(read_delta_info(with("class_names", "{}")), CheckpointError);
  BOOST_CHECK_THROW(read_delta_info(with("class_names", "[1]")), CheckpointError);
  save_safetensors(path, std::vector<TensorBytes>{}, {});
  BOOST_CHECK_THROW(read_delta_info(Safetensors::open(path)), CheckpointError);
}

BOOST_AUTO_TEST_CASE(a_fingerprint_is_that_of_the_backbone_alone) {
  auto net = tiny_net();
  auto const before = backbone_fingerprint(net);
  net.learnt()[0] += 1;
  BOOST_TEST(backbone_fingerprint(net) == before);
  BOOST_TEST(backbone_fingerprint(tiny_net<prompt::None>()) == before);
  for (auto const& r : net.parameters())
    if (r.name == "layers.1.mlp.fc2.bias") r.values.data[3] += 1;
  BOOST_TEST(backbone_fingerprint(net) != before);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace vlpt::io
