#include "vlpt/policies/prompt/approximated.hpp"

#include "policies/check_policy.hpp"

using namespace vlpt;

BOOST_AUTO_TEST_SUITE(approximated)

BOOST_AUTO_TEST_CASE(gradients_and_live_rows) {
  test::check_policy<prompt::Approximated<3, 2>>();
  test::check_policy<prompt::Approximated<3, 2, Normalised>>();
  test::check_policy<prompt::Approximated<3, 2, Rectified, false>>();
  test::check_policy<prompt::Approximated<3, 2>, skip::Dense, learn::Input<learn::All>>();
}
BOOST_AUTO_TEST_CASE(with_skipped_layers) {
  test::check_policy_with_skips<prompt::Approximated<3, 2>>();
}

// methods.md 6.6: with W2 = 0, as the code declares, the keys are the prompts.
BOOST_AUTO_TEST_CASE(declared_start_ties_keys_to_prompts) {
  using Model = VisionTower<test::Tiny, prompt::Approximated<3, 2>>;
  prompt::Approximated<3, 2> declared;
  declared.declared_init = true;
  Net<Model, Reference<double>> const net{Model{{.prompt = declared}}};
  for (auto const& p : net.parameters())
    for (Index i = 0; i < p.shape.size() && p.name.ends_with("attention_out.up"); ++i)
      BOOST_TEST(p.values.data[i] == 0);
}

// With no prompt similar to a row, nothing is added: e^0 (o + 0) = o.
BOOST_AUTO_TEST_CASE(without_similarity_it_is_the_backbone) {
  using Model = VisionTower<test::Tiny, prompt::Approximated<3, 2>>;
  Net<Model, Reference<double>> tuned;
  Net<VisionTower<test::Tiny>, Reference<double>> const plain;
  for (auto const& p : tuned.parameters())
    if (p.name.ends_with("attention_out.rows"))
      for (Index i = 0; i < p.shape.size(); ++i) p.values.data[i] = 0;
  tuned.touch();
  auto const images = test::images<double>(2, plain.model().facts);
  auto const a = std::as_const(tuned)(images), b = plain(images);
  BOOST_TEST(a.values == b.values, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(trained_counts_of_the_real_configurations) {
  static_assert(VisionTower<arch::ViT_B16, prompt::Approximated<200, 4>>::cost().trainable ==
                1'916'940);
  static_assert(VisionTower<arch::ViT_B16, prompt::Approximated<50, 4>>::cost().trainable ==
                534'540);
  static_assert(VisionTower<arch::ViT_B16, prompt::Approximated<200, 4, Rectified, false>>::cost()
                    .trainable == 12 * 159'744);
  BOOST_TEST(true);
}

BOOST_AUTO_TEST_SUITE_END()
