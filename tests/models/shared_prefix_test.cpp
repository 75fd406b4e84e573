// The rows with which all texts start run once: the same function as the plain path, and cheaper.
#include "vlpt/blocks/shared_prefix.hpp"

#include "models/tiny_dual.hpp"
#include "vlpt/policies/prompt/conditional.hpp"

using namespace vlpt;
using test::check_dual;

namespace {

/// [1, 5, name, 2, 8]: a word before the name that all have, and names that start alike.
/// By length the third comes first, then the first, then the second.
ClassTexts like_words() {
  return {3, 7, {1, 5, 3, 4, 2, 8, 0, 1, 5, 3, 6, 7, 2, 8, 1, 5, 3, 2, 8, 0, 0}, {3, 4, 2}};
}
/// Two classes of the same text: all but their ends is shared.
ClassTexts same_texts() { return {2, 4, {1, 5, 3, 8, 1, 5, 3, 8}, {2, 2}}; }

template <class Prompt, class Rows = rows::Live, class Learn = learn::Policy>
Cost cost(Index classes) {
  using Model = test::Dual<Prompt, Learn, Rows>;
  typename Model::Settings s;
  s.texts = ClassTexts::blank(classes, 6), s.chunk = 2;
  return cost_of(Model(s));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(shared_prefix)

BOOST_AUTO_TEST_CASE(gradients_are_those_of_whole_texts) {
  for (auto const& texts : {like_words(), same_texts()}) {
    for (auto const place : {ContextPlace::end, ContextPlace::front, ContextPlace::middle})
      for (bool const class_specific : {false, true}) {
        prompt::Context<> policy;
        policy.prompts = 2, policy.place = place, policy.class_specific = class_specific;
        check_dual(policy, {}, texts);
      }
    check_dual<prompt::None, learn::Input<learn::All>>({}, {}, texts);
    check_dual<prompt::Conditional<2>, learn::Policy>({}, {}, texts);
  }
}

// Above a prefix that learns nothing of its own; and inside one whose first rows are frozen.
BOOST_AUTO_TEST_CASE(parts_may_learn) {
  check_dual<prompt::None, learn::Paths<"text.norm">>({}, {}, like_words());
  check_dual<prompt::None, learn::Paths<"text.layers.attention.qkv">>({}, {}, like_words());
  check_dual<prompt::None, learn::Paths<"text.embed">>({}, {}, like_words());
}

// A start token and three rows of context, then five rows of which the last one is read; width 6,
// an MLP of 8, two layers, features of 6. Of the last layer a prefix gives keys and values alone.
BOOST_AUTO_TEST_CASE(the_prefix_is_paid_for_once) {
  using Policy = prompt::Context<3, ContextPlace::end>;
  constexpr Index d = 6, hidden = 8, p = 4, s = 5;
  constexpr Index row = 4 * d * d + 2 * d * hidden;  // of all products of a layer
  constexpr Index prefix = p * row + 2 * p * p * d + p * 2 * d * d;
  constexpr Index text = s * row + 2 * s * (s + p) * d +      // the first layer
                         s * 2 * d * d + 2 * (s + p) * d +    // the last: keys and values
                         2 * d * d + 2 * d * hidden + d * d;  // and one row of the rest
  for (Index const classes : {2, 3, 9})
    BOOST_TEST(cost<Policy>(classes).prepare.macs() == prefix + classes * text);
  BOOST_TEST((cost<Policy, rows::All>(9).prepare.macs() > 9 * text + 9 * prefix));
}

// Behind the prefix each text has rows of its own up to its end token, here 3, 5 and 4, and is paid
// for these alone, whatever padding it brings.
BOOST_AUTO_TEST_CASE(nothing_behind_an_end_token_is_paid_for) {
  using Model = test::Dual<prompt::Context<3, ContextPlace::end>, learn::Policy>;
  constexpr Index d = 6, hidden = 8, p = 4;
  constexpr Index row = 4 * d * d + 2 * d * hidden;
  auto const text = [](Index s) {
    return s * row + 2 * s * (s + p) * d + s * 2 * d * d + 2 * (s + p) * d +  // both layers' keys
           2 * d * d + 2 * d * hidden + d * d;
  };
  Index const wanted = p * row + 2 * p * p * d + p * 2 * d * d + text(3) + text(5) + text(4);
  typename Model::Settings s;
  s.texts = test::tiny_texts(), s.padding = 0;
  BOOST_TEST(cost_of(Model(s)).prepare.macs() == wanted);
  Cost const apart = cost_of(Model(s));
  s.padding = 32;
  Cost const together = cost_of(Model(s));
  BOOST_TEST(together.prepare.macs() > wanted);
  BOOST_TEST(together.backward_macs > apart.backward_macs);
  BOOST_TEST(together.saved_bytes > apart.saved_bytes);
}

// In the reverse as well: what a class adds does not depend on how many there are, and is less than
// what it adds where each has a prefix of its own.
BOOST_AUTO_TEST_CASE(its_reverse_is_paid_for_once) {
  using Shared = prompt::Context<3, ContextPlace::end>;
  using Own = prompt::Context<3, ContextPlace::end, true>;  // shares the start token alone
  auto const classes = []<class Policy>(std::type_identity<Policy>, Index n) {
    return cost<Policy>(n).backward_macs;
  };
  std::type_identity<Shared> const shared;
  std::type_identity<Own> const own;
  Index const a_class = (classes(shared, 12) - classes(shared, 4)) / 8;
  BOOST_TEST(classes(shared, 12) == classes(shared, 4) + 8 * a_class);
  BOOST_TEST(classes(shared, 4) > 4 * a_class);  // and the prefix
  BOOST_TEST(8 * a_class < (classes(own, 12) - classes(own, 4)));
}

// Where each image shifts the context, the classes share it within one image.
BOOST_AUTO_TEST_CASE(an_image_shifts_the_prefix_of_all_classes) {
  using Policy = prompt::Conditional<3>;
  Index const three = cost<Policy>(3).macs, four = cost<Policy>(4).macs;
  BOOST_TEST(cost<Policy>(9).macs == four + 5 * (four - three));
  BOOST_TEST((cost<Policy>(9).macs < cost<Policy, rows::All>(9).macs / 2));
}

BOOST_AUTO_TEST_SUITE_END()
