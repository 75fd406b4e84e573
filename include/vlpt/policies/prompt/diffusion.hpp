#pragma once
#include "vlpt/blocks/site_module.hpp"
#include "vlpt/ops/detach.hpp"
#include "vlpt/ops/weighting.hpp"

namespace vlpt::prompt {

/// APT's information diffusion at an attention's output. With x what the attention reads, o what it
/// gives, T the prompts (prompts, dim), keys K = T + (T W1^T) W2^T, computed once a step or load:
///   A = psi(x K^T);  m = stop_gradient(row maximum of A);  out = e^s (o + m * (A T)).
/// No heads, no 1/sqrt(dim), no mask. Wu et al., arXiv 2306.15706, and its released code.
template <class Psi, bool LearnScale>
struct Diffusion {
  Index dim = 0;
  Index prompts = 0;
  Index rank = 0;
  Init low_rank_init = Init::normal(0.02);
  Init up_init = Init::normal(0.02);

  template <class T>
  struct Params {
    View<T> rows, down, up, scale;
  };
  template <class T>
  struct Prepared {
    View<T> keys, low;  // K (prompts, dim), T W1^T (prompts, rank)
    View<T> factor;     // e^s (1, 1)
    View<T> d_keys;
  };
  template <class T, class F>
  struct Cache {
    Stream<T const> read, branch;
    View<T> weights, most;  // A (rows, prompts), its row maximum (rows, 1)
  };
  template <class F>
  static constexpr bool learns = F::marked::learns;
  template <class F>
  static constexpr bool keeps_branch = learns<F>&& LearnScale;
  template <class F>
  static constexpr bool keeps_read = learns<F>;
  template <class F>
  static constexpr bool keeps_stream = false;

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    constexpr bool l = learns<F>;
    v.template tensor<l>("rows", p.rows, Shape{prompts, dim}, Init::normal(0.02), true);
    v.template tensor<l>("down", p.down, Shape{rank, dim}, low_rank_init, true);
    v.template tensor<l>("up", p.up, Shape{dim, rank}, up_init, true);
    if constexpr (LearnScale) v.template tensor<l>("scale", p.scale, Shape{1}, Init::zero(), false);
  }

