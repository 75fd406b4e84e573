// What is passed to cuBLASLt, shown on the host: products by columns as BLAS defines them, against
// Reference; what is chosen once; the order in which pinned memory is written again.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <set>

#include "kernels/arrays.hpp"
#include "vlpt/kernels/cuda/chosen.hpp"
#include "vlpt/kernels/cuda/placed.hpp"
#include "vlpt/kernels/cuda/ring_order.hpp"

using namespace vlpt;
using cuda::ColumnProduct;
using cuda::Columns;
using test::Array;
using test::same;
using test::Truth;

namespace {

double tanh_gelu(double x) {
  return x / 2 * (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x)));
}

/// d = op(a) op(b) + c + bias by the definition of BLAS: element (i, j) is data[i + j ld]; and its
/// GELU.
void by_columns(ColumnProduct<double> const& p) {
  auto const at = [](auto const& m, bool turned, Index i, Index j) {
    return turned ? m.data[j + i * m.ld] : m.data[i + j * m.ld];
  };
  BOOST_REQUIRE(p.depth() == (p.turns_b ? p.b.cols : p.b.rows));
  BOOST_REQUIRE(p.d.rows == (p.turns_a ? p.a.cols : p.a.rows));
  BOOST_REQUIRE(p.d.cols == (p.turns_b ? p.b.rows : p.b.cols));
  BOOST_REQUIRE((!p.adds() || (p.c.rows == p.d.rows && p.c.cols == p.d.cols)));
  for (auto const& m : {p.a, p.b}) BOOST_REQUIRE(m.ld >= m.rows);
  BOOST_REQUIRE(p.d.ld >= p.d.rows);
  for (Index i = 0; i < p.d.rows; ++i)
    for (Index j = 0; j < p.d.cols; ++j) {
      double sum = p.adds() ? p.c.data[i + j * p.c.ld] : 0;
      if (p.bias != nullptr) sum += p.bias[i];
      for (Index k = 0; k < p.depth(); ++k)
        sum += at(p.a, p.turns_a, i, k) * at(p.b, p.turns_b, k, j);
      if (p.before.data != nullptr) p.before.data[i + j * p.before.ld] = sum;
      p.d.data[i + j * p.d.ld] = p.gelu ? tanh_gelu(sum) : sum;
    }
}

/// A stream of the host whose products end in a GELU, if it is told so.
struct GeluStream : cuda::HostStream<double> {
  using Graph = cuda::LaunchList<GeluStream>;
  bool ends;
  explicit GeluStream(bool e) : HostStream(cuda::Order::forward), ends(e) {}
  using HostStream::launch;
  void launch(Graph const& graph) const { graph.run(*this); }
  [[nodiscard]] Graph capture(Graph const& list) const { return list; }
  [[nodiscard]] bool ends_in_gelu(View<double const>, View<double const>, View<double const>,
                                  View<double>, View<double>) const {
    return ends;
  }
  void linear_gelu(View<double const> x, View<double const> w, View<double const> b,
                   View<double> before, View<double> y) const {
    by_columns(cuda::gelu_product(x, w, b, before, y));
  }
};

struct Shape {
  Index rows, in, out;
};
constexpr Shape shapes[]{{1, 1, 1}, {1, 33, 7}, {3, 5, 1}, {67, 31, 17}, {20, 24, 72}};

}  // namespace

BOOST_AUTO_TEST_SUITE(cuda_products)

