// A skip policy of a test's own: some layers are left out, and a learnt short-cut stands there.
#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "blocks/own_sites.hpp"
#include "models/tiny.hpp"
#include "vlpt/autodiff/gradcheck.hpp"
#include "vlpt/autodiff/residual.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

using namespace vlpt;

namespace {

/// A layer that runs its block, or x + W x in its place: then it has no other weights.
template <class Layer>
struct Detour {
  static constexpr Site sites = Layer::sites;
  static constexpr bool has_rows = Layer::has_rows;
  using Cut = Trainable<Residual<Linear>>;
  Layer block;
  Cut cut;
  bool skipped = false;

  [[nodiscard]] constexpr bool takes_rows() const { return block.takes_rows() && !skipped; }
  template <class F>
  static constexpr bool learns = true;

  template <class T>
  struct Params {
    typename Layer::template Params<T> block;
    Cut::Params<T> cut;
  };
  template <class T>
  using Prepared = typename Layer::template Prepared<T>;
  template <class T, class F>
  struct Cache {
    typename Layer::template Cache<T, F> block;
    Cut::Cache<T, F> cut;
  };
  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    if (skipped)
      cut.template visit<F>(p.cut, v);
    else
      block.template visit<F>(p.block, v);
  }
  template <class F, class B, class P, class R, class T>
  constexpr void prepare(Context<B>& c, P const& p, R& r, Stream<T const> rows) const {
    if (!skipped) block.template prepare<F>(c, p.block, r, rows);
  }
  template <class F, class B, class P, class R, class T>
  constexpr void prepare_backward(Context<B>& c, P const& p, R& r, Stream<T> d_rows, P& g) const {
    if (!skipped) block.template prepare_backward<F>(c, p.block, r, d_rows, g.block);
  }
  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, R const& r, Stream<T const> in, Stream<T> out,
                         K& k, BlockRun<T> const& run) const {
    if (!skipped) return block.template forward<F>(c, p.block, r, in, out, k.block, run);
    auto const rows = c.tape.template stream<T>(in.batch, out.tokens, in.dim);
    c.backend.copy(in.range(run.attention.first_query, out.tokens), rows);
    cut.template forward<F>(c, p.cut, Stream<T const>(rows), out, k.cut);
  }
  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, R& r, K const& k, Stream<T const> d_out,
                          Stream<T> d_in, P& g, BlockRun<T> const& run) const {
    if (!skipped)
      return block.template backward<F>(c, p.block, r, k.block, d_out, d_in, g.block, run);
    ArenaScope const scope(c.scratch);
    Stream<T> d_rows;
    if constexpr (F::below)
      d_rows = c.scratch.template stream<T>(d_out.batch, d_out.tokens, d_out.dim);
    cut.template backward<F>(c, p.cut, k.cut, d_out, d_rows, g.cut);
    if constexpr (F::below) {
      c.backend.fill(d_in, T(0));
      c.backend.copy(Stream<T const>(d_rows), d_in.range(run.attention.first_query, d_out.tokens));
    }
  }
};

/// Leaves out the layers whose bits are set.
template <unsigned Bits>
struct LeavesOut {
  static constexpr std::string_view name = "leaves_out";
  template <class Block>
  using Layer = Detour<Block>;
  template <class Block>
  [[nodiscard]] constexpr Detour<Block> layer(Block block, LayerFacts const& at) const {
    return {block, {{Linear{.in = at.dim, .out = at.dim, .bias = false}}}, !runs(at.layer)};
  }
  template <class Prompt>
  using With = Prompt;
  template <class Prompt>
  [[nodiscard]] constexpr Prompt with(Prompt prompt) const {
    return prompt;
  }
  constexpr void check(Index) const {}
  [[nodiscard]] constexpr bool runs(Index layer) const { return ((Bits >> layer) & 1U) == 0; }
};

template <class Policy, unsigned Bits, class Rows>
using NetOf =
    Net<VisionTower<test::Tiny, Policy, LeavesOut<Bits>, learn::Input<learn::Policy>, Rows>,
        Reference<double>>;

template <class NetType>
NetType made(Pool pool, double dropout) {
  using Model = std::remove_cvref_t<decltype(std::declval<NetType>().model())>;
  NetType net(test::tower<Model>(pool, dropout, dropout));
  test::randomise(net);
  return net;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(own_skip)

template <class Policy, unsigned Bits>
void check() {
  using Live = NetOf<Policy, Bits, rows::Live>;
  for (Pool pool : test::poolings<typename Live::ModelType>())
    for (double const dropout : {0.0, 0.25}) {
      auto live = made<Live>(pool, dropout);
      auto const images = test::images<double>(2, live.model().facts);
      GradReport const report = gradcheck(live, images);
      BOOST_TEST(report.ok(1e-7), report);
      auto all = made<NetOf<Policy, Bits, rows::All>>(pool, dropout);
      BOOST_REQUIRE(all.learnt().size() == live.learnt().size());
      auto const a = live.forward(live.stream_of(images), 3);
      auto const b = all.forward(all.stream_of(images), 3);
      for (Index i = 0; i < a.rows; ++i)
        for (Index j = 0; j < a.cols; ++j) BOOST_TEST(std::abs(a(i, j) - b(i, j)) < 1e-12);
    }
}

using Policies = boost::mpl::list<prompt::None, prompt::Shallow<2>, prompt::Deep<2>, test::Gated>;

BOOST_AUTO_TEST_CASE_TEMPLATE(any_layer_may_be_left_out, Policy, Policies) {
  check<Policy, 1U>();  // the first
  check<Policy, 2U>();
  check<Policy, 4U>();  // the last
  check<Policy, 6U>();
}

BOOST_AUTO_TEST_CASE(a_skipped_layer_has_no_rows_and_no_weights) {
  NetOf<prompt::Deep<2>, 2U, rows::Live> const net;
  for (auto const& p : net.parameters()) {
    if (p.name == "prompt.rows") BOOST_TEST(p.shape == (Shape{2, 2, 8}));
    if (p.name.starts_with("layers.1.")) BOOST_TEST(p.name == "layers.1.weight");
  }
}

BOOST_AUTO_TEST_SUITE_END()
