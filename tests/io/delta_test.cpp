#include "vlpt/io/delta.hpp"

#include <boost/test/unit_test.hpp>
#include <cstring>

#include "../train/tiny_run.hpp"
#include "scratch.hpp"
#include "vlpt/ops/relu.hpp"
#include "vlpt/policies/prompt/both.hpp"
#include "vlpt/policies/prompt/shallow.hpp"
#include "vlpt/policies/skip/adapter_skip.hpp"
#include "vlpt/policies/skip/planned.hpp"
#include "vlpt/policies/skip/searched.hpp"

namespace vlpt::io {
namespace {

using vlpt::test::tiny_net;

DeltaInfo info() {
  return {.class_names = {"a", "b \"c\"", "ü"}, .preprocess = {{"mean", "0.5"}}, .recipe = "r"};
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
  BOOST_TEST(back.method == "deep");  // nobody called it anything else
  BOOST_TEST((back.settings == NamedValues{{"prompts", "2"}}));
  BOOST_TEST((back.model == model_facts(net.model())));
  BOOST_TEST(back.model.at("pool") == "mean_all");
  BOOST_TEST((back.preprocess == info().preprocess));
  BOOST_TEST((back.class_names == info().class_names));
  BOOST_TEST(back.recipe == "r");
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
                        test::says("prompt.rows: file (2, 2, 8), model (2, 3, 8)"));
  auto shallow = tiny_net<prompt::Shallow<2>>();
  BOOST_CHECK_EXCEPTION(load_delta(path, shallow), CheckpointError,
                        test::says("prompt.rows: file (2, 2, 8), model (2, 8)"));
  auto none = tiny_net<prompt::None>();
  BOOST_CHECK_EXCEPTION(load_delta(path, none), CheckpointError,
                        test::says("unexpected: prompt.rows"));
  auto const bare = scratch.path() / "bare.delta";
  save_delta(bare, none, info());
  BOOST_CHECK_EXCEPTION(load_delta(bare, shallow), CheckpointError,
                        test::says("missing: prompt.rows"));
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

// ---- what differs and does not show in the learnt tensors

template <class A>
Net<VisionTower<A, prompt::Deep<2>>, Cpu<float>> net_with(VisionFacts const& facts) {
  using Model = VisionTower<A, prompt::Deep<2>>;
  return Net<Model, Cpu<float>>{Model{{.facts = facts, .classes = 3}}, {}, Cpu<float>(1)};
}
/// The fault that a delta of the tiny model meets in one with a fact changed by `change`.
template <class A = vlpt::test::TinyArch, class F>
std::string fault_with(F change) {
  test::Scratch const scratch;
  auto const path = scratch.path() / "deep.delta";
  save_delta(path, tiny_net());
  VisionFacts facts = facts_of<vlpt::test::TinyArch>();
  change(facts);
  auto other = net_with<A>(facts);
  try {
    load_delta(path, other);
  } catch (CheckpointError const& e) {
    return e.what();
  }
  return "loaded";
}

BOOST_AUTO_TEST_CASE(every_fact_of_the_model_is_compared) {
  BOOST_TEST(fault_with([](VisionFacts&) {}) == "loaded");
  auto const expect = [](auto change, char const* name, char const* then, char const* now) {
    std::string const fault = fault_with(change);
    BOOST_TEST(fault.find(text("\n  ", name, ": the delta was trained with ", then,
                               ", this model has ", now)) != std::string::npos,
               name << ": " << fault);
  };
  expect([](auto& f) { f.image = 12; }, "image", "8", "12");
  expect([](auto& f) { f.channels = 3; }, "channels", "1", "3");
  expect([](auto& f) { f.patch = 2; }, "patch", "4", "2");
  expect([](auto& f) { f.dim = 16; }, "dim", "8", "16");
  expect([](auto& f) { f.depth = 3; }, "depth", "2", "3");
  expect([](auto& f) { f.heads = 4; }, "heads", "2", "4");
  expect([](auto& f) { f.hidden = 16; }, "hidden", "12", "16");
  expect([](auto& f) { f.projection = 4; }, "projection", "0", "4");
  expect([](auto& f) { f.eps = 1e-5; }, "eps", "1e-06", "1e-05");
  expect([](auto& f) { f.pre_norm = true; }, "pre_norm", "false", "true");
  expect([](auto& f) { f.learned_positions = false; }, "learned_positions", "true", "false");
  expect([](auto& f) { f.pool = Pool::class_row; }, "pool", "mean_all", "class_row");
}

struct ReluArch : vlpt::test::TinyArch {
  using Activation = Relu;
};
/// An activation that is a module of the program's own.
struct OwnArch : vlpt::test::TinyArch {
  struct Activation : Relu {
    static constexpr std::string_view name = "own";
  };
};
BOOST_AUTO_TEST_CASE(activations_are_compared_by_their_types) {
  auto const same = [](VisionFacts&) {};
  BOOST_TEST(fault_with<ReluArch>(same).ends_with(
      "activation: the delta was trained with gelu, this model has relu"));
  BOOST_TEST(fault_with<OwnArch>(same).ends_with(
      "activation: the delta was trained with gelu, this model has own"));
}

/// As prompt::None, with a skip policy of another name: as far as tensors go, the same.
struct Halved : skip::Dense {
  static constexpr std::string_view name = "halved";
};
/// As prompt::None to every tensor; its settings are what its kind of seam can say.
struct Scaled {
  static constexpr std::string_view name = "scaled";
  static constexpr Site sites = Site::none;
  double scale = 0.1;
  bool gated = false;
  std::string_view side = "left";
  template <class V>
  constexpr void settings(V&& v) const {
    v("scale", scale);
    v("gated", gated);
    v("side", side);
  }
};
template <class Prompt, class Skip = skip::Dense>
auto probe(Prompt policy = {}) {
  using Model = VisionTower<vlpt::test::TinyArch, Prompt, Skip>;
  return Net<Model, Cpu<float>>{Model{{.prompt = policy, .classes = 3}}, {}, Cpu<float>(1)};
}

BOOST_AUTO_TEST_CASE(policies_are_compared_by_name_and_settings) {
  test::Scratch const scratch;
  auto const path = scratch.path() / "scaled.delta";
  save_delta(path, probe<Scaled>());
  auto same = probe<Scaled>();
  BOOST_TEST((load_delta(path, same).settings ==
              NamedValues{{"gated", "false"}, {"scale", "0.1"}, {"side", "left"}}));
  auto other = probe(Scaled{.scale = 0.25, .gated = true, .side = "right"});
  BOOST_CHECK_EXCEPTION(load_delta(path, other), CheckpointError,
                        test::says("scale: the delta was trained with 0.1, this model has 0.25",
                                   "gated: the delta was trained with false, this model has true",
                                   "side: the delta was trained with left, this model has right"));
  auto none = probe<prompt::None>();
  BOOST_CHECK_EXCEPTION(
      load_delta(path, none), CheckpointError,
      test::says("policy: the delta was trained with scaled, this model has none",
                 "scale: the delta was trained with 0.1, this model has no such"));
  save_delta(path, none);
  BOOST_CHECK_EXCEPTION(load_delta(path, same), CheckpointError,
                        test::says("scale: the delta does not say, this model has 0.1"));
  auto halved = probe<prompt::None, Halved>();
  BOOST_CHECK_EXCEPTION(
      load_delta(path, halved), CheckpointError,
      test::says("skip: the delta was trained with dense, this model has halved"));
}

BOOST_AUTO_TEST_CASE(both_of_two_policies_are_compared) {
  using Two = prompt::Both<prompt::Deep<2>, Scaled>;
  test::Scratch const scratch;
  auto const path = scratch.path() / "both.delta";
  save_delta(path, probe<Two>());
  auto other = probe(Two{{}, {.scale = 0.25}});
  BOOST_CHECK_EXCEPTION(
      load_delta(path, other), CheckpointError,
      test::says("second.scale: the delta was trained with 0.1, this model has 0.25"));
  auto same = probe<Two>();
  auto const settings = load_delta(path, same).settings;
  BOOST_TEST(settings.at("first") == "deep");
  BOOST_TEST(settings.at("first.prompts") == "2");
  BOOST_TEST(settings.at("second") == "scaled");
}

// ---- plans of layers to skip

struct Four : vlpt::test::TinyArch {
  static constexpr Index depth = 4;
};
template <class Skip>
auto skipping(Skip policy = {}) {
  using Model = VisionTower<Four, prompt::Deep<2>, Skip>;
  return Net<Model, Cpu<float>>{Model{{.skip = policy, .classes = 3}}, {}, Cpu<float>(1)};
}
using AnyWidth = skip::Planned<dynamic, dynamic>;
AnyWidth planned(SkipPlan const& plan, Index beside = 3, Index shortcut = 5) {
  AnyWidth out;
  out.beside.width = beside, out.shortcut.width = shortcut, out.plan = plan;
  return out;
}

BOOST_AUTO_TEST_CASE(a_plan_is_saved_and_deployed_from_the_file_or_from_a_type) {
  test::Scratch const scratch;
  auto const path = scratch.path() / "das.delta";
  auto net = skipping(planned(SkipPlan(4, {3, 1})));
  for (std::size_t i = 0; i < net.learnt().size(); ++i)
    net.learnt()[i] = static_cast<float>(0.3 * Random{3}.normal(i));
  save_delta(path, net);
  DeltaInfo const info = read_delta_info(Safetensors::open(path));
  BOOST_TEST(info.model.at("skip") == "adapter_skip");
  BOOST_TEST(info.model.at("skip_plan") == "1,3");

  // What the file says of itself is enough to build the net.
  auto said =
      skipping(planned(SkipPlan::parse(4, info.model.at("skip_plan")),
                       count_in(info.model, "skip_beside"), count_in(info.model, "skip_shortcut")));
  auto typed = skipping<skip::AdapterSkip<3, 5, 3, 1>>();
  load_delta(path, said);
  load_delta(path, typed);
  Tensor<float> images(Shape{2, 1, 8, 8});
  for (Index i = 0; i < images.size(); ++i)
    images[i] = static_cast<float>(Random{4}.normal(static_cast<std::uint64_t>(i)));
  auto const expected = std::as_const(net)(images).values;
  BOOST_TEST(std::as_const(said)(images).values == expected, boost::test_tools::per_element());
  BOOST_TEST(std::as_const(typed)(images).values == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(another_plan_is_refused_and_both_are_named) {
  test::Scratch const scratch;
  auto const path = scratch.path() / "das.delta";
  save_delta(path, skipping(planned(SkipPlan(4, {1, 3}))));
  auto const expect = [&](auto net, auto const&... words) {
    BOOST_CHECK_EXCEPTION(load_delta(path, net), CheckpointError, test::says(words...));
  };
  char const* const plans = "skip_plan: the delta was trained with 1,3, this model has 1,2";
  expect(skipping(planned(SkipPlan(4, {1, 2}))), plans);
  expect(skipping<skip::AdapterSkip<3, 5, 1, 2>>(), plans);
  expect(skipping(planned(SkipPlan(4, {1, 3}), 2, 4)),
         "skip_beside: the delta was trained with 3, this model has 2",
         "skip_shortcut: the delta was trained with 5, this model has 4");
  expect(skipping(planned(SkipPlan(4))),
         "skip_plan: the delta was trained with 1,3, this model has none");
  expect(skipping<skip::Searched<3, 5>>(),
         "skip: the delta was trained with adapter_skip, this model has searched");
  expect(skipping<skip::Dense>(),
         "skip_plan: the delta was trained with 1,3, this model has no such");
}

BOOST_AUTO_TEST_CASE(what_matters_in_training_alone_is_not_compared) {
  test::Scratch const scratch;
  auto const path = scratch.path() / "deep.delta";
  save_delta(path, tiny_net<prompt::Deep<2>>(0.5), {.method = "mine"});
  auto without = tiny_net<prompt::Deep<2>>(0);
  DeltaInfo const back = load_delta(path, without);
  BOOST_TEST(back.settings.size() == 1U);
  BOOST_TEST(back.method == "mine");
}

BOOST_AUTO_TEST_CASE(a_count_of_the_type_and_one_of_the_value_are_one_setting) {
  BOOST_TEST((policy_settings(prompt::Deep<7>{}) == NamedValues{{"prompts", "7"}}));
  BOOST_TEST((policy_settings(prompt::Deep<>{{7}, 0.1}) == NamedValues{{"prompts", "7"}}));
  BOOST_TEST((policy_settings(prompt::Shallow<7>{}) == NamedValues{{"prompts", "7"}}));
  BOOST_TEST(policy_settings(prompt::None{}).empty());
}

BOOST_AUTO_TEST_CASE(a_model_is_judged_without_a_net) {
  test::Scratch const scratch;
  auto const path = scratch.path() / "deep.delta";
  save_delta(path, tiny_net(), info());
  vlpt::test::TinyModel<> const fits{{.classes = 3}};
  BOOST_TEST(check_delta(Safetensors::open(path), fits).class_names.size() == 3U);
  // Of a size that no machine has: nothing but its description is ever made.
  vlpt::test::TinyModel<> const huge{{.classes = Index{1} << 50}};
  BOOST_CHECK_EXCEPTION(check_delta(Safetensors::open(path), huge), CheckpointError,
                        test::says("head.weight: file (3, 8), model (1125899906842624, 8)"));
}

BOOST_AUTO_TEST_CASE(names_that_do_not_fit_the_head_are_not_saved) {
  test::Scratch const scratch;
  BOOST_CHECK_THROW(save_delta(scratch.path() / "x", tiny_net(), {.class_names = {"a"}}),
                    InputError);
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
