// What PackedCpu holds: packed once, found again by its rows, given back exactly.
#include "vlpt/kernels/packed.hpp"

#include "kernels/arrays.hpp"

using namespace vlpt;
using test::Array;
using test::PackedOn;
using test::same;
using test::Truth;

namespace {

using Packed = boost::mpl::list<PackedOn<Isa::avx2>, PackedOn<Isa::avx512>>;

struct Size {
  Index rows, in, out;
};
constexpr Size sizes[]{{1, 1, 1},    {3, 5, 7},     {50, 64, 192},  {13, 96, 100},
                       {7, 800, 49}, {300, 31, 96}, {1100, 17, 50}, {9, 1600, 130}};

}  // namespace

BOOST_AUTO_TEST_SUITE(packed)

BOOST_AUTO_TEST_CASE_TEMPLATE(products_read_held_matrices, B, Packed) {
  B const backend;
  Truth const truth;
  for (auto const& [rows, in, out] : sizes) {
    Array<float> const x(1, 1, rows, in, true), dy(2, 1, rows, out, true), b(3, 1, 1, out);
    Array<double> const rx(1, 1, rows, in, true), rdy(2, 1, rows, out, true), rb(3, 1, 1, out);
    Array<float> w(4, 1, out, in), other(5, 1, in, 3);
    Array<double> rw(4, 1, out, in), plain(4, 1, out, in);
    std::vector<View<float const>> const all{w.view(), other.view()};
    if (!backend.hold(all)) continue;
    backend.fill(w.all, 7.0F);  // products no longer read what lies there
    Array<float> y(6, 1, rows, out, true), dx(7, 1, rows, in, true);
    Array<double> ry(6, 1, rows, out, true), rdx(7, 1, rows, in, true);
    backend.linear(x.view(), w.view(), b.view(), y.view());
    truth.linear(rx.view(), rw.view(), rb.view(), ry.view());
    same(y, ry, 10);
    backend.linear_input(dy.view(), w.view(), dx.view());
    truth.linear_input(rdy.view(), rw.view(), rdx.view());
    same(dx, rdx, 10);
    // Some rows of the matrix, beginning inside a panel.
    Index const first = out / 3, count = out - first - out / 5;
    Array<float> part(8, 1, rows, count), dpart(9, 1, rows, in);
    Array<double> rpart(8, 1, rows, count), rdpart(9, 1, rows, in);
    backend.linear(x.view(), w.view().middle_rows(first, count), {}, part.view());
    truth.linear(rx.view(), rw.view().middle_rows(first, count), {}, rpart.view());
    same(part, rpart, 10);
    backend.linear_input(part.view(), w.view().middle_rows(first, count), dpart.view());
    truth.linear_input(rpart.view(), rw.view().middle_rows(first, count), rdpart.view());
    same(dpart, rdpart, 50);
    backend.give(w.view());
    same(w, plain);
  }
}

using Halves = boost::mpl::list<PackedOn<Isa::avx2, bf16>, PackedOn<Isa::avx512, bf16>,
                                PackedOn<Isa::avx512_bf16, bf16>>;

