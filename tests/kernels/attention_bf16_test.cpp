// Attention in bf16, on the matrix units as the host emulates them, against Reference<double> of
// the same rounded values: heads of every width of a tile, threads and blocks in three orders.
#include <algorithm>

#include "kernels/attention_problem.hpp"
#include "kernels/emulated_cuda.hpp"

using namespace vlpt;
using cuda::Order;
using test::Array;
using test::orders;
using test::Problem;
using test::problems;
using test::Setup;
using test::Truth;

namespace {

/// A machine that has kernels alone.
struct Kernels : cuda::HostGrid {
  using cuda::HostGrid::HostGrid;
};
using Units = cuda::AttentionPrimitives<bf16, Kernels>;

/// Arrays of a problem: what is read, what is written.
template <class T>
struct Case : Setup<T> {
  using Setup<T>::Setup;
  [[nodiscard]] auto all() {
    return std::array{&this->qkv_q, &this->kv, &this->extra, &this->out,
                      &this->d_out, &this->dq, &this->dkv,   &this->d_extra};
  }
};

void fill_alike(Case<bf16>& x, Case<double>& r) {
  for (std::size_t i = 0; i < x.all().size(); ++i)
    std::transform(x.all()[i]->block.begin(), x.all()[i]->block.end(), r.all()[i]->block.begin(),
                   [](bf16 v) { return static_cast<double>(static_cast<float>(v)); });
  r.a.scale = static_cast<double>(x.a.scale);
}

/// Whether every row is near, relative to the greatest value of its head or of the typical row;
/// what lies between rows is untouched.
void near(Array<bf16> const& found, Array<double> const& expected, Index head) {
  auto const at = [](bf16 v) { return static_cast<double>(static_cast<float>(v)); };
  double all = 0, worst = 0;
  for (double const v : expected.block) all = std::max(all, v == 99 ? 0.0 : std::abs(v));
  Stream<double> const& e = expected.all;
  std::vector<bool> inside(expected.block.size());
  for (Index b = 0; b < e.batch; ++b)
    for (Index r = 0; r < e.tokens; ++r)
      for (Index first = 0; first < e.dim; first += head) {
        View<double> const row = e.sample(b).middle_rows(r, 1).middle_cols(first, head);
        double scale = 0.05 * all, error = 0;
        for (Index c = 0; c < head; ++c) {
          auto const i = static_cast<std::size_t>(row.data + c - expected.block.data());
          inside[i] = true;
          scale = std::max(scale, std::abs(row(0, c)));
          double const d = std::abs(at(found.block[i]) - row(0, c));
          if (!(d <= error)) error = d;
        }
        if (!(error <= worst * scale)) worst = error / scale;
      }
  BOOST_TEST(worst <= 0.02);
  for (std::size_t i = 0; i < inside.size(); ++i)
    if (!inside[i]) BOOST_REQUIRE(at(found.block[i]) == expected.block[i]);
}

bool same_bits(Array<bf16> const& x, Array<bf16> const& y) {
  return std::equal(x.block.begin(), x.block.end(), y.block.begin(), y.block.end(),
                    [](bf16 a, bf16 b) { return a.bits == b.bits; });
}

void run(Units const& units, Case<bf16>& x, bool own, bool extras) {
  units.attend(x.a, x.out.all, x.room(units));
  units.attend_reverse(x.a, x.d_out.all, x.gradients(own, extras), x.room(units));
}

void check(Problem const& p, bool own, bool extras) {
  BOOST_TEST_CONTEXT("head " << p.dim / p.heads << ", queries " << p.queries << ", keys " << p.keys
                             << ", extra " << p.extra << " of " << p.extra_batch
                             << (p.masked ? ", masked" : "") << (p.padded ? ", padded" : "")
                             << (p.causal ? ", causal" : "")) {
    Case<bf16> x(p);
    Case<double> r(p);
    fill_alike(x, r);
    Truth{}.attend(r.a, r.out.all, r.room(Truth{}));
    Truth{}.attend_reverse(r.a, r.d_out.all, r.gradients(own, extras), r.room(Truth{}));
    run(Units(Kernels(Order::forward)), x, own, extras);
    for (std::size_t i = 0; i < x.all().size(); ++i) BOOST_TEST_CONTEXT("array " << i) {
        near(*x.all()[i], *r.all()[i], p.dim / p.heads);
      }
    for (Order const order : {Order::backward, Order::shuffled}) {
      Case<bf16> y(p);
      run(Units(Kernels(order)), y, own, extras);
      for (std::size_t i = 0; i < x.all().size(); ++i)
        BOOST_TEST(same_bits(*x.all()[i], *y.all()[i]));
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(attention_bf16)

BOOST_AUTO_TEST_CASE(agrees_with_the_truth) {
  for (Problem const& p : problems())
    for (auto const& [own, extras] :
         {std::pair{true, true}, std::pair{true, false}, std::pair{false, true}})
      check(p, own, extras);
}

// Several tiles of queries and of keys, extra rows that begin within a tile of keys.
BOOST_AUTO_TEST_CASE(heads_of_every_width) {
  for (Index const head : {32, 40, 64, 96, 128}) {
    check({2, 2, 2 * head, 70, 130, 5, 1, false, false}, true, true);
    check({2, 1, head, 20, 66, 70, 2, true, true}, true, true);
    check({1, 2, 2 * head, 67, 67, 0, 1, false, false, true}, true, false);
    check({4, 1, head, 3, 62, 4, 3, true, false, true, true}, false, true);
  }
}

// Rows of which some can be read 16 bytes at a time, heads of which the second one can not.
BOOST_AUTO_TEST_CASE(heads_between_packs) {
  check({2, 2, 24, 5, 7, 3, 1, false, false}, true, true);
}

// Extra rows, gradients or results that lie further apart than the rest change no bit.
BOOST_AUTO_TEST_CASE(rows_of_unlike_strides) {
  Problem const p{2, 2, 80, 70, 60, 40, 1, false, false};
  Problem apart = p;
  apart.padded = true;
  Case<bf16> dense(p), wide(apart);
  run(Units(), dense, true, true);
  auto const agrees = [&](Case<bf16>& x, Array<bf16> const& out, Array<bf16> const& dq) {
    auto const equal = [](Stream<bf16> a, Stream<bf16> b) {
      bool same = true;
      for (Index i = 0; i < a.size(); ++i) {
        Index const c = i % a.dim, r = i / a.dim % a.tokens, n = i / a.dim / a.tokens;
        same = same && a.sample(n)(r, c).bits == b.sample(n)(r, c).bits;
      }
      return same;
    };
    BOOST_TEST(equal(out.all, dense.out.all));
    BOOST_TEST(equal(dq.all, dense.dq.all));
    BOOST_TEST(equal(x.dkv.all, dense.dkv.all));
  };
  Case<bf16> x(p);
  x.a.extra_key = wide.a.extra_key, x.a.extra_value = wide.a.extra_value;
  run(Units(), x, true, false);
  agrees(x, x.out, x.dq);
  Case<bf16> y(p), z(p);
  Units().attend(y.a, wide.out.all, y.room(Units()));
  Units().attend_reverse(y.a, wide.d_out.all, y.gradients(true, false), y.room(Units()));
  agrees(y, wide.out, y.dq);
  AttentionGradients<bf16> g = z.gradients(true, false);
  g.query = wide.dq.all;
  Units().attend_reverse(z.a, z.d_out.all, g, z.room(Units()));
  agrees(z, wide.out, wide.dq);
}

// The last sample sees nothing: its rows are zeros, not what little a wrong weight would give.
BOOST_AUTO_TEST_CASE(all_keys_masked_give_zeros) {
  Case<bf16> x({2, 2, 80, 3, 4, 0, 1, true, false});
  run(Units(), x, true, false);
  for (auto const* y : {&x.out, &x.dq, &x.dkv})
    for (Index r = 0; r < y->all.tokens; ++r)
      for (Index c = 0; c < y->all.dim; ++c)
        BOOST_TEST(static_cast<float>(y->all.sample(1)(r, c)) == 0);
}

// Softmax is invariant to a shift of all scores: large scores must not overflow.
BOOST_AUTO_TEST_CASE(large_scores_are_safe) {
  Case<bf16> x({1, 1, 32, 3, 70, 2, 1, false, false});
  x.a.scale = 1e4F;
  run(Units(), x, true, true);
  for (auto const* y : {&x.out, &x.dq, &x.dkv})
    for (bf16 const v : y->block) BOOST_TEST(std::isfinite(static_cast<float>(v)));
}

BOOST_AUTO_TEST_SUITE_END()
