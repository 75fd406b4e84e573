// Every op's reverse is the slope of its forward; attention and embedding through models of their
// own.
#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "vlpt/autodiff/gradcheck.hpp"
#include "vlpt/ops/any_gelu.hpp"
#include "vlpt/ops/detach.hpp"
#include "vlpt/ops/dropout.hpp"
#include "vlpt/ops/gelu.hpp"
#include "vlpt/ops/identity.hpp"
#include "vlpt/ops/layer_norm.hpp"
#include "vlpt/ops/linear.hpp"
#include "vlpt/ops/positions.hpp"
#include "vlpt/ops/quick_gelu.hpp"
#include "vlpt/ops/relu.hpp"
#include "vlpt/ops/self_attention.hpp"
#include "vlpt/ops/tanh.hpp"

using namespace vlpt;

namespace {

template <class M>
void check(M const& module, Index width, std::size_t lines) {
  for (Index const batch : {1, 3})
    for (Index const tokens : {1, 5}) {
      GradReport const report =
          gradcheck(module, {.batch = batch, .tokens = tokens, .width = width, .seed = 11});
      BOOST_TEST(report.ok(1e-7), report);
      BOOST_TEST(report.count() == lines);
    }
}

/// Attention as a model uses it: queries from row `first` on, a key mask, extra rows that learn.
template <bool Extras>
struct AttendsTo {
  SelfAttention<Extras> attention;
  Index first = 0, extra = 0;
  bool own = false;  // a sample's own extra rows

  template <class T>
  struct Params {
    typename SelfAttention<Extras>::template Params<T> attention;
    View<T> rows;  // (extra or 3 * extra, 2 dim): keys and values
  };
  template <class T, class F>
  using Cache = typename SelfAttention<Extras>::template Cache<T, F>;
  template <class F>
  static constexpr bool learns = F::learns;
  template <class F>
  static constexpr bool keeps_input = SelfAttention<Extras>::template keeps_input<F>;
  template <class F>
  static constexpr bool keeps_output = false;
  static constexpr unsigned char mask[]{1, 0, 1, 1, 1, 1, 1, 0, 1, 0, 0, 1, 1, 1, 1};

  [[nodiscard]] constexpr Index width(Index in) const { return in; }
  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    attention.template visit<F>(p.attention, v);
    if constexpr (Extras)
      v.template tensor<F::marked::learns>(
          "rows", p.rows, Shape{(own ? 3 : 1) * extra, 2 * attention.dim}, Init::zero(), true);
  }
  template <class P, class T>
  constexpr AttentionExtras<T> extras(P const& p, View<T> d) const {
    Index const n = own ? 3 : 1, dim = attention.dim;
    Stream<T const> const rows(View<T const>(p.rows), n);
    Stream<T> const d_rows(d, n);
    AttentionExtras<T> e{.first_query = first, .key_mask = mask};
    if constexpr (Extras) {
      e.extra_key = rows.columns(0, dim), e.extra_value = rows.columns(dim, dim);
      if (!d.empty())
        e.d_extra_key = d_rows.columns(0, dim), e.d_extra_value = d_rows.columns(dim, dim);
    }
    return e;
  }
  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, Stream<T const> x, Stream<T> y, K& k) const {
    c.backend.fill(y, T(0));
    ArenaScope const scope(c.scratch);
    auto const part = c.scratch.template stream<T>(x.batch, x.tokens - first, x.dim);
    attention.template forward<F>(c, p.attention, x, part, k, extras<P, T>(p, {}));
    c.backend.copy(part, y.range(first, x.tokens - first));
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, K const& k, Stream<T const> dy, Stream<T> dx,
                          P& g) const {
    ArenaScope const scope(c.scratch);
    auto const part = c.scratch.template stream<T>(dy.batch, dy.tokens - first, dy.dim);
    c.backend.copy(dy.range(first, dy.tokens - first), part);
    attention.template backward<F>(c, p.attention, k, Stream<T const>(part), dx, g.attention,
                                   extras<P, T>(p, F::marked::learns ? g.rows : View<T>{}));
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ops)

BOOST_AUTO_TEST_CASE(leaves) {
  check(Identity{}, 5, 2);
  check(Linear{7, 3}, 7, 6);
  check(Linear{.in = 7, .out = 3, .bias = false}, 7, 4);
  check(LayerNorm{9, 1e-5}, 9, 6);
  check(Gelu{}, 5, 2);
  check(QuickGelu{}, 5, 2);
  check(AnyGelu{GeluKind::exact}, 5, 2);
  check(AnyGelu{GeluKind::quick}, 5, 2);
  check(Relu{}, 5, 2);
  check(Tanh{}, 5, 2);
  check(Dropout{0.4, 3}, 6, 2);
  check(Detach{}, 5, 2);
  check(SelfAttention<>{.dim = 6, .heads = 3}, 6, 10);
  check(SelfAttention<>{.dim = 6, .heads = 1, .qkv_bias = false}, 6, 8);
}

