// Deltas of models that read texts: what was learnt comes back, what does not fit is refused.
#include <boost/test/unit_test.hpp>

#include "models/tiny_dual.hpp"
#include "models/tiny_stream.hpp"
#include "models/tiny_two_stream.hpp"
#include "scratch.hpp"
#include "vlpt/io/delta.hpp"
#include "vlpt/policies/prompt/context.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/projected.hpp"
#include "vlpt/policies/prompt/unified.hpp"
#include "vlpt/policies/skip/adapter_skip.hpp"
#include "vlpt/policies/skip/planned.hpp"

using namespace vlpt;

namespace {

template <class Model, class Change>
auto net_of(Change const& change) {
  typename Model::Settings s;
  change(s);
  Net<Model, Reference<double>> net{Model(s)};
  for (auto const& p : net.parameters())  // what a delta keeps in single precision
    for (Index i = 0; i < p.shape.size(); ++i)
      p.values.data[i] = static_cast<float>(p.values.data[i]);
  net.touch();
  return net;
}
/// What a net learnt, all of it moved, comes back from a file into another one of its model.
template <class From, class To>
io::DeltaInfo comes_back(From from, To to, io::DeltaInfo const& says = {}) {
  test::Scratch const scratch;
  for (double& v : from.learnt()) v = static_cast<float>(v + 0.5);
  io::save_delta(scratch / "x", from, says);
  auto const info = io::load_delta(scratch / "x", to);
  BOOST_TEST(std::equal(from.learnt().begin(), from.learnt().end(), to.learnt().begin()));
  return info;
}
auto const refused = [](auto const& from, auto to, auto const&... words) {
  test::Scratch const scratch;
  io::save_delta(scratch / "x", from);
  BOOST_CHECK_EXCEPTION(io::load_delta(scratch / "x", to), CheckpointError, test::says(words...));
};
std::vector<std::string> const names{"yes", "no"};

}  // namespace

BOOST_AUTO_TEST_SUITE(model_delta)

BOOST_AUTO_TEST_CASE(a_context_of_a_dual_encoder) {
  using Model = test::Dual<prompt::Context<2>, learn::Policy>;
  auto const net = [](Index heads) {
    return net_of<Model>([&](auto& s) { s.texts = test::tiny_texts(), s.text.heads = heads; });
  };
  comes_back(net(2), net(2));
  refused(net(2), net(3), "text_heads: the delta was trained with 2, this model has 3");
  test::Scratch const scratch;
  BOOST_CHECK_THROW(io::save_delta(scratch / "x", net(2), {.class_names = names}), InputError);
}

BOOST_AUTO_TEST_CASE(rows_of_both_towers_with_a_width_of_their_own) {
  using Model = test::Dual<prompt::Unified<prompt::Context<2>, prompt::Projected<prompt::Deep<2>>>,
                           learn::Policy>;
  auto const net = [](Index rows, Index joint) {
    return net_of<Model>([&](auto& s) { s.prompt.image.width = rows, s.prompt.width = joint; });
  };
  auto const info = comes_back(net(3, 4), net(3, 4));
  BOOST_TEST(info.settings.at("width") == "3");
  BOOST_TEST(info.settings.at("joint_width") == "4");
}

BOOST_AUTO_TEST_CASE(a_single_stream_with_a_head_of_two_products) {
  using Model = SingleStream<test::TinyStream, prompt::Deep<2>>;
  auto const net = [](Index patches) {
    return net_of<Model>(
        [&](auto& s) { s.classes = 2, s.head_hidden = 3, s.facts.max_patches = patches; });
  };
  BOOST_TEST((comes_back(net(5), net(5), {.class_names = names}).class_names == names));
  refused(net(5), net(4), "max_patches: the delta was trained with 5, this model has 4");
}

// The promise: a plan that was found is saved with the delta, and deployed from a type too.
BOOST_AUTO_TEST_CASE(a_plan_over_two_streams) {
  auto const net = []<class Skip>(Skip const& skip, PromptPlace place = PromptPlace::front) {
    using Model = TwoStream<test::TinyMeter, prompt::Deep<2>, Skip>;
    return net_of<Model>([&](auto& s) { s.classes = 2, s.skip = skip, s.facts.place = place; });
  };
  skip::Planned<2, 3> plan, other;
  Index const layers = 2 * test::TinyMeter::depth;
  plan.plan = SkipPlan(layers, {1, 2}), other.plan = SkipPlan(layers, {0, 2});
  auto const info = comes_back(net(plan), net(skip::AdapterSkip<2, 3, 2, 1>{}));
  BOOST_TEST(info.model.at("skip_plan") == "1,2");
  refused(net(plan), net(other), "skip_plan: the delta was trained with 1,2, this model has 0,2");
  refused(net(plan), net(plan, PromptPlace::after_class),
          "prompts_first: the delta was trained with true, this model has false");
}

BOOST_AUTO_TEST_SUITE_END()
