#include "vlpt/kernels/attention.hpp"

#include "kernels/attention_problem.hpp"
#include "vlpt/kernels/counting.hpp"

using namespace vlpt;
using test::Array;
using test::Backends;
using test::close;
using test::counts;
using test::Problem;
using test::problems;
using test::rounding;
using test::same;
using test::Setup;
using test::tasks;
using test::Truth;

BOOST_AUTO_TEST_SUITE(attention)

BOOST_AUTO_TEST_CASE_TEMPLATE(agrees_with_the_truth, B, Backends) {
  using T = typename B::Scalar;
  B const backend;
  for (Problem const& p : problems())
    BOOST_TEST_CONTEXT("queries " << p.queries << ", keys " << p.keys << ", extra " << p.extra
                                  << " of " << p.extra_batch << (p.masked ? ", masked" : "")) {
      for (auto const& [own, extras] :
           {std::pair{true, true}, std::pair{true, false}, std::pair{false, true}}) {
        Setup<T> x(p);
        Setup<double, T> r(p);
        backend.attend(x.a, x.out.all, x.room(backend));
        Truth{}.attend(r.a, r.out.all, r.room(Truth{}));
        same(x.out, r.out);
        backend.attend_reverse(x.a, x.d_out.all, x.gradients(own, extras), x.room(backend));
        Truth{}.attend_reverse(r.a, r.d_out.all, r.gradients(own, extras), r.room(Truth{}));
        same(x.dq, r.dq, 10);
        same(x.dkv, r.dkv, 10);
        same(x.d_extra, r.d_extra, 10);
      }
    }
}

