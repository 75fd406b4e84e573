#include "vlpt/models/contrastive_pair.hpp"

#include <boost/test/unit_test.hpp>

#include "models/tiny_dual.hpp"

using namespace vlpt;

namespace {

using Model = ContrastivePair<test::TinyDual>;

/// Three captions that start alike and end after one to three words.
struct Pairs {
  Model model{3};
  TextLayout captions = model.layout(test::tiny_texts());
  Tensor<double> images = test::images<double>(3, model.facts);
  [[nodiscard]] ImageCaptions<double const> input() const {
    return {3,
            {images.data(), 3, model.facts.channels * model.facts.image, model.facts.image},
            &captions};
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(contrastive_pair)

BOOST_AUTO_TEST_CASE(gradients) {
  Pairs p;
  Net<Model, Reference<double>> net(p.model);
  test::randomise(net);
  GradReport const report =
      gradcheck(net, CheckedInput<Net<Model, Reference<double>>>{p.input(), {}, {}, {}});
  BOOST_TEST(report.ok(1e-7), report);
  BOOST_TEST(report.lines.back().name == "logit_scale");
  BOOST_TEST(report.count() == static_cast<Index>(net.parameters().size()));
}

BOOST_AUTO_TEST_CASE(a_dual_encoder_with_its_values_gives_its_logits) {
  Pairs p;
  Net<Model, Reference<double>> net(p.model);
  test::randomise(net);
  using Dual = test::Dual<prompt::None>;
  Dual::Settings s;
  s.texts = test::tiny_texts();
  Net<Dual, Reference<double>> dual{Dual(s)};
  auto const from = net.parameters();
  std::size_t found = 0;
  for (auto const& to : dual.parameters())
    for (auto const& r : from)
      if (r.name == to.name) {
        BOOST_REQUIRE((r.shape == to.shape));
        std::copy_n(r.values.data, r.shape.size(), to.values.data);
        ++found;
      }
  BOOST_TEST(found == dual.parameters().size());
  BOOST_TEST(found == from.size());
  dual.touch();
  auto const out = net.forward(p.input());
  auto const wanted = std::as_const(dual)(p.images);
  for (Index i = 0; i < 9; ++i) BOOST_TEST(std::abs(out.data[i] - wanted[i]) < 1e-12);
}

BOOST_AUTO_TEST_CASE(a_batch_that_is_none_is_refused) {
  Pairs p;
  Net<Model, Reference<double>> net(p.model);
  BOOST_CHECK_THROW(Model(1), InputError);
  BOOST_CHECK_THROW((void)Model(4).layout(test::tiny_texts()), InputError);
  auto in = p.input();
  in.images.batch = in.batch = 2;
  BOOST_CHECK_THROW((void)net.forward(in), InputError);
  in = p.input(), in.captions = nullptr;
  BOOST_CHECK_THROW((void)net.forward(in), InputError);
}

BOOST_AUTO_TEST_SUITE_END()
