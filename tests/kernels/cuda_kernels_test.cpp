// The device's kernels on the host, against Reference<double>: shapes of many blocks, rows that are
// read 16 bytes at a time and rows that are not, threads and blocks in three orders.
#include <algorithm>

#include "kernels/attention_problem.hpp"
#include "kernels/emulated_cuda.hpp"

using namespace vlpt;
using cuda::Order;
using test::Array;
using test::orders;
using test::Problem;
using test::same;
using test::Truth;

namespace {

struct Shape {
  Index batch, tokens, dim;
  bool padded;
};
// One element; wide rows of many packs; many rows; an odd width; nothing.
constexpr Shape shapes[]{{1, 1, 1, false},   {2, 3, 1028, false}, {1, 1100, 12, false},
                         {3, 70, 31, false}, {3, 70, 31, true},   {9, 33, 8, false},
                         {2, 40, 260, true}, {2, 0, 4, false},    {0, 3, 4, false}};

/// Operands of every kind that a primitive has, filled alike in any scalar.
template <class T>
struct Operands {
  Array<T> x, y, z, one, gamma, beta, row, stats, column, scalar, means;
  explicit Operands(Shape const& s)
      : x(1, s.batch, s.tokens, s.dim, s.padded),
        y(2, s.batch, s.tokens, s.dim, s.padded),
        z(3, s.batch, s.tokens, s.dim, s.padded),
        one(4, 1, s.tokens, s.dim, s.padded),
        gamma(5, 1, 1, s.dim),
        beta(6, 1, 1, s.dim),
        row(11, 1, 1, s.dim),
        stats(7, 1, s.tokens, 2, s.padded),
        column(8, 1, s.tokens, 1, s.padded),
        scalar(9, 1, 1, 1),
        means(10, 1, s.batch, s.dim, s.padded) {}
  [[nodiscard]] auto all() const {
    return std::array{&x, &y, &z, &one, &gamma, &beta, &row, &stats, &column, &scalar, &means};
  }
};

/// work(backend, operands) agrees with the truth for every shape, and has the same bits whatever
/// the order of threads and blocks.
template <class T, class Work>
void check(Work const& work, double scale) {
  for (Shape const& s : shapes)
    BOOST_TEST_CONTEXT(s.batch << " x " << s.tokens << " x " << s.dim
                               << (s.padded ? ", padded" : "")) {
      Operands<double> expected(s);
      work(Truth{}, expected);
      Operands<T> first(s);
      work(EmulatedCuda<T>(cuda::HostMachine<T>(Order::forward)), first);
      for (std::size_t i = 0; i < first.all().size(); ++i)
        same(*first.all()[i], *expected.all()[i], scale);
      for (Order const order : {Order::backward, Order::shuffled}) {
        Operands<T> found(s);
        work(EmulatedCuda<T>(cuda::HostMachine<T>(order)), found);
        for (std::size_t i = 0; i < found.all().size(); ++i)
          BOOST_TEST((found.all()[i]->block == first.all()[i]->block));
      }
    }
}
template <class Work>
void check(Work const& work, double scale = 1) {
  check<float>(work, scale);
  check<double>(work, scale);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cuda_kernels)

// Several primitives in a row, none of which hides what another one wrote.
BOOST_AUTO_TEST_CASE(elements) {
  check(
      [](auto const& b, auto& o) {
        b.fill(o.z.all, 0.5F);
        b.copy(o.one.all, o.y.all);
        b.add(o.x.all, o.y.all);
        if (o.x.all.batch > 0) b.add(o.one.all, o.y.all), b.add(o.x.all, o.one.all);
        b.scale_by(o.scalar.view(), o.x.all, o.x.all);
        b.copy(o.x.all, o.x.all);
      },
      10);
  check(
      [](auto const& b, auto& o) {
        b.scale(0.25F, o.y.all);
        b.add_scaled(o.scalar.view(), o.x.all, o.y.all);
        b.copy(o.y.all, o.z.all);
        b.dropout(Random{5, 6}, 0.3, o.x.all.tokens + 4, 2, o.one.all, o.x.all);
        b.scale_rows(o.column.view(), o.one.view(), o.one.view());
        b.mean_rows_reverse(o.means.view(), o.y.all);
      },
      10);
}

BOOST_AUTO_TEST_CASE(rows) {
  check(
      [](auto const& b, auto& o) {
        if (o.x.all.tokens > 0) b.mean_rows(o.x.all, o.means.view());
        b.row_max(o.one.view(), o.column.view());
        b.dot(o.x.all, o.y.all, o.scalar.view());
        b.layer_norm(o.one.view(), o.gamma.view(), o.beta.view(), 1e-3, o.one.view(),
                     o.stats.view());
      },
      40);
  check(
      [](auto const& b, auto& o) {
        b.linear_weight(o.one.view(), o.one.view(), {}, o.beta.view());
        if (o.x.all.batch == 0) return;
        b.layer_norm_reverse(o.one.view(), o.x.view(), o.stats.view(), o.gamma.view(), o.y.view(),
                             o.row.view(), o.beta.view());
        b.softmax(o.one.view(), o.one.view());
        b.softmax_reverse(o.x.view(), o.one.view(), o.x.view());
      },
      400);
  check(
      [](auto const& b, auto& o) {
        if (o.x.all.batch == 0) return;
        b.unit_rows_reverse(o.x.view(), o.y.view(), o.column.view(), o.x.view());
        b.unit_rows(o.y.view(), o.z.view(), o.column.view());
      },
      4000);
}

// Sums of no products: a machine is not asked for them.
BOOST_AUTO_TEST_CASE(products_of_nothing) {
  check([](auto const& b, auto& o) {
    auto const none = o.one.view().middle_cols(0, 0), weights = o.gamma.view().middle_cols(0, 0);
    auto const y = o.means.view(), r = o.one.view();
    if (y.empty() || r.empty()) return;
    b.linear(none, weights, o.scalar.view(), o.column.view());
    b.linear(none, weights, {}, o.stats.view().middle_cols(1, 1));
    b.linear_add(none, weights, o.scalar.view(), r.middle_cols(0, 1), o.z.view().middle_cols(0, 1));
    b.linear_input(none, o.gamma.view().middle_rows(0, 0), o.y.view());
    b.linear_weight(none, none, {}, o.beta.view().middle_cols(0, 0));
  });
}

BOOST_AUTO_TEST_CASE(rows_by_index) {
  for (Index const different : {1, 7, 70}) {
    auto const index = [different](Index count, Index tokens) {
      std::vector<Index> at;
      for (Index i = 0; i < count; ++i) at.push_back(i * i % different % tokens);
      return at;
    };
    check(
        [&](auto const& b, auto& o) {
          if (o.x.all.empty()) return;
          auto const at = index(o.x.all.rows(), o.x.all.tokens);
          b.gather(o.one.all, at.data(), o.y.all);
          b.scatter_add(o.x.all, at.data(), o.z.all);
          b.scatter_add(o.x.all, at.data(), o.one.all);
        },
        40);
  }
}

namespace {

/// Attention of heads that fill a tile or do not, of several tiles of queries and of keys.
template <class T>
void attention_agrees(Problem const& p) {
  test::Setup<double> expected(p);
  Truth{}.attend(expected.a, expected.out.all, expected.room(Truth{}));
  Truth{}.attend_reverse(expected.a, expected.d_out.all, expected.gradients(true, true),
                         expected.room(Truth{}));
  test::Setup<T> first(p);
  for (Order const order : orders) {
    EmulatedCuda<T> const backend{cuda::HostMachine<T>(order)};
    test::Setup<T> found(p);
    test::Setup<T>& kept = order == Order::forward ? first : found;
    backend.attend(kept.a, kept.out.all, kept.room(backend));
    backend.attend_reverse(kept.a, kept.d_out.all, kept.gradients(true, true), kept.room(backend));
    same(kept.out, expected.out, 4);
    same(kept.dq, expected.dq, 40), same(kept.dkv, expected.dkv, 40);
    same(kept.d_extra, expected.d_extra, 40);
    BOOST_TEST((kept.out.block == first.out.block && kept.dq.block == first.dq.block));
    BOOST_TEST((kept.dkv.block == first.dkv.block && kept.d_extra.block == first.d_extra.block));
  }
}

/// Each thread takes what its neighbour wrote within the same phase, or in the one before.
template <bool waits>
struct Neighbour {
  static constexpr int threads = 64;
  struct Shared {
    float at[threads];
  };
  float* to;
  [[nodiscard]] constexpr Index blocks() const { return 1; }
  template <class Block>
  constexpr void operator()(Block const& block, Shared& shared) const {
    auto const write = [&](int t) { shared.at[t] = static_cast<float>(t); };
    auto const read = [&](int t) { to[t] = shared.at[(t + 1) % threads]; };
    if constexpr (waits)
      block.each(write), block.each(read);
    else
      block.each([&](int t) { write(t), read(t); });
  }
};

template <bool waits>
std::vector<float> neighbours(Order order) {
  std::vector<float> found(64);
  cuda::HostGrid(order).launch(Neighbour<waits>{found.data()});
  return found;
}

}  // namespace

BOOST_AUTO_TEST_CASE(attention_in_tiles) {
  for (bool const masked : {false, true}) {
    std::vector<Problem> const problems{{2, 2, 128, 70, 197, 5, 1, masked, false},
                                        {2, 1, 100, 65, 63, 66, 2, masked, true},
                                        {1, 2, 64, 130, 131, 0, 1, masked, false, true},
                                        {3, 1, 24, 1, 64, 4, 3, masked, false, false, true}};
    for (Problem const& p : problems)
      BOOST_TEST_CONTEXT("dim " << p.dim << ", queries " << p.queries << ", keys " << p.keys) {
        attention_agrees<float>(p), attention_agrees<double>(p);
      }
  }
}

BOOST_AUTO_TEST_CASE(a_race_within_a_phase_shows) {
  BOOST_TEST((neighbours<true>(Order::forward) == neighbours<true>(Order::backward)));
  BOOST_TEST((neighbours<true>(Order::forward) == neighbours<true>(Order::shuffled)));
  BOOST_TEST((neighbours<false>(Order::forward) != neighbours<false>(Order::backward)));
  BOOST_TEST((neighbours<false>(Order::forward) != neighbours<false>(Order::shuffled)));
}

// What the smallest of the devices, sm_80, gives a block.
template <class T, int D>
constexpr bool fits() {
  using A = Attention<T>;
  constexpr std::size_t most = std::size_t{163} << 10;
  return sizeof(typename cuda::Attend<T, D, A>::Shared) <= most &&
         sizeof(typename cuda::AttendReverseQuery<T, D, A>::Shared) <= most &&
         sizeof(typename cuda::AttendReverseKey<T, D, A>::Shared) <= most;
}
static_assert(fits<float, 32>() && fits<float, 64>() && fits<float, 128>());
static_assert(fits<double, 32>() && fits<double, 64>() && fits<double, 128>());

BOOST_AUTO_TEST_CASE(heads_beyond_a_tile_are_refused) {
  test::Setup<float> x({1, 1, 130, 2, 2, 0, 1, false, false});
  EmulatedCuda<float> const backend;
  BOOST_CHECK_THROW(backend.attend(x.a, x.out.all, x.room(backend)), Error);
}

BOOST_AUTO_TEST_SUITE_END()