BOOST_AUTO_TEST_CASE(products_by_columns_are_those_of_views) {
  Truth const truth;
  for (auto const& [n, in, out] : shapes)
    for (bool const padded : {false, true}) {
      Array<double> const x(1, 1, n, in, padded), w(2, 1, out, in, padded), b(3, 1, 1, out),
          r(4, 1, n, out, !padded), dy(5, 1, n, out, padded);
      View<double const> const xv = x.view(), wv = w.view(), bv = b.view(), rv = r.view(),
                               dyv = dy.view();
      Array<double> y(6, 1, n, out, padded), ry(6, 1, n, out, padded);
      by_columns(cuda::linear_product(xv, wv, bv, {}, y.view()));
      truth.linear(xv, wv, bv, ry.view());
      same(y, ry);
      by_columns(cuda::linear_product(xv, wv, {}, rv, y.view()));
      truth.linear_add(xv, wv, {}, rv, ry.view());
      same(y, ry);
      by_columns(
          cuda::linear_product(xv, wv, bv, View<double const>(y.view()), y.view()));  // r is y
      truth.linear_add(xv, wv, bv, ry.view(), ry.view());
      same(y, ry, 4);
      // The GELU of cuBLASLt is the tanh form, which is not that of the models: near, no more.
      Array<double> before(9, 1, n, out, !padded), rbefore(9, 1, n, out, !padded);
      by_columns(cuda::gelu_product(xv, wv, bv, before.view(), y.view()));
      truth.linear_activate<GeluFormula>(xv, wv, bv, rbefore.view(), ry.view());
      same(before, rbefore);
      same(y, ry, 5e8);
      by_columns(cuda::gelu_product(xv, wv, {}, {}, y.view()));
      truth.linear_activate<GeluFormula>(xv, wv, {}, {}, ry.view());
      same(y, ry, 5e8);
      Array<double> dx(7, 1, n, in, !padded), rdx(7, 1, n, in, !padded), dw(8, 1, out, in, padded),
          rdw(8, 1, out, in, padded);
      by_columns(cuda::input_product(dyv, wv, dx.view()));
      truth.linear_input(dyv, wv, rdx.view());
      same(dx, rdx);
      by_columns(cuda::weight_product(dyv, xv, dw.view()));
      truth.linear_weight(dyv, xv, rdw.view(), {});
      same(dw, rdw);
    }
}

BOOST_AUTO_TEST_CASE(a_machine_may_end_products_in_a_gelu) {
  Array<double> const x(1, 1, 5, 7), w(2, 1, 3, 7), b(3, 1, 1, 3);
  auto const run = [&](bool ends, auto formula) {
    using F = decltype(formula);
    PlacingPrimitives<double, cuda::ListingMachine<double, GeluStream>> const backend(
        cuda::ListingMachine<double, GeluStream>(GeluStream(ends), true));
    Array<double> y(4, 1, 5, 3), ry(4, 1, 5, 3), before(5, 1, 5, 3), rbefore(5, 1, 5, 3);
    backend.linear_activate<F>(x.view(), w.view(), b.view(), before.view(), y.view());
    Truth{}.linear_activate<F>(x.view(), w.view(), b.view(), rbefore.view(), ry.view());
    same(before, rbefore);
    double apart = 0;
    for (Index i = 0; i < 15; ++i)
      apart = std::max(apart, std::abs(y.view()(i / 3, i % 3) - ry.view()(i / 3, i % 3)));
    return apart;
  };
  BOOST_TEST(run(true, GeluFormula{}) < 5e-4);
  BOOST_TEST(run(true, GeluFormula{}) > 1e-6);
  BOOST_TEST(run(false, GeluFormula{}) < 1e-14);
  BOOST_TEST(run(true, QuickGeluFormula{}) < 1e-14);
}

BOOST_AUTO_TEST_CASE(each_product_is_chosen_once) {
  alignas(256) static std::array<float, 4096> memory;
  float* const m = memory.data();
  auto const key = [&](Index n, Index stride, float* x, float* r, float* b) {
    return key_of(cuda::linear_product(View<float const>(x, n, 8, stride),
                                       View<float const>(m, 4, 8), View<float const>(b, 1, 4),
                                       View<float const>(r, n, 4), View<float>(m + 1024, n, 4)));
  };
  float* const none = nullptr;
  std::vector<cuda::ProductKey> const different{
      key(3, 8, m, none, none),     key(4, 8, m, none, none),     key(3, 9, m, none, none),
      key(3, 8, m + 1, none, none), key(3, 8, m, m + 1024, none), key(3, 8, m, m + 2048, none),
      key(3, 8, m, none, m + 64),   key(3, 8, m, none, m + 65)};
  cuda::Chosen<std::size_t> chosen;
  std::size_t chosen_so_far = 0;
  for (int time = 0; time < 2; ++time)
    for (std::size_t i = 0; i < different.size(); ++i)
      BOOST_TEST(chosen.of(different[i], [&] { return chosen_so_far++; }) == i);
  BOOST_TEST(chosen_so_far == different.size());
  BOOST_TEST(chosen.size() == different.size());
  // The same layout elsewhere, and the stride of a single row, are nothing new.
  BOOST_TEST((key(3, 8, m + 64, none, none) == different[0]));
  BOOST_TEST((key(1, 8, m, none, none) == key(1, 20, m, none, none)));
  BOOST_TEST(cuda::alignment_of(m) == 256);
  BOOST_TEST(cuda::alignment_of(m + 3) == 4);
  BOOST_TEST(cuda::alignment_of(none) == 0);
}

