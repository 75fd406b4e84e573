// Every primitive of every backend against Reference<double>, on odd shapes and on slices.
#include "vlpt/kernels/backend.hpp"

#include <algorithm>
#include <limits>

#include "kernels/arrays.hpp"
#include "vlpt/kernels/counting.hpp"
#include "vlpt/kernels/dry_run.hpp"
#include "vlpt/kernels/nothing.hpp"

using namespace vlpt;
using test::Array;
using test::Backends;
using test::same;
using test::Truth;

static_assert(Backend<Reference<float>> && Backend<Cpu<double>> && Backend<Nothing<float>>);
static_assert(Backend<Counting<Cpu<float>>> && Backend<DryRun<Cpu<float>>>);

namespace {

struct Size {
  Index batch, tokens, dim;
};
constexpr Size sizes[]{{1, 1, 1}, {2, 3, 5}, {3, 7, 17}, {1, 300, 31}, {9, 67, 8}};

}  // namespace

BOOST_AUTO_TEST_SUITE(backend)

BOOST_AUTO_TEST_CASE_TEMPLATE(rows_move, B, Backends) {
  using T = typename B::Scalar;
  B const backend;
  Truth const truth;
  for (auto const& [batch, tokens, dim] : sizes)
    for (bool const padded : {false, true})
      for (Index const from : {batch, Index{1}}) {
        Array<T> const x(1, from, tokens, dim, padded);
        Array<double, T> const rx(1, from, tokens, dim, padded);
        Array<T> y(2, batch, tokens, dim, !padded);
        Array<double, T> ry(2, batch, tokens, dim, !padded);
        backend.add(x.all, y.all), truth.add(rx.all, ry.all);
        same(y, ry);
        backend.scale(T(0.5), y.all), truth.scale(0.5, ry.all);
        same(y, ry);
        if (from > 1) {  // y of batch 1 receives the sum over samples
          Array<T> sum(3, 1, tokens, dim, padded);
          Array<double, T> rsum(3, 1, tokens, dim, padded);
          backend.add(x.all, sum.all), truth.add(rx.all, rsum.all);
          same(sum, rsum);
        }
        backend.copy(x.all, y.all), truth.copy(rx.all, ry.all);
        same(y, ry);
        backend.fill(y.all, T(0.25)), truth.fill(ry.all, 0.25);
        same(y, ry);
      }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(rows_are_gathered_and_scattered, B, Backends) {
  using T = typename B::Scalar;
  std::vector<Index> const index{4, 0, 4, 2, 1, 3};  // two samples of three rows
  for (Index const from : {2, 1}) {
    Array<T> x(1, from, 5, 7, true), y(2, 2, 3, 7), z(3, from, 5, 7);
    Array<double, T> rx(1, from, 5, 7, true), ry(2, 2, 3, 7), rz(3, from, 5, 7);
    B{}.gather(x.all, index.data(), y.all), Truth{}.gather(rx.all, index.data(), ry.all);
    same(y, ry);
    BOOST_TEST(y.all.sample(1)(0, 6) == x.all.sample(from - 1)(2, 6));
    B{}.scatter_add(y.all, index.data(), z.all), Truth{}.scatter_add(ry.all, index.data(), rz.all);
    same(z, rz);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(rows_become_halves_and_floats_again, B, Backends) {
  using T = typename B::Scalar;
  using Limits = std::numeric_limits<Sum<T>>;
  T const none(Limits::quiet_NaN()), most(Limits::infinity());
  for (auto const& [batch, tokens, dim] : sizes)
    for (bool const padded : {false, true}) {
      Array<T> x(1, 1, tokens, dim, padded);
      T const special[]{none, T(-most), T(1.00390625), T(1.01171875), T(3.4e38)};  // two ties
      for (Index i = 0; i < std::min<Index>(dim, 5); ++i) x.view()(0, i) = special[i];
      Index const stride = dim + (padded ? 2 : 0);
      std::vector<bf16> halves(static_cast<std::size_t>(tokens * stride), bf16(7.0F));
      Array<T> y(2, 1, tokens, dim, padded);
      B{}.narrow(x.view(), View<bf16>(halves.data(), tokens, dim, stride));
      B{}.widen(View<bf16 const>(halves.data(), tokens, dim, stride), y.view());
      Index wrong = 0;
      for (Index r = 0; r < tokens; ++r)
        for (Index c = 0; c < stride; ++c) {
          bf16 const found = halves[static_cast<std::size_t>(r * stride + c)];
          bf16 const wanted = c < dim ? bf16(static_cast<float>(x.view()(r, c))) : bf16(7.0F);
          wrong += found.bits != wanted.bits;
          if (c < dim && std::isfinite(static_cast<float>(wanted)))
            wrong += y.view()(r, c) != static_cast<T>(static_cast<float>(wanted));
        }
      BOOST_TEST(wrong == 0);
      BOOST_TEST(y.block.back() == T(99));
      BOOST_TEST(std::isnan(y.view()(0, 0)));
    }
}

namespace {

template <class F, class B, class T>
void activated_products(B const& backend, Array<T> const& x, Array<T> const& w, Array<T> const& b,
                        Array<double, T> const& rx, Array<double, T> const& rw,
                        Array<double, T> const& rb) {
  Truth const truth;
  Index const n = x.all.tokens, out = w.all.tokens;
  Array<T> y(5, 1, n, out, true), before(6, 1, n, out);
  Array<double, T> ry(5, 1, n, out, true), rbefore(6, 1, n, out);
  backend.template linear_activate<F>(x.view(), w.view(), b.view(), {}, y.view());
  truth.template linear_activate<F>(rx.view(), rw.view(), rb.view(), {}, ry.view());
  same(y, ry, 4);
  backend.fill(y.all, T(3)), truth.fill(ry.all, 3);
  backend.template linear_activate<F>(x.view(), w.view(), b.view(), before.view(), y.view());
  truth.template linear_activate<F>(rx.view(), rw.view(), rb.view(), rbefore.view(), ry.view());
  same(y, ry, 4);
  same(before, rbefore, 4);
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(products_end_in_activations_and_sums, B, Backends) {
  using T = typename B::Scalar;
  B const backend;
  Truth const truth;
  struct Product {
    Index rows, in, out;
  };
  for (auto const& [n, in, out] :
       {Product{1, 1, 1}, {3, 5, 1}, {67, 31, 17}, {300, 24, 72}, {20, 800, 65}, {0, 4, 3}})
    for (bool const padded : {false, true}) {
      Array<T> const x(1, 1, n, in, padded), w(2, 1, out, in, padded), b(3, 1, 1, out);
      Array<double, T> const rx(1, 1, n, in, padded), rw(2, 1, out, in, padded), rb(3, 1, 1, out);
      activated_products<GeluFormula>(backend, x, w, b, rx, rw, rb);
      activated_products<QuickGeluFormula>(backend, x, w, b, rx, rw, rb);
      activated_products<ReluFormula>(backend, x, w, b, rx, rw, rb);
      Array<T> const r(4, 1, n, out, !padded);
      Array<double, T> const rr(4, 1, n, out, !padded);
      Array<T> y(5, 1, n, out, padded);
      Array<double, T> ry(5, 1, n, out, padded);
      backend.linear_add(x.view(), w.view(), b.view(), r.view(), y.view());
      truth.linear_add(rx.view(), rw.view(), rb.view(), rr.view(), ry.view());
      same(y, ry, 4);
      backend.linear_add(x.view(), w.view(), View<T>{}, y.view(), y.view());
      truth.linear_add(rx.view(), rw.view(), View<double>{}, ry.view(), ry.view());
      same(y, ry, 4);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(products, B, Backends) {
  using T = typename B::Scalar;
  B const backend;
  Truth const truth;
  struct Product {
    Index rows, in, out;
  };
  for (auto const& [n, in, out] : {Product{1, 1, 1},
                                   {1, 33, 7},
                                   {3, 5, 1},
                                   {67, 31, 17},
                                   {300, 24, 72},
                                   {257, 129, 65},
                                   {0, 4, 3}})
    for (bool const padded : {false, true}) {
      Array<T> const x(1, 1, n, in, padded), w(2, 1, out, in, padded), b(3, 1, 1, out),
          dy(4, 1, n, out, padded);
      Array<double, T> const rx(1, 1, n, in, padded), rw(2, 1, out, in, padded), rb(3, 1, 1, out),
          rdy(4, 1, n, out, padded);
      Array<T> y(5, 1, n, out, !padded), dx(6, 1, n, in, !padded), dw(7, 1, out, in, !padded),
          db(8, 1, 1, out);
      Array<double, T> ry(5, 1, n, out, !padded), rdx(6, 1, n, in, !padded),
          rdw(7, 1, out, in, !padded), rdb(8, 1, 1, out);
      backend.linear(x.view(), w.view(), b.view(), y.view());
      truth.linear(rx.view(), rw.view(), rb.view(), ry.view());
      same(y, ry, 4);
      backend.linear(x.view(), w.view(), View<T>{}, y.view());
      truth.linear(rx.view(), rw.view(), View<double>{}, ry.view());
      same(y, ry, 4);
      backend.linear_input(dy.view(), w.view(), dx.view());
      truth.linear_input(rdy.view(), rw.view(), rdx.view());
      same(dx, rdx, 4);
      backend.linear_weight(dy.view(), x.view(), dw.view(), db.view());  // both are added to
      truth.linear_weight(rdy.view(), rx.view(), rdw.view(), rdb.view());
      backend.linear_weight(dy.view(), x.view(), View<T>{}, db.view());  // either may be null
      truth.linear_weight(rdy.view(), rx.view(), View<double>{}, rdb.view());
      backend.linear_weight(dy.view(), x.view(), dw.view(), View<T>{});
      truth.linear_weight(rdy.view(), rx.view(), rdw.view(), View<double>{});
      same(dw, rdw, 4);
      same(db, rdb, 4);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(layer_norm, B, Backends) {
  using T = typename B::Scalar;
  for (auto const& size : sizes)
    for (bool const padded : {false, true}) {
      Index const n = size.tokens, dim = size.dim + 1;
      Array<T> x(1, 1, n, dim, padded), g(2, 1, 1, dim), o(3, 1, 1, dim), y(4, 1, n, dim, padded),
          dx(6, 1, n, dim, padded);
      Array<Sum<T>, T> s(5, 1, n, 2);
      Array<double, T> rx(1, 1, n, dim, padded), rg(2, 1, 1, dim), ro(3, 1, 1, dim),
          ry(4, 1, n, dim, padded), rdx(6, 1, n, dim, padded), rs(5, 1, n, 2);
      B{}.layer_norm(x.view(), g.view(), o.view(), 1e-3, y.view(), s.view());
      Truth{}.layer_norm(rx.view(), rg.view(), ro.view(), 1e-3, ry.view(), rs.view());
      same(y, ry, 10);
      same(s, rs, 10);
      B{}.layer_norm(x.view(), g.view(), o.view(), 1e-3, y.view(),
                     View<Sum<T>>{});  // no reverse follows
      same(y, ry, 10);
      Array<T> dy(7, 1, n, dim, padded), dg(8, 1, 1, dim), db(9, 1, 1, dim);
      Array<double, T> rdy(7, 1, n, dim, padded), rdg(8, 1, 1, dim), rdb(9, 1, 1, dim);
      B{}.layer_norm_reverse(dy.view(), x.view(), s.view(), g.view(), View<T>{}, dg.view(),
                             db.view());
      B{}.layer_norm_reverse(dy.view(), x.view(), s.view(), g.view(), dx.view(), View<T>{},
                             View<T>{});
      Truth{}.layer_norm_reverse(rdy.view(), rx.view(), rs.view(), rg.view(), rdx.view(),
                                 rdg.view(), rdb.view());
      same(dx, rdx, 100);
      same(dg, rdg, 40);
      same(db, rdb, 40);
    }
}

using Formulas = boost::mpl::list<GeluFormula, QuickGeluFormula, ReluFormula, TanhFormula>;

BOOST_AUTO_TEST_CASE_TEMPLATE(activations, F, Formulas) {
  auto const check = [](auto const& backend) {
    using T = typename std::remove_cvref_t<decltype(backend)>::Scalar;
    for (auto const& size : sizes)
      for (bool const padded : {false, true}) {
        Array<T> x(1, 1, size.tokens, size.dim, padded), y(2, 1, size.tokens, size.dim);
        Array<double, T> rx(1, 1, size.tokens, size.dim, padded), ry(2, 1, size.tokens, size.dim);
        backend.template activate_reverse<F>(y.view(), x.view(), y.view());  // dx may lie on dy
        Truth{}.template activate_reverse<F>(ry.view(), rx.view(), ry.view());
        same(y, ry, 2);
        backend.template activate<F>(x.view(), y.view());
        Truth{}.template activate<F>(rx.view(), ry.view());
        same(y, ry, 2);
        backend.template activate<F>(x.view(), x.view());  // in place
        Truth{}.template activate<F>(rx.view(), rx.view());
        same(x, rx, 2);
      }
  };
  check(Reference<float>{}), check(Reference<double>{}), check(Cpu<float>{}), check(Cpu<double>{});
  for (double const x : {-2.5, -0.3, 0.2, 1.7}) {
    double const h = 1e-5, slope = (F::value(x + h) - F::value(x - h)) / (2 * h);
    BOOST_TEST(std::abs(slope - F::slope(x)) < 1e-9);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(means_over_rows, B, Backends) {
  using T = typename B::Scalar;
  for (auto const& [batch, tokens, dim] : sizes)
    for (bool const padded : {false, true}) {
      Array<T> x(1, batch, tokens, dim, padded), y(2, 1, batch, dim);
      Array<double, T> rx(1, batch, tokens, dim, padded), ry(2, 1, batch, dim);
      B{}.mean_rows(x.all, y.view()), Truth{}.mean_rows(rx.all, ry.view());
      same(y, ry);
      B{}.mean_rows_reverse(y.view(), x.all), Truth{}.mean_rows_reverse(ry.view(), rx.all);
      same(x, rx);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(patches_and_their_adjoint, B, Backends) {
  using T = typename B::Scalar;
  Index const batch = 3, channels = 2, side = 12, patch = 4, n = 9, width = 32;
  Array<T> image(1, batch, channels * side, side, true),
      back(2, batch, channels * side, side, true);
  Array<T> y(3, batch, n, width, true), v(4, batch, n, width, true);
  B{}.patches(image.all, channels, patch, y.all);
  B{}.patches_reverse(v.all, channels, patch, back.all);
  // raster order; each patch flattened channel, row, column
  BOOST_TEST(y.all.sample(2)(5, (1 * 4 + 2) * 4 + 3) ==
             image.all.sample(2)(12 + 1 * 4 + 2, 2 * 4 + 3));
  double left = 0, right = 0;  // <y, v> = <x, y^T v>
  for (Index b = 0; b < batch; ++b) {
    for (Index i = 0; i < n * width; ++i)
      left += static_cast<double>(y.all.sample(b)(i / width, i % width) *
                                  v.all.sample(b)(i / width, i % width));
    for (Index i = 0; i < channels * side * side; ++i)
      right += static_cast<double>(image.all.sample(b)(i / side, i % side) *
                                   back.all.sample(b)(i / side, i % side));
  }
  BOOST_TEST(std::abs(left - right) < (std::is_same_v<T, double> ? 1e-11 : 1e-4));
  BOOST_TEST(std::abs(left) > 1);
}

BOOST_AUTO_TEST_SUITE_END()
