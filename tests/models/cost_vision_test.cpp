// What is said of a vision tower's cost and memory is what runs, under every policy.
#include "models/cost_pairs.hpp"

using namespace vlpt;

namespace {

template <class Model>
void check(typename Model::PromptType const& policy, typename Model::SkipType const& skip) {
  for (Pool const pool : test::poolings<Model>()) {
    bool const reads_prompts = pool == Pool::mean_all || pool == Pool::mean_prompts;
    if (HasTasks<Model> && reads_prompts) continue;  // of which tasks have different numbers
    for (double const dropout : {0.0, 0.25}) {
      typename Model::Settings s;
      s.facts.pool = pool, s.skip = skip, s.dropout = dropout;
      s.prompt = test::with_dropout(policy, dropout);
      s.classes = pool == Pool::class_row ? 3 : 0;
      for (Index const batch : {1, 3}) test::check_cost<Model>(s, batch);
    }
  }
}
auto const tower = []<class Policy, class Skip>(Policy const& policy, Skip const& skip) {
  check<VisionTower<test::Tiny, Policy, Skip>>(policy, skip);
};
template <class Prompt, class Learn, class A = test::Tiny>
using Learning = VisionTower<A, Prompt, skip::Dense, Learn>;

}  // namespace

BOOST_AUTO_TEST_SUITE(cost_vision)

BOOST_AUTO_TEST_CASE(every_policy) { test::each_policy<test::Family::vision>(3, tower); }
BOOST_AUTO_TEST_CASE(a_ladder) {
  tower(prompt::Ladder<2>{}, skip::Dense{});
  tower(prompt::Ladder<2>{}, test::SearchedSkip{});
}
BOOST_AUTO_TEST_CASE(every_scope) {
  check<Learning<prompt::Deep<>, learn::All>>({{2}}, {});
  check<Learning<prompt::Shallow<2>, learn::Input<learn::Paths<"layers.mlp">>>>({}, {});
  check<Learning<prompt::Deep<3>, learn::All, test::TinyClip>>({}, {});
}

BOOST_AUTO_TEST_SUITE_END()