  template <class F, class B, class P, class R>
  constexpr void prepare(vlpt::Context<B>& c, P const& p, R& r) const {
    using T = typename B::Scalar;
    r.keys = c.tape.template matrix<T>(prompts, dim);
    r.low = c.tape.template matrix<T>(prompts, rank);
    c.backend.linear(p.rows, p.down, View<T>{}, r.low);
    c.backend.linear(View<T const>(r.low), p.up, View<T>{}, r.keys);
    c.backend.add(Stream<T const>(p.rows, 1), Stream<T>(r.keys, 1));
    if constexpr (LearnScale) {
      r.factor = c.tape.template matrix<T>(1, 1);
      c.backend.template activate<ExpFormula>(View<T const>(p.scale), r.factor);
    }
    if constexpr (learns<F>) {
      r.d_keys = c.tape.template matrix<T>(prompts, dim);
      c.backend.fill(Stream<T>(r.d_keys, 1), T(0));
    }
  }
  template <class F, class B, class P, class R>
  constexpr void prepare_backward(vlpt::Context<B>& c, P const& p, R& r, P& g) const {
    using T = typename B::Scalar;
    ArenaScope const scope(c.scratch);
    View<T const> const d(r.d_keys);
    auto const d_low = c.scratch.template matrix<T>(prompts, rank);
    auto const d_rows = c.scratch.template matrix<T>(prompts, dim);
    c.backend.linear_weight(d, View<T const>(r.low), g.up, View<T>{});
    c.backend.linear_input(d, p.up, d_low);
    c.backend.linear_weight(View<T const>(d_low), p.rows, g.down, View<T>{});
    c.backend.linear_input(View<T const>(d_low), p.down, d_rows);
    c.backend.add(Stream<T const>(d_rows, 1), Stream<T>(g.rows, 1));
    c.backend.add(Stream<T const>(d, 1), Stream<T>(g.rows, 1));
    c.backend.fill(Stream<T>(r.d_keys, 1), T(0));
  }

  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward_site(vlpt::Context<B>& c, P const& p, R const& r, SiteInput<T> const& in,
                              Stream<T> out, K& k) const {
    ArenaScope const scope(c.scratch);
    k.read = in.read, k.branch = in.branch;
    Index const n = out.rows();
    auto const weights = c.template matrix < learns<F> || F::below > (n, prompts);
    k.weights = weights;
    k.most = c.template matrix < learns<F> || F::below > (n, 1);
    c.backend.linear(in.read.flat(), View<T const>(r.keys), View<T>{}, weights);
    Psi::forward(c, weights);
    auto const most = c.scratch.template matrix<T>(n, 1);
    c.backend.row_max(View<T const>(weights), most);
    Empty none;
    Detach{}.forward<F>(c, none, Stream<T const>(most, 1), Stream<T>(k.most, 1), none);
    auto const mixed = c.scratch.template matrix<T>(n, prompts);
    weigh(c, r, k, mixed);
    auto const given = c.scratch.template matrix<T>(n, dim);
    c.backend.linear_input(View<T const>(mixed), p.rows, given);
    if constexpr (LearnScale)
      c.backend.scale_by(View<T const>(r.factor), in.branch, out);
    else
      c.backend.copy(in.branch, out);
    c.backend.add(Stream<T const>(given, out.batch), out);
  }

  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward_site(vlpt::Context<B>& c, P const& p, R& r, K const& k,
                               Stream<T const> d_out, SiteGradient<T> d, P& g) const {
    ArenaScope const scope(c.scratch);
    Index const n = d_out.rows();
    auto const mixed = c.scratch.template matrix<T>(n, prompts);
    auto const d_mixed = c.scratch.template matrix<T>(n, prompts);
    c.backend.linear(d_out.flat(), p.rows, View<T>{}, d_mixed);
    if constexpr (learns<F>) {
      weigh(c, r, k, mixed);
      c.backend.linear_weight(View<T const>(mixed), d_out.flat(), g.rows, View<T>{});
    }
    if constexpr (LearnScale && learns<F>) {  // d out / d s = out = e^s o + (e^s m A) T
      auto const own = c.scratch.template matrix<T>(1, 1);
      c.backend.fill(Stream<T>(own, 1), T(0));
      c.backend.dot(d_out, k.branch, own);
      c.backend.add_scaled(View<T const>(r.factor), Stream<T const>(own, 1), Stream<T>(g.scale, 1));
      c.backend.dot(Stream<T const>(mixed, 1), Stream<T const>(d_mixed, 1), g.scale);
    }
    weigh(c, r, k, d_mixed, d_mixed);
    Psi::backward(c, View<T const>(k.weights), d_mixed);
    if constexpr (learns<F>)
      c.backend.linear_weight(View<T const>(d_mixed), k.read.flat(), r.d_keys, View<T>{});
    if (!d.read.empty()) {
      auto const d_read = c.scratch.template matrix<T>(n, dim);
      c.backend.linear_input(View<T const>(d_mixed), View<T const>(r.keys), d_read);
      c.backend.add(Stream<T const>(d_read, d_out.batch), d.read);
    }
    if (d.branch.empty()) return;
    if constexpr (LearnScale)
      c.backend.scale_by(View<T const>(r.factor), d_out, d.branch);
    else
      c.backend.copy(d_out, d.branch);
  }

 private:
  /// to = e^s m * x, row by row; without x the weights themselves.
  template <class B, class R, class K, class T>
  static constexpr void weigh(vlpt::Context<B>& c, R const& r, K const& k, View<T> to) {
    weigh(c, r, k, k.weights, to);
  }
  template <class B, class R, class K, class T>
  static constexpr void weigh(vlpt::Context<B>& c, R const& r, K const& k, View<T> x, View<T> to) {
    ArenaScope const scope(c.scratch);
    View<T> by = k.most;
    if constexpr (LearnScale) {
      by = c.scratch.template matrix<T>(x.rows, 1);
      c.backend.scale_by(View<T const>(r.factor), Stream<T const>(k.most, 1), Stream<T>(by, 1));
    }
    c.backend.scale_rows(View<T const>(by), View<T const>(x), to);
  }
};

}  // namespace vlpt::prompt
