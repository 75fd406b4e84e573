#include "vlpt/models/vision_tower.hpp"

#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>

#include "models/tiny.hpp"
#include "vlpt/autodiff/gradcheck.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

using namespace vlpt;
using test::Tiny;

namespace {

template <class Prompt, class Learn, class Rows, class A = Tiny>
using Tower = VisionTower<A, Prompt, skip::Dense, Learn, Rows>;
template <class Prompt, class Rows>
struct Case {
  using PromptType = Prompt;
  using RowsType = Rows;
};
using Cases =
    boost::mpl::list<Case<prompt::None, rows::Live>, Case<prompt::None, rows::All>,
                     Case<prompt::Shallow<2>, rows::Live>, Case<prompt::Shallow<2>, rows::All>,
                     Case<prompt::Deep<2>, rows::Live>, Case<prompt::Deep<2>, rows::All>,
                     Case<prompt::Deep<>, rows::Live>, Case<prompt::Deep<>, rows::All>>;

using SomePaths = learn::Paths<"layers.norm1", "layers.mlp.fc2", "norm">;

template <class Model>
void check(Model const& model, std::size_t at_least) {
  Net<Model, Reference<double>> net(model);
  test::randomise(net);
  GradReport const report = gradcheck(net, test::images<double>(3, model.facts));
  BOOST_TEST(report.ok(1e-7), report);
  BOOST_TEST(report.count() >= at_least);
}
template <class Model>
typename Model::Settings settings(Pool pool) {
  typename Model::Settings s;
  s.facts.pool = pool, s.classes = 3;
  if constexpr (requires { s.prompt.prompts = Index{2}; }) s.prompt.prompts = 2;
  return s;
}
template <class Model>
void check_poolings(std::size_t at_least) {
  for (Pool pool : test::poolings<Model>()) {
    BOOST_TEST_CONTEXT("pooling " << static_cast<int>(pool)) {
      check(test::tower<Model>(pool), at_least);
      check(test::tower<Model>(pool, 0.2, 0.3), at_least);
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(vision_tower)

// Attention does not ask for order: wherever prompts stand, outputs and gradients are the same.
BOOST_AUTO_TEST_CASE_TEMPLATE(prompts_stand_anywhere, C, Cases) {
  using Model = Tower<typename C::PromptType, learn::Policy, typename C::RowsType>;
  for (Pool const pool : test::poolings<Model>()) {
    std::vector<std::vector<double>> found;
    for (auto const place : {PromptPlace::after_class, PromptPlace::end, PromptPlace::front}) {
      typename Model::Settings s = settings<Model>(pool);
      s.facts.place = place;
      if (place == PromptPlace::front && pool == Pool::mean_all) {
        BOOST_CHECK_THROW(Model{s}, InputError);
        continue;
      }
      Net<Model, Reference<double>> net{Model(s)};
      test::randomise(net);
      auto const images = test::images<double>(2, net.model().facts);
      auto const out = net.forward(net.stream_of(images));
      auto& all = found.emplace_back(out.data, out.data + out.size());
      net.zero_gradients();
      net.backward(test::normal<double>(Shape{2, out.cols}, 2).view());
      all.insert(all.end(), net.gradients().begin(), net.gradients().end());
      for (std::size_t i = 0; i < all.size(); ++i)
        BOOST_TEST(std::abs(all[i] - found[0][i]) < 1e-12 * std::max(1.0, std::abs(all[i])));
    }
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(gradients_of_the_policy, C, Cases) {
  check_poolings<Tower<typename C::PromptType, learn::Policy, typename C::RowsType>>(2);
}
BOOST_AUTO_TEST_CASE_TEMPLATE(gradients_of_all, C, Cases) {
  check_poolings<Tower<typename C::PromptType, learn::All, typename C::RowsType>>(2 + 4 + 3 * 12);
}
BOOST_AUTO_TEST_CASE_TEMPLATE(gradients_of_paths, C, Cases) {
  check_poolings<Tower<typename C::PromptType, SomePaths, typename C::RowsType>>(2 + 2 + 3 * 4);
}
BOOST_AUTO_TEST_CASE_TEMPLATE(gradients_of_the_images, C, Cases) {
  check_poolings<Tower<typename C::PromptType, learn::Input<learn::Policy>, typename C::RowsType>>(
      3);
  check_poolings<Tower<typename C::PromptType, learn::Input<SomePaths>, typename C::RowsType>>(3);
}
BOOST_AUTO_TEST_CASE_TEMPLATE(gradients_of_a_clip_tower_of_one_layer, C, Cases) {
  using test::TinyClip;
  check_poolings<Tower<typename C::PromptType, learn::Policy, typename C::RowsType, TinyClip>>(2);
  check_poolings<
      Tower<typename C::PromptType, learn::Input<learn::All>, typename C::RowsType, TinyClip>>(3);
}

BOOST_AUTO_TEST_CASE(without_a_head_the_features_come_out) {
  Tower<prompt::Deep<2>, learn::Policy, rows::Live> const model;
  BOOST_TEST(model.output_width() == 8);
  check(model, 1);
}

BOOST_AUTO_TEST_CASE(settings_that_do_not_fit_are_named) {
  using Plain = Tower<prompt::None, learn::Policy, rows::Live>;
  auto const complains = [](std::string const& part) {
    return [part](InputError const& e) {
      return std::string(e.what()).find(part) != std::string::npos;
    };
  };
  BOOST_CHECK_EXCEPTION((void)test::tower<Plain>(Pool::mean_prompts), InputError,
                        complains("pooling over prompts"));
  Plain::Settings odd;
  odd.facts.image = 10;
  BOOST_CHECK_EXCEPTION(Plain{odd}, InputError, complains("10 is no multiple of patch size 4"));
  using RunTime = Tower<prompt::Deep<>, learn::Policy, rows::Live>;
  BOOST_CHECK_EXCEPTION(RunTime{}, InputError, complains("at least one prompt, got 0"));
  Net<Plain, Reference<double>> net;
  BOOST_CHECK_EXCEPTION((void)net(Tensor<double>(Shape{1, 2, 8, 9})), InputError,
                        complains("(1, 2, 8, 9)"));
  BOOST_CHECK_EXCEPTION((void)net(Tensor<double>(Shape{0, 2, 8, 8})), InputError,
                        complains("at least one image"));
}

BOOST_AUTO_TEST_SUITE_END()
