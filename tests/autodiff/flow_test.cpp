// Modes are computed from types; these are promises that the compiler checks.
#include "vlpt/autodiff/flow.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

#include "vlpt/autodiff/chain.hpp"
#include "vlpt/autodiff/residual.hpp"
#include "vlpt/autodiff/trainable.hpp"
#include "vlpt/kernels/reference.hpp"
#include "vlpt/ops/detach.hpp"
#include "vlpt/ops/gelu.hpp"
#include "vlpt/ops/identity.hpp"
#include "vlpt/ops/layer_norm.hpp"
#include "vlpt/ops/linear.hpp"

using namespace vlpt;

namespace {

using Policy = Flow<learn::Policy>;
using All = Flow<learn::All>;

static_assert(Policy::mode == Mode::infer && Policy::marked::mode == Mode::root);
static_assert(Policy::with_below<true>::mode == Mode::through);
static_assert(Policy::with_below<true>::marked::mode == Mode::train);
static_assert(All::mode == Mode::root && All::with_below<true>::mode == Mode::train);
static_assert(InferFlow::mode == Mode::infer && InferFlow::marked::mode == Mode::infer);
static_assert(!Policy::reverses && Policy::with_below<true>::reverses && All::reverses);

// frozen, learnt, frozen, learnt
using Mixed = Chain<Stage<"a", Linear>, Stage<"b", Trainable<Linear>>, Stage<"c", Gelu>,
                    Stage<"d", Linear>, Stage<"e", Trainable<LayerNorm>>>;
template <class C, class F, std::size_t I>
constexpr Mode mode_at = C::template FlowAt<F, I>::mode;

static_assert(mode_at<Mixed, Policy, 0> == Mode::infer,
              "nothing below the first learner is reversed");
static_assert(mode_at<Mixed, Policy, 1> == Mode::infer &&
              Mixed::ModuleAt<1>::learns<Mixed::FlowAt<Policy, 1>>);
static_assert(!Mixed::FlowAt<Policy, 1>::below, "the first learner needs no gradient of its input");
static_assert(mode_at<Mixed, Policy, 2> == Mode::through &&
              mode_at<Mixed, Policy, 3> == Mode::through);
static_assert(Mixed::FlowAt<Policy, 4>::marked::mode == Mode::train);
static_assert(Mixed::learns<Policy> && !Mixed::learns<InferFlow> && Mixed::learns<All>);
static_assert(mode_at<Mixed, Flow<learn::Input<learn::Policy>, true>, 0> == Mode::through);
static_assert(mode_at<Mixed, All, 0> == Mode::root && mode_at<Mixed, All, 3> == Mode::train);

// By path: a stage learns where its path, or one above it, is named.
using Nested =
    Chain<Stage<"first", Chain<Stage<"x", Linear>, Stage<"y", Linear>>>, Stage<"last", Linear>>;
using ByPath = Flow<learn::Paths<"first.y">>;
static_assert(Nested::learns<ByPath> && !Nested::learns<Flow<learn::Paths<"first.yy">>>);
static_assert(Nested::learns<Flow<learn::Paths<"first">>> &&
              !Nested::learns<Flow<learn::Paths<"fir">>>);
static_assert(mode_at<Nested, ByPath, 0> == Mode::infer &&
              mode_at<Nested, ByPath, 1> == Mode::through);
using Inner = Nested::ModuleAt<0>;
static_assert(mode_at<Inner, Nested::FlowAt<ByPath, 0>, 0> == Mode::infer);
static_assert(mode_at<Inner, Nested::FlowAt<ByPath, 0>, 1> == Mode::root);

// Detach is a boundary.
using Cut = Chain<Stage<"a", Trainable<Linear>>, Stage<"stop", Detach>, Stage<"b", Gelu>,
                  Stage<"c", Trainable<Linear>>>;
static_assert(mode_at<Cut, Policy, 2> == Mode::infer, "below it nothing is wanted");
static_assert(!Cut::FlowAt<Policy, 3>::below);
static_assert(mode_at<Cut, Flow<learn::Input<learn::Policy>, true>, 2> == Mode::infer);
static_assert(!Chain<Stage<"a", Trainable<Linear>>, Stage<"stop", Detach>>::learns<Policy>);

// Only what the reverse reads is kept.
static_assert(!Linear::keeps_input<Policy::with_below<true>> && Linear::keeps_input<All>);
static_assert(!Linear::keeps_output<All> && !Gelu::keeps_input<Policy> &&
              Gelu::keeps_input<Policy::with_below<true>>);
static_assert(Residual<Linear>::keeps_input<All> && !Residual<Identity>::keeps_input<All>);
static_assert(Trainable<Linear>::keeps_input<Policy> && !Trainable<Linear>::keeps_input<InferFlow>);
static_assert(Module<Linear> && Module<Mixed> && Module<Cut> &&
              Module<Residual<Trainable<Linear>>>);
static_assert(!Module<int> && !Module<Empty>);

/// Bytes of tape that a forward under flow F plans for.
template <class F, class M>
std::size_t tape_of(M const& m, Index width) {
  Nothing<double> const backend;
  Arena tape, scratch;
  Context<Nothing<double>> c{backend, tape, scratch};
  typename M::template Params<double> p{};
  typename M::template Cache<double, F> k{};
  m.template forward<F>(c, p, Stream<double const>(nullptr, 2, 8, width),
                        Stream<double>(nullptr, 2, 8, m.width(width)), k);
  return tape.peak();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(flow)

BOOST_AUTO_TEST_CASE(a_frozen_product_keeps_nothing) {
  std::size_t const row = 2 * 8 * sizeof(double);  // rows of a matrix of width one
  Chain const frozen{stage<"a">(Linear{16, 16}), stage<"b">(Linear{16, 16}),
                     stage<"c">(Linear{16, 16})};
  BOOST_TEST((tape_of<InferFlow>(frozen, 16)) == 0);
  BOOST_TEST((tape_of<Flow<learn::Nothing, true>>(frozen, 16)) == 0);
  BOOST_TEST((tape_of<Flow<learn::All>>(frozen, 16)) == 2 * 16 * row);  // the inputs of b and c
  Chain const learner{stage<"a">(Linear{16, 16}), stage<"b">(Trainable{Linear{16, 8}}),
                      stage<"c">(Gelu{}), stage<"d">(Linear{8, 8})};
  BOOST_TEST((tape_of<Flow<learn::Policy>>(learner, 16)) == (16 + 8) * row);  // of b, and of gelu
  BOOST_TEST((tape_of<InferFlow>(learner, 16)) == 0);
}

BOOST_AUTO_TEST_CASE(a_frozen_cache_stays_empty) {
  Reference<double> const backend;
  Linear const linear{2, 2};
  std::vector<double> values(16, 1.0);
  Linear::Params<double> p{{values.data(), 2, 2}, {values.data(), 1, 2}};
  Stream<double> const x(values.data() + 4, 1, 2, 2), y(values.data() + 8, 1, 2, 2);
  auto const run = [&]<class F>(F) {
    Arena tape, scratch;
    Context<Reference<double>> c{backend, tape, scratch};
    Linear::Cache<double, F> k{};
    linear.forward<F>(c, p, Stream<double const>(x), y, k);
    return k.in.data != nullptr;
  };
  BOOST_TEST(!run(InferFlow{}));
  BOOST_TEST(!run(Flow<learn::Policy, true>{}));
  BOOST_TEST(run(Flow<learn::All>{}));
}

BOOST_AUTO_TEST_CASE(modes_have_names) {
  BOOST_TEST(to_string(Mode::through) == "through");
  BOOST_TEST(to_string(Mode::infer) == "infer");
  BOOST_TEST(to_string(Mode::root) == "root");
  BOOST_TEST(to_string(Mode::train) == "train");
}

BOOST_AUTO_TEST_SUITE_END()