namespace {

/// Whether a product's error is what rounding both operands to bf16 may bring: 2^-8 of each term.
void within_rounding(View<float const> found, View<double const> expected,
                     View<double const> bound) {
  double worst = 0;
  for (Index i = 0; i < found.rows; ++i)
    for (Index j = 0; j < found.cols; ++j) {
      double const error = std::abs(static_cast<double>(found(i, j)) - expected(i, j));
      worst = std::max(worst, error / (bound(i, j) + 1e-3));
    }
  BOOST_TEST(worst <= 1.0 / 256);
}
void make_positive(Stream<double> x) {
  for (Index i = 0; i < x.size(); ++i) x.data[i] = std::abs(x.data[i]);
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(products_read_matrices_held_in_bf16, B, Halves) {
  B const backend;
  Truth const truth;
  for (auto const& [rows, in, out] : sizes) {
    Array<float> const x(1, 1, rows, in), dy(2, 1, rows, out), b(3, 1, 1, out);
    Array<double> rx(1, 1, rows, in), rdy(2, 1, rows, out), rb(3, 1, 1, out);
    Array<float> w(4, 1, out, in), y(6, 1, rows, out), dx(7, 1, rows, in);
    Array<double> rw(4, 1, out, in), ry(6, 1, rows, out), rdx(7, 1, rows, in);
    std::vector<View<float const>> const all{w.view()};
    if (!backend.hold(all)) continue;
    Index const first = out / 3, count = out - first - out / 5;
    Array<float> part(8, 1, rows, count), dpart(9, 1, rows, in);
    Array<double> rpart(8, 1, rows, count), rdpart(9, 1, rows, in);
    backend.linear(x.view(), w.view(), b.view(), y.view());
    backend.linear_input(dy.view(), w.view(), dx.view());
    backend.linear(x.view(), w.view().middle_rows(first, count), {}, part.view());
    backend.linear_input(dy.view().middle_cols(0, count), w.view().middle_rows(first, count),
                         dpart.view());
    truth.linear(rx.view(), rw.view(), rb.view(), ry.view());
    truth.linear_input(rdy.view(), rw.view(), rdx.view());
    truth.linear(rx.view(), rw.view().middle_rows(first, count), {}, rpart.view());
    truth.linear_input(rdy.view().middle_cols(0, count), rw.view().middle_rows(first, count),
                       rdpart.view());
    make_positive(rx.all), make_positive(rdy.all), make_positive(rw.all), make_positive(rb.all);
    Array<double> by(6, 1, rows, out), bdx(7, 1, rows, in), bpart(8, 1, rows, count),
        bdpart(9, 1, rows, in);
    truth.linear(rx.view(), rw.view(), rb.view(), by.view());
    truth.linear_input(rdy.view(), rw.view(), bdx.view());
    truth.linear(rx.view(), rw.view().middle_rows(first, count), {}, bpart.view());
    truth.linear_input(rdy.view().middle_cols(0, count), rw.view().middle_rows(first, count),
                       bdpart.view());
    within_rounding(y.view(), ry.view(), by.view());
    within_rounding(dx.view(), rdx.view(), bdx.view());
    within_rounding(part.view(), rpart.view(), bpart.view());
    within_rounding(dpart.view(), rdpart.view(), bdpart.view());
    Array<float> const before(4, 1, out, in);
    backend.fill(w.all, 3.0F);
    backend.give(w.view());
    for (Index i = 0; i < w.all.size(); ++i)
      BOOST_REQUIRE(w.all.data[i] == static_cast<float>(bf16(before.all.data[i])));
  }
}

using Bytes =
    boost::mpl::list<PackedOn<Isa::avx2, std::int8_t>, PackedOn<Isa::avx512_vnni, std::int8_t>>;

BOOST_AUTO_TEST_CASE_TEMPLATE(products_read_matrices_held_in_int8, B, Bytes) {
  // Each row of w in 127 steps of its largest value, and each row of x as well: half a step of
  // either, times the other, is the largest error of a term.
  B const backend;
  Truth const truth;
  for (auto const& [rows, in, out] : sizes) {
    Array<float> const x(1, 1, rows, in), dy(2, 1, rows, out), b(3, 1, 1, out);
    Array<double> rx(1, 1, rows, in), rdy(2, 1, rows, out), rb(3, 1, 1, out);
    Array<float> w(4, 1, out, in), y(6, 1, rows, out), dx(7, 1, rows, in);
    Array<double> rw(4, 1, out, in), ry(6, 1, rows, out), rdx(7, 1, rows, in);
    std::vector<View<float const>> const all{w.view()};
    if (!backend.hold(all)) continue;
    Index const first = out / 3, count = out - first - out / 5;
    Array<float> part(8, 1, rows, count);
    Array<double> rpart(8, 1, rows, count);
    backend.linear(x.view(), w.view(), b.view(), y.view());
    backend.linear_input(dy.view(), w.view(), dx.view());
    backend.linear(x.view(), w.view().middle_rows(first, count), {}, part.view());
    truth.linear(rx.view(), rw.view(), rb.view(), ry.view());
    truth.linear_input(rdy.view(), rw.view(), rdx.view());
    truth.linear(rx.view(), rw.view().middle_rows(first, count), {}, rpart.view());
    auto const largest = [](View<double const> v, Index r) {
      double most = 0;
      for (Index c = 0; c < v.cols; ++c) most = std::max(most, std::abs(v(r, c)));
      return most;
    };
    double const terms = static_cast<double>(in);
    for (Index r = 0; r < rows; ++r)
      for (Index o = 0; o < out; ++o) {
        double const bound = terms * largest(rx.view(), r) * largest(rw.view(), o) / 126;
        BOOST_REQUIRE_SMALL(static_cast<double>(y.view()(r, o)) - ry.view()(r, o), bound);
        if (o >= first && o < first + count)
          BOOST_REQUIRE_SMALL(
              static_cast<double>(part.view()(r, o - first)) - rpart.view()(r, o - first), bound);
      }
    for (Index r = 0; r < rows; ++r)
      for (Index c = 0; c < in; ++c) {
        double bound = 1e-4;  // dy is not rounded
        for (Index o = 0; o < out; ++o)
          bound += std::abs(rdy.view()(r, o)) * largest(rw.view(), o) / 253;
        BOOST_REQUIRE_SMALL(static_cast<double>(dx.view()(r, c)) - rdx.view()(r, c), bound);
      }
    Array<float> const before(4, 1, out, in);
    backend.fill(w.all, 3.0F);
    backend.give(w.view());
    for (Index o = 0; o < out; ++o)
      for (Index c = 0; c < in; ++c)
        BOOST_REQUIRE_SMALL(w.view()(o, c) - before.view()(o, c),
                            static_cast<float>(largest(rw.view(), o)) / 253);
  }
}

using Finishes =
    boost::mpl::list<PackedOn<Isa::avx2>, PackedOn<Isa::avx512>, PackedOn<Isa::avx2, bf16>,
                     PackedOn<Isa::avx512, bf16>, PackedOn<Isa::avx512_bf16, bf16>,
                     PackedOn<Isa::avx512_vnni, std::int8_t>>;

BOOST_AUTO_TEST_CASE_TEMPLATE(a_product_ends_as_its_steps_one_by_one, B, Finishes) {
  B const backend;
  for (auto const& [rows, in, out] : {Size{1, 4, 1}, {9, 33, 17}, {50, 64, 49}, {13, 700, 65}}) {
    Array<float> const x(1, 1, rows, in, true), b(3, 1, 1, out), r(4, 1, rows, out, true);
    Array<float> const w(2, 1, out, in);
    std::vector<View<float const>> const all{w.view()};
    if (!backend.hold(all)) continue;
    Array<float> y(5, 1, rows, out, true), before(6, 1, rows, out, true), z(7, 1, rows, out, true);
    View<float const> const read = y.view(), stream = r.view();
    Index const first = out / 3;  // and of a view that begins inside a panel
    for (auto const& m : {w.view(), w.view().middle_rows(first, out - first)}) {
      auto const n = m.rows;
      auto const bias = b.view().middle_cols(0, n);
      backend.linear(x.view(), m, bias, y.view().middle_cols(0, n));
      backend.linear_add(x.view(), m, bias, stream.middle_cols(0, n), z.view().middle_cols(0, n));
      for (Index i = 0; i < rows; ++i)
        for (Index j = 0; j < n; ++j)
          BOOST_REQUIRE_EQUAL(z.view()(i, j), read(i, j) + stream(i, j));
      backend.template linear_activate<GeluFormula>(
          x.view(), m, bias, before.view().middle_cols(0, n), z.view().middle_cols(0, n));
      for (Index i = 0; i < rows; ++i)
        for (Index j = 0; j < n; ++j) BOOST_REQUIRE_EQUAL(before.view()(i, j), read(i, j));
      backend.template activate<GeluFormula>(read.middle_cols(0, n), y.view().middle_cols(0, n));
      for (Index i = 0; i < rows; ++i)
        for (Index j = 0; j < n; ++j) BOOST_REQUIRE_EQUAL(z.view()(i, j), read(i, j));
    }
  }
}

// With 1000 outputs every number of threads cuts them into other tasks.
template <class Weight>
void same_bits_for_all_threads(Isa isa) {
  Array<float> const x(1, 1, 230, 800), w(2, 1, 1000, 800), dy(3, 1, 230, 1000);
  std::vector<View<float const>> const all{w.view()};
  std::vector<float> forward, reverse;
  for (bool const held : {false, true})
    for (int const threads : {1, 2, 3, 5}) {
      PackedCpu<Weight> const backend(threads, isa);
      if (held && !backend.hold(all)) continue;
      Array<float> y(4, 1, 230, 1000), dx(5, 1, 230, 800);
      backend.linear(x.view(), w.view(), {}, y.view());
      backend.linear_input(dy.view(), w.view(), dx.view());
      if (threads == 1) forward = y.block, reverse = dx.block;
      BOOST_TEST(y.block == forward);
      BOOST_TEST(dx.block == reverse);
    }
}
BOOST_AUTO_TEST_CASE_TEMPLATE(results_do_not_depend_on_threads, B, Packed) {
  Isa const isa = B{}.isa();
  same_bits_for_all_threads<float>(isa);
  same_bits_for_all_threads<bf16>(isa);
  same_bits_for_all_threads<std::int8_t>(isa);
}

BOOST_AUTO_TEST_CASE(a_part_of_a_packed_matrix_must_be_whole_rows) {
  PackedOn<Isa::avx512> const backend;
  Array<float> w(1, 1, 8, 8), x(2, 1, 2, 4), y(3, 1, 2, 8);
  std::vector<View<float const>> const all{w.view()};
  if (!backend.hold(all)) return;
  BOOST_CHECK_THROW(backend.linear(x.view(), w.view().middle_cols(0, 4), {}, y.view()), InputError);
}

BOOST_AUTO_TEST_SUITE_END()
