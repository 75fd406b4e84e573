#include "vlpt/policies/prompt/unified.hpp"

#include "models/tiny_dual.hpp"
#include "vlpt/policies/prompt/both.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

using namespace vlpt;
using test::check_dual;

BOOST_AUTO_TEST_SUITE(unified)

BOOST_AUTO_TEST_CASE(gradients) {
  using Deep = prompt::Unified<prompt::Context<2>, prompt::Deep<2>>;
  for (bool const no_mix : {false, true}) check_dual(Deep{.width = 4, .no_mix = no_mix});
  check_dual(Deep{.width = 6});                              // the width of the texts
  check_dual<Deep, learn::Input<learn::All>>({.width = 8});  // of the images
}

BOOST_AUTO_TEST_CASE(shallow_and_class_specific) {
  using Policy = prompt::Unified<prompt::Context<3, ContextPlace::front, true>, prompt::Shallow<2>>;
  check_dual<Policy, learn::Policy>({.width = 5});
}

// methods.md 6.6: a transformer that adds nothing, between maps that undo one another, leaves the
// prompts as they are.
BOOST_AUTO_TEST_CASE(a_transformer_that_gives_nothing_leaves_independent_prompts) {
  using Joint = prompt::Unified<prompt::Context<3>, prompt::Deep<2>>;
  using Apart = prompt::Both<prompt::Deep<2>, prompt::Context<3>>;
  test::DualRun<test::Dual<Joint, learn::Policy>> joint(Joint{.width = 8});
  test::DualRun<test::Dual<Apart, learn::Policy>> apart(Apart{});
  for (auto const& p : joint.net.parameters()) {
    bool const map = p.name.find("joint.text_") != std::string::npos;
    for (Index i = 0; i < p.shape.size(); ++i)
      if (map && p.name.ends_with("weight"))
        p.values.data[i] = i / p.values.cols == i % p.values.cols ? 1 : 0;
      else if (map || p.name.starts_with("prompt.joint.attention.out.") ||
               p.name.starts_with("prompt.joint.mlp.fc2."))
        p.values.data[i] = 0;
    for (auto const& q : apart.net.parameters())
      if (p.name == q.name) std::copy_n(p.values.data, p.shape.size(), q.values.data);
  }
  joint.net.touch(), apart.net.touch();
  auto const images = test::images<double>(2, joint.net.model().facts);
  auto const a = std::as_const(joint.net)(images), b = std::as_const(apart.net)(images);
  for (Index i = 0; i < a.size(); ++i) BOOST_TEST(std::abs(a[i] - b[i]) < 1e-12);
}

BOOST_AUTO_TEST_SUITE_END()