// A causal query is an ordinary one over the keys that it sees, and all extra rows.
BOOST_AUTO_TEST_CASE_TEMPLATE(causal_queries_see_what_came_before, B, Backends) {
  using T = typename B::Scalar;
  B const backend;
  Setup<T> x({2, 2, 6, 3, 5, 2, 1, false, false, true});
  backend.attend(x.a, x.out.all, x.room(backend));
  for (Index i = 0; i < 3; ++i) {
    Setup<T> one({2, 2, 6, 1, 3 + i, 2, 1, false, false});
    one.a.query = x.a.query.range(i, 1);
    one.a.key = x.a.key.range(0, 3 + i), one.a.value = x.a.value.range(0, 3 + i);
    one.a.extra_key = x.a.extra_key, one.a.extra_value = x.a.extra_value;
    backend.attend(one.a, one.out.all, one.room(backend));
    for (Index b = 0; b < 2; ++b)
      for (Index c = 0; c < 6; ++c)
        BOOST_TEST(close(one.out.all.sample(b)(0, c), x.out.all.sample(b)(i, c), 1e-6));
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(keys_before_the_mask_are_attended_to, B, Backends) {
  using T = typename B::Scalar;
  B const backend;
  Setup<T> all({3, 2, 10, 5, 7, 0, 1, true, false}), rest({3, 2, 10, 5, 7, 0, 1, true, false});
  rest.mask.clear();  // keeps its memory
  for (std::size_t i = 0; i < all.mask.size(); ++i)
    if (i % 7 < 2)
      all.mask[i] = 1;
    else
      rest.mask.push_back(all.mask[i]);
  rest.a.mask_first = 2;
  backend.attend(all.a, all.out.all, all.room(backend));
  backend.attend(rest.a, rest.out.all, rest.room(backend));
  for (Index b = 0; b < 3; ++b)
    for (Index i = 0; i < 5; ++i)
      for (Index c = 0; c < 10; ++c)
        // but for where the memory lies: Eigen adds up in another order there
        BOOST_TEST(close(all.out.all.sample(b)(i, c), rest.out.all.sample(b)(i, c), 1e-6));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(all_keys_masked_give_zeros, B, Backends) {
  using T = typename B::Scalar;
  B const backend;
  Setup<T> x({2, 2, 6, 3, 4, 0, 1, true, false});  // the last sample sees nothing
  backend.attend(x.a, x.out.all, x.room(backend));
  backend.attend_reverse(x.a, x.d_out.all, x.gradients(true, false), x.room(backend));
  for (Index i = 0; i < 3; ++i)
    for (Index c = 0; c < 6; ++c) {
      BOOST_TEST(x.out.all.sample(1)(i, c) == T(0));
      BOOST_TEST(x.dq.all.sample(1)(i, c) == T(0));
      BOOST_TEST(x.dkv.all.sample(1)(i, c) == T(0));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(shared_extra_rows_are_rows_of_every_sample, B, Backends) {
  using T = typename B::Scalar;
  B const backend;
  Setup<T> x({2, 2, 6, 3, 4, 2, 1, false, false});
  backend.attend(x.a, x.out.all, x.room(backend));
  Setup<T> longer({2, 2, 6, 3, 6, 0, 1, false, false});
  for (Index b = 0; b < 2; ++b)
    for (Index r = 0; r < 6; ++r)
      for (Index c = 0; c < 12; ++c)
        longer.kv.all.sample(b)(r, c) =
            r < 4 ? x.kv.all.sample(b)(r, c) : x.extra.all.sample(0)(r - 4, c);
  backend.attend(longer.a, longer.out.all, longer.room(backend));
  for (Index i = 0; i < 6; ++i)
    for (Index c = 0; c < 6; ++c)
      BOOST_TEST(close(x.out.all.flat()(i, c), longer.out.all.flat()(i, c), 1e-6));
}

// methods.md 6.6: attention to keys and prompts together is (1 - a) of that to the keys and a of
// that to the prompts, a being the prompts' share of the sum of exponentials.
BOOST_AUTO_TEST_CASE_TEMPLATE(softmax_splits, B, Backends) {
  using T = typename B::Scalar;
  B const backend;
  Problem const p{2, 2, 6, 3, 4, 2, 1, false, false};
  Setup<T> joint(p), keys(p);
  keys.a.extra_key = keys.a.extra_value = {};
  for (auto* x : {&joint, &keys}) backend.attend(x->a, x->out.all, x->room(backend));
  for (Index b = 0; b < 2; ++b) {  // the prompts are shared: a sample at a time
    Setup<T> one(p);
    one.a.query = {joint.a.query.sample(b), 1};
    one.a.key = joint.a.extra_key, one.a.value = joint.a.extra_value;
    one.a.extra_key = one.a.extra_value = {};
    backend.attend(one.a, Stream<T>(one.out.all.sample(b), 1), one.room(backend));
    for (Index i = 0; i < 3; ++i)
      for (Index c = 0; c < 6; ++c) {
        Index const h = c / 3 * 3;
        auto const mass = [&](View<T const> k) {
          double sum = 0;
          for (Index j = 0; j < k.rows; ++j) {
            double score = 0;
            for (Index d = h; d < h + 3; ++d)
              score +=
                  static_cast<double>(joint.a.query.sample(b)(i, d)) * static_cast<double>(k(j, d));
            sum += std::exp(static_cast<double>(joint.a.scale) * score);
          }
          return sum;
        };
        double const own = mass(joint.a.key.sample(b)), extra = mass(joint.a.extra_key.sample(0));
        double const share = extra / (own + extra);
        double const wanted = (1 - share) * static_cast<double>(keys.out.all.sample(b)(i, c)) +
                              share * static_cast<double>(one.out.all.sample(b)(i, c));
        BOOST_TEST(std::abs(static_cast<double>(joint.out.all.sample(b)(i, c)) - wanted) <
                   rounding<T>(std::is_same_v<T, float> ? 1e-6 : 1e-14));
      }
  }
}

// Softmax is invariant to a shift of all scores: large scores must not overflow.
BOOST_AUTO_TEST_CASE_TEMPLATE(large_scores_are_safe, B, Backends) {
  using T = typename B::Scalar;
  B const backend;
  Setup<T> x({1, 1, 4, 3, 5, 2, 1, false, false});
  x.a.scale = Sum<T>(1e4);
  backend.attend(x.a, x.out.all, x.room(backend));
  for (Index i = 0; i < 3; ++i)
    for (Index c = 0; c < 4; ++c) BOOST_TEST(std::isfinite(x.out.all.sample(0)(i, c)));
}

BOOST_AUTO_TEST_CASE(the_reverse_is_the_slope_of_the_forward) {
  Truth const backend;
  for (Problem const& p : problems()) {
    if (p.queries > 100) continue;
    Setup<double> x(p);
    auto const value = [&] {
      backend.attend(x.a, x.out.all, x.room(backend));
      double sum = 0;
      for (Index b = 0; b < p.batch; ++b)
        for (Index i = 0; i < p.queries; ++i)
          for (Index c = 0; c < p.dim; ++c)
            sum += x.out.all.sample(b)(i, c) * x.d_out.all.sample(b)(i, c);
      return sum;
    };
    backend.fill(x.d_extra.all, 0);
    backend.attend_reverse(x.a, x.d_out.all, x.gradients(true, true), x.room(backend));
    for (auto const& [value_of, slope_of] :
         {std::pair{&x.qkv_q, &x.dq}, {&x.kv, &x.dkv}, {&x.extra, &x.d_extra}}) {
      if (value_of->all.empty()) continue;
      double& place = value_of->all.sample(0)(0, value_of->all.dim - 1);
      double const h = 1e-5, base = place;
      place = base + h;
      double const up = value();
      place = base - h;
      double const down = value();
      place = base;
      BOOST_TEST(std::abs((up - down) / (2 * h) -
                          slope_of->all.sample(0)(0, value_of->all.dim - 1)) < 1e-8);
    }
  }
}

// A sample reads its task's extra rows, as many as that one has, and adds to their gradient.
BOOST_AUTO_TEST_CASE_TEMPLATE(each_sample_reads_the_rows_of_its_task, B, Backends) {
  using T = typename B::Scalar;
  B const backend;
  Index const batch = 9, dim = 6, queries = 3;
  Setup<T> x({batch, 2, dim, queries, 4, 4, 3, false, false, false, true});
  Array<T> d(8, 3, 4, 2 * dim);
  backend.attend(x.a, x.out.all, x.room(backend));
  backend.attend_reverse(x.a, x.d_out.all, x.gradients(true, true), x.room(backend));
  for (Index b = 0; b < batch; ++b) {
    Index const task = tasks[static_cast<std::size_t>(b)];
    Setup<T> one({1, 2, dim, queries, 4, counts[static_cast<std::size_t>(task)], 1, false, false});
    auto const rows = [&](Stream<T const> s) {
      return s.samples(task, 1).range(0, one.extra.all.tokens);
    };
    one.a.query = x.a.query.samples(b, 1);
    one.a.key = x.a.key.samples(b, 1), one.a.value = x.a.value.samples(b, 1);
    one.a.extra_key = rows(x.a.extra_key), one.a.extra_value = rows(x.a.extra_value);
    backend.attend(one.a, one.out.all, one.room(backend));
    auto g = one.gradients(true, false);
    auto const to = d.all.samples(task, 1).range(0, one.extra.all.tokens);
    g.extra_key = to.columns(0, dim), g.extra_value = to.columns(dim, dim);
    backend.attend_reverse(one.a, Stream<T const>(x.d_out.all.samples(b, 1)), g, one.room(backend));
    for (Index i = 0; i < queries; ++i)
      for (Index c = 0; c < dim; ++c) {
        BOOST_TEST(close(one.out.all.sample(0)(i, c), x.out.all.sample(b)(i, c), 1e-5));
        BOOST_TEST(close(one.dq.all.sample(0)(i, c), x.dq.all.sample(b)(i, c), 1e-5));
      }
  }
  for (std::size_t i = 0; i < d.block.size(); ++i)
    BOOST_TEST(close(d.block[i], x.d_extra.block[i], 1e-4));
}

using Scalars = boost::mpl::list<float, double>;
BOOST_AUTO_TEST_CASE_TEMPLATE(threads_do_not_change_a_bit_of_tasks_rows, T, Scalars) {
  Setup<T> one({9, 3, 15, 6, 6, 4, 3, true, false, false, true}),
      many({9, 3, 15, 6, 6, 4, 3, true, false, false, true});
  for (auto const& [setup, threads] : {std::pair{&one, 1}, std::pair{&many, 3}}) {
    Cpu<T> const backend(threads);
    HostMemory const room(static_cast<std::size_t>(backend.attention_scratch(setup->a)) *
                          sizeof(T));
    backend.attend_reverse(setup->a, setup->d_out.all, setup->gradients(true, true),
                           static_cast<T*>(static_cast<void*>(room.data())));
  }
  BOOST_TEST(one.d_extra.block == many.d_extra.block, boost::test_tools::per_element());
  BOOST_TEST(one.dkv.block == many.dkv.block, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(counting_counts_products_and_attention) {
  Work work;
  Counting<Cpu<double>> const backend(work);
  Array<double> x(1, 1, 5, 7), w(2, 1, 3, 7), b(3, 1, 1, 3), y(4, 1, 5, 3);
  backend.linear(x.view(), w.view(), b.view(), y.view());
  BOOST_TEST(work.product_macs == 5 * 7 * 3);
  backend.linear_input(y.view(), w.view(), x.view());
  BOOST_TEST(work.product_macs == 2 * 5 * 7 * 3);
  backend.linear_weight(y.view(), x.view(), w.view(), b.view());
  BOOST_TEST(work.product_macs == 3 * 5 * 7 * 3);
  backend.linear_weight(y.view(), x.view(), View<double>{}, b.view());  // sums only
  BOOST_TEST(work.product_macs == 3 * 5 * 7 * 3);

  Index const batch = 3, dim = 10, queries = 5, keys = 7, extra = 4, heads = 2;
  Index const all = batch * queries * (keys + extra) * dim;
  Setup<double> s({batch, heads, dim, queries, keys, extra, 1, false, false});
  backend.attend(s.a, s.out.all, s.room(backend));
  BOOST_TEST(work.attention_macs == 2 * all);  // scores and weighted values
  BOOST_TEST(work.softmax_elements == batch * heads * queries * (keys + extra));
  work = {};
  backend.attend_reverse(s.a, s.d_out.all, s.gradients(true, true), s.room(backend));
  BOOST_TEST(work.attention_macs == 5 * all);  // scores, their gradient, and dq, dk, dv
  work = {};
  backend.attend_reverse(s.a, s.d_out.all, s.gradients(false, true), s.room(backend));
  BOOST_TEST(work.attention_macs == 2 * all + 2 * batch * queries * extra * dim);
  BOOST_TEST(work.macs() == work.attention_macs);

  Setup<double> t({9, heads, dim, queries, keys, extra, 3, false, false, false, true});
  Index const own = 4 * 4 + 2 * 1 + 3 * 3;  // rows that the samples read, all together
  work = {};
  backend.attend(t.a, t.out.all, t.room(backend));
  BOOST_TEST(work.attention_macs == 2 * queries * dim * (9 * keys + own));
  work = {};
  backend.attend_reverse(t.a, t.d_out.all, t.gradients(false, true), t.room(backend));
  BOOST_TEST(work.attention_macs == 2 * queries * dim * (9 * keys + own) + 2 * queries * dim * own);
}

BOOST_AUTO_TEST_SUITE_END()