// A device that reads what was written long ago: nothing may be written again that it has not read.
BOOST_AUTO_TEST_CASE(a_ring_is_written_again_only_when_it_was_read) {
  constexpr std::size_t segment = 1024, segments = 4;
  cuda::RingOrder order(segment, segments);
  struct Use {
    std::size_t first, last;
    bool read;
  };
  std::vector<Use> uses;
  std::array<std::size_t, segments> marked{};  // uses that were asked for when it was marked
  std::size_t waits = 0;
  std::set<std::size_t> places;
  for (std::uint64_t i = 0; i < 400; ++i) {
    std::size_t const bytes =
        1 + static_cast<std::size_t>(Random{7, 1}.below(i, i % 50 == 49 ? 4096 : 900));
    std::size_t const place = order.take(
        bytes,
        [&](std::size_t s) {
          ++waits;
          for (std::size_t u = 0; u < marked[s]; ++u) uses[u].read = true;
        },
        [&](std::size_t s) { marked[s] = uses.size(); });
    BOOST_REQUIRE(place % cuda::RingOrder::alignment == 0);
    BOOST_REQUIRE(place + bytes <= order.size());
    bool overwritten = false;
    for (Use const& u : uses)
      overwritten = overwritten || (!u.read && u.first < place + bytes && place < u.last);
    BOOST_REQUIRE(!overwritten);
    uses.push_back({place, place + bytes, false});
    places.insert(place);
  }
  BOOST_TEST(waits < 400U);  // a segment at a time, not each use
  BOOST_TEST(places.size() > 8U);
}

BOOST_AUTO_TEST_CASE(arrays_of_an_attention_are_placed) {
  std::vector<unsigned char> const mask(2 * 4 * 3, 1);
  std::vector<Index> const tasks{2, 0}, counts{3, 1, 2};
  Attention<float> a;
  a.query = {nullptr, 4, 5, 8}, a.key = {nullptr, 4, 7, 8};
  a.extra_key = {nullptr, 3, 3, 8};
  a.key_mask = mask.data(), a.mask_first = 1;
  a.sets = {{tasks.data(), 2}, true, counts.data()};
  std::vector<std::pair<void const*, Index>> asked;
  std::vector<Index> room(16);
  auto const place = [&]<class U>(U const* here, Index count) {
    asked.emplace_back(here, count);
    std::copy_n(here, count, reinterpret_cast<U*>(room.data()));
    return reinterpret_cast<U*>(room.data());
  };
  auto const there = cuda::placed(a, place);
  std::vector<std::pair<void const*, Index>> const expected{
      {mask.data(), 4 * 6}, {counts.data(), 3}, {tasks.data(), 2}};
  BOOST_TEST((asked == expected));
  BOOST_TEST((there.key_mask == reinterpret_cast<unsigned char*>(room.data())));
  BOOST_TEST((there.sets.counts == room.data() && there.sets.tasks.task == room.data()));
  Attention<float> plain = a;
  plain.key_mask = nullptr, plain.sets = {};
  asked.clear();
  BOOST_TEST((cuda::placed(plain, place).sets.tasks.task == nullptr));
  BOOST_TEST(asked.empty());
}

BOOST_AUTO_TEST_SUITE_END()