BOOST_AUTO_TEST_CASE(attention_of_some_rows_to_extra_rows_under_a_mask) {
  GradcheckSettings const s{.batch = 3, .tokens = 5, .width = 6, .seed = 4};
  for (Index const first : {0, 1, 4}) {
    GradReport const plain =
        gradcheck(AttendsTo<false>{{.dim = 6, .heads = 2}, first, 0, false}, s);
    BOOST_TEST(plain.ok(), plain);
    for (bool const own : {false, true}) {
      GradReport const report =
          gradcheck(AttendsTo<true>{{.dim = 6, .heads = 2}, first, 2, own}, s);
      BOOST_TEST(report.ok(), report);
      BOOST_TEST(report.count() == 12);
    }
  }
}

BOOST_AUTO_TEST_CASE(positions_of_sine_and_cosine) {
  auto const t = sine_cosine_positions(3, 8);
  BOOST_TEST((t.shape == Shape{10, 8}));
  for (Index c = 0; c < 8; ++c) BOOST_TEST(t.view()(0, c) == 0);
  Index const row = 1 + 2 * 3 + 1;  // grid row 2, column 1
  BOOST_TEST(t.view()(row, 0) == std::sin(2.0));
  BOOST_TEST(t.view()(row, 1) == std::sin(2.0 * 0.01));
  BOOST_TEST(t.view()(row, 2) == std::cos(2.0));
  BOOST_TEST(t.view()(row, 4) == std::sin(1.0));
  BOOST_TEST(t.view()(row, 7) == std::cos(0.01));
  auto const turned = sine_cosine_positions(3, 8, true);
  for (Index c = 0; c < 8; ++c) BOOST_TEST(turned.view()(row, c) == t.view()(1 + 1 * 3 + 2, c));
  BOOST_CHECK_THROW((void)sine_cosine_positions(3, 6), InputError);
}

BOOST_AUTO_TEST_CASE(positions_are_interpolated) {
  Tensor<double> table(Shape{10, 2});  // a 3 x 3 grid that is linear in row and column
  for (Index r = 0; r < 3; ++r)
    for (Index c = 0; c < 3; ++c) {
      table.view()(1 + r * 3 + c, 0) = static_cast<double>(r);
      table.view()(1 + r * 3 + c, 1) = 5.0 + static_cast<double>(c);
    }
  table.view()(0, 0) = -7;
  for (auto how : {Interpolation::bicubic, Interpolation::bilinear_corners}) {
    auto const same = interpolate_positions(table, 3, 3, how);
    for (Index i = 0; i < table.size(); ++i) BOOST_TEST(std::abs(same[i] - table[i]) < 1e-14);
    BOOST_TEST(interpolate_positions(table, 4, 2, how).view()(0, 0) == -7);  // the class row stays
  }
  auto const corners = interpolate_positions(table, 5, 4, Interpolation::bilinear_corners);
  BOOST_TEST((corners.shape == Shape{21, 2}));
  BOOST_TEST(std::abs(corners.view()(1 + 1 * 4 + 2, 0) - 0.5) < 1e-14);
  BOOST_TEST(std::abs(corners.view()(1 + 1 * 4 + 2, 1) - (5 + 4.0 / 3)) < 1e-14);
  // Bicubic, a = -0.75, to one row: half-pixel centre 1; of two rows: centres 0.25 and 1.75.
  auto const cubic = interpolate_positions(table, 2, 3, Interpolation::bicubic);
  double const d = 0.25, a = -0.75;  // taps -1, 0, 1, 2 hold 0, 0, 1, 2
  auto const near = [a](double x) { return ((a + 2) * x - (a + 3)) * x * x + 1; };
  auto const far = [a](double x) { return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a; };
  BOOST_TEST(std::abs(cubic.view()(1, 0) - (near(1 - d) + 2 * far(2 - d))) < 1e-14);
  BOOST_CHECK_THROW(
      (void)interpolate_positions(Tensor<double>(Shape{9, 2}), 2, 2, Interpolation::bicubic),
      InputError);
}

BOOST_AUTO_TEST_SUITE_END()
