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

// methods.md 6.6: the site gives e^s (o + m * relu(x K^T) T), which is e^s o and the values e^s T
// with keys K = T + (T W1^T) W2^T that were computed before; at its start it is o + m * relu(x T^T)
// T.
BOOST_AUTO_TEST_CASE(keys_and_scale_fold) {
  using Site = prompt::Diffusion<Rectified, true>;
  constexpr Index n = 5, dim = 4, prompts = 3, rank = 2;
  Site const site{.dim = dim, .prompts = prompts, .rank = rank};
  auto const x = test::normal<double>(Shape{n, dim}, 1), o = test::normal<double>(Shape{n, dim}, 2);
  for (bool const start : {false, true}) {
    auto rows = test::normal<double>(Shape{prompts, dim}, 3);
    auto down = test::normal<double>(Shape{rank, dim}, 4);
    auto up = test::normal<double>(Shape{dim, rank}, 5);
    Tensor<double> scale(Shape{1}, start ? 0 : 0.3);
    if (start) std::fill(up.values.begin(), up.values.end(), 0.0);
    Site::Params<double> const p{rows.view(), down.view(), up.view(), scale.view()};
    HostMemory const memory(1 << 14), more(1 << 14);
    Arena tape(memory.data(), memory.size()), scratch(more.data(), more.size());
    Reference<double> const machine;
    Context<Reference<double>> c{machine, tape, scratch};
    Site::Prepared<double> prepared{};
    Site::Cache<double, InferFlow> cache{};
    Tensor<double> out(Shape{n, dim});
    site.prepare<InferFlow>(c, p, prepared);
    Stream<double const> const read(x.view(), 1), branch(o.view(), 1);
    site.forward_site<InferFlow>(c, p, prepared, SiteInput<double>{read, read, branch},
                                 Stream<double>(out.view(), 1), cache);

    auto const keys = [&](Index j, Index k) {
      double sum = rows.view()(j, k);
      for (Index r = 0; r < rank; ++r)
        for (Index i = 0; i < dim; ++i)
          sum += rows.view()(j, i) * down.view()(r, i) * up.view()(k, r);
      return start ? rows.view()(j, k) : sum;
    };
    double const factor = start ? 1 : std::exp(0.3);
    for (Index i = 0; i < n; ++i) {
      double similar[prompts], most = 0;
      for (Index j = 0; j < prompts; ++j) {
        double sum = 0;
        for (Index k = 0; k < dim; ++k) sum += x.view()(i, k) * keys(j, k);
        similar[j] = std::max(0.0, sum), most = std::max(most, similar[j]);
      }
      for (Index k = 0; k < dim; ++k) {
        double wanted = factor * o.view()(i, k);
        for (Index j = 0; j < prompts; ++j)
          wanted += most * similar[j] * (factor * rows.view()(j, k));
        BOOST_TEST(std::abs(out.view()(i, k) - wanted) < 1e-12);
      }
    }
  }
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
