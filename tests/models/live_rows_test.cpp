// rows::Live computes only what is read; rows::All is the naive path. Both are the same function.
#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "models/tiny.hpp"
#include "vlpt/kernels/cpu/extern.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/gated.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

using namespace vlpt;

namespace {

template <class Prompt, class Learn = learn::Policy, class B = Reference<double>,
          class A = test::Tiny>
struct Case {
  template <class Rows>
  using NetOf = Net<VisionTower<A, Prompt, skip::Dense, Learn, Rows>, B>;
  using Live = NetOf<rows::Live>;
  using All = NetOf<rows::All>;
  using Recomputed = NetOf<rows::Recomputed<>>;
};
using Cases =
    boost::mpl::list<Case<prompt::None>, Case<prompt::Shallow<2>>, Case<prompt::Deep<2>>,
                     Case<prompt::Deep<2>, learn::All>,
                     Case<prompt::Shallow<2>, learn::All, Cpu<double>>, Case<prompt::Gated<2>>,
                     Case<prompt::Deep<>, learn::Paths<"layers.norm1", "norm">, Cpu<double>>,
                     Case<prompt::Deep<2>, learn::All, Reference<double>, test::TinyClip>>;

struct Result {
  std::vector<double> outputs, gradients;
};

template <class NetType>
Result step(Pool pool, double dropout, double prompt_dropout, bool training = true) {
  NetType net(test::tower<std::remove_cvref_t<decltype(std::declval<NetType>().model())>>(
      pool, dropout, prompt_dropout));
  test::randomise(net);
  auto const images = test::images<double>(3, net.model().facts);
  auto const out = net.forward(net.stream_of(images), 5, training);
  Result r;
  for (Index i = 0; i < out.rows; ++i)
    r.outputs.insert(r.outputs.end(), out.row(i), out.row(i) + out.cols);
  auto const d_out = test::normal<double>(Shape{3, out.cols}, 2);
  net.zero_gradients();
  net.backward(d_out.view());
  r.gradients.assign(net.gradients().begin(), net.gradients().end());
  return r;
}
double difference(std::vector<double> const& a, std::vector<double> const& b) {
  BOOST_REQUIRE(a.size() == b.size());
  BOOST_REQUIRE(!a.empty());
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    worst = std::max(worst, std::abs(a[i] - b[i]) / std::max(1.0, std::abs(a[i])));
  return worst;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(live_rows)

BOOST_AUTO_TEST_CASE_TEMPLATE(are_all_rows_outputs_and_gradients, C, Cases) {
  using Model = std::remove_cvref_t<decltype(std::declval<typename C::Live>().model())>;
  for (Pool pool : test::poolings<Model>())
    for (auto const& [dropout, prompt_dropout] :
         {std::pair{0.0, 0.0}, std::pair{0.3, 0.0}, std::pair{0.0, 0.4}, std::pair{0.3, 0.4}}) {
      BOOST_TEST_CONTEXT("pooling " << static_cast<int>(pool) << ", dropout " << dropout << ", "
                                    << prompt_dropout) {
        Result const live = step<typename C::Live>(pool, dropout, prompt_dropout);
        Result const all = step<typename C::All>(pool, dropout, prompt_dropout);
        BOOST_TEST(difference(live.outputs, all.outputs) < 1e-12);
        BOOST_TEST(difference(live.gradients, all.gradients) < 1e-12);
        Result const still = step<typename C::Live>(pool, dropout, prompt_dropout, false);
        bool const drops =
            dropout > 0 || (prompt_dropout > 0 && Model::PromptType::sites != Site::none);
        BOOST_TEST((difference(live.outputs, still.outputs) > 1e-3) == drops);
      }
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(recomputed_layers_give_the_same_bits_from_less_memory, C, Cases) {
  using Model = std::remove_cvref_t<decltype(std::declval<typename C::Live>().model())>;
  using Again = std::remove_cvref_t<decltype(std::declval<typename C::Recomputed>().model())>;
  for (double const dropout : {0.0, 0.3}) {
    Pool const pool = test::poolings<Model>().front();
    Result const live = step<typename C::Live>(pool, dropout, dropout);
    Result const again = step<typename C::Recomputed>(pool, dropout, dropout);
    BOOST_TEST(again.outputs == live.outputs, boost::test_tools::per_element());
    BOOST_TEST(again.gradients == live.gradients, boost::test_tools::per_element());
    auto const kept = [&](auto const& model) {
      using M = std::remove_cvref_t<decltype(model)>;
      return plan_memory<typename M::TrainFlow>(model, Reference<double>{}, 8, true).tape;
    };
    auto const all = kept(test::tower<Model>(pool, dropout)),
               one = kept(test::tower<Again>(pool, dropout));
    bool const deep = test::tower<Model>(pool).facts.depth > 1;
    if (deep && Model::PromptType::sites != Site::none) BOOST_TEST(one < all);
    BOOST_TEST(one <= all);
  }
}

BOOST_AUTO_TEST_SUITE_END()
