#pragma once
#include "vlpt/autodiff/chain.hpp"
#include "vlpt/autodiff/trainable.hpp"
#include "vlpt/blocks/prompt_policy.hpp"
#include "vlpt/ops/dropout.hpp"
#include "vlpt/ops/linear.hpp"

namespace vlpt::test {

/// A site module of one's own, a gate as GaPT's: out = in + g * (branch - in), g a learnt row; the
/// last layer has none.
struct Gate {
  Index dim = 0;
  bool here = true;

  template <class T>
  struct Params {
    View<T> gate;
  };
  template <class T, class F>
  struct Cache {
    Stream<T const> in, branch;
  };
  template <class F>
  static constexpr bool learns = F::marked::learns;
  template <class F>
  static constexpr bool keeps_branch = learns<F>;
  template <class F>
  static constexpr bool keeps_read = false;
  template <class F>
  static constexpr bool keeps_stream = learns<F>;

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    if (here) v.template tensor<learns<F>>("gate", p.gate, Shape{dim}, Init::constant(1), false);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void forward_site(Context<B>&, P const& p, SiteInput<T> const& in, Stream<T> out,
                              K& k) const {
    k.in = in.stream_in, k.branch = in.branch;
    each(out, [&](T& y, Index b, Index r, Index c) {
      T const x = in.stream_in.sample(b)(r, c);
      y = x + gate(p, c) * (in.branch.sample(b)(r, c) - x);
    });
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward_site(Context<B>&, P const& p, K const& k, Stream<T const> d_out,
                               SiteGradient<T> d, P& g) const {
    each(d_out, [&](T const& dy, Index b, Index r, Index c) {
      if (learns<F> && here) g.gate(0, c) += dy * (k.branch.sample(b)(r, c) - k.in.sample(b)(r, c));
      if (!d.branch.empty()) d.branch.sample(b)(r, c) = dy * gate(p, c);
      if (!d.stream_in.empty()) d.stream_in.sample(b)(r, c) += dy * (T(1) - gate(p, c));
    });
  }

 private:
  template <class P>
  [[nodiscard]] constexpr auto gate(P const& p, Index c) const {
    return here ? p.gate(0, c) : decltype(p.gate(0, c) + 0)(1);
  }
  template <class T, class F>
  static constexpr void each(Stream<T> s, F const& f) {
    if (s.data == nullptr) return;  // only sizes are wanted
    for (Index b = 0; b < s.batch; ++b)
      for (Index r = 0; r < s.tokens; ++r)
        for (Index c = 0; c < s.dim; ++c) f(s.sample(b)(r, c), b, r, c);
  }
};

/// A site module that computes something from its parameters alone: out = branch + read * u with
/// u = w^2, prepared.
struct SquaredScale {
  Index dim = 0;

  template <class T>
  struct Params {
    View<T> w;
  };
  template <class T>
  struct Prepared {
    View<T> u, d_u;
  };
  template <class T, class F>
  struct Cache {
    Stream<T const> read;
  };
  template <class F>
  static constexpr bool learns = F::marked::learns;
  template <class F>
  static constexpr bool keeps_branch = false;
  template <class F>
  static constexpr bool keeps_read = learns<F>;
  template <class F>
  static constexpr bool keeps_stream = false;

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.template tensor<learns<F>>("w", p.w, Shape{dim}, Init::constant(1), false);
  }
  template <class F, class B, class P, class R>
  constexpr void prepare(Context<B>& c, P const& p, R& r) const {
    using T = typename B::Scalar;
    r.u = c.tape.template matrix<T>(1, dim), r.d_u = c.tape.template matrix<T>(1, dim);
    for (Index i = 0; i < dim && r.u.data != nullptr; ++i)
      r.u(0, i) = p.w(0, i) * p.w(0, i), r.d_u(0, i) = T(0);
  }
  template <class F, class B, class P, class R>
  constexpr void prepare_backward(Context<B>&, P const& p, R& r, P& g) const {
    for (Index i = 0; i < dim && r.u.data != nullptr; ++i)
      g.w(0, i) += 2 * p.w(0, i) * r.d_u(0, i), r.d_u(0, i) = 0;
  }
  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward_site(Context<B>& c, P const&, R const& r, SiteInput<T> const& in,
                              Stream<T> out, K& k) const {
    k.read = in.read;
    c.backend.copy(in.branch, out);
    for (Index i = 0; i < out.rows() && out.data != nullptr; ++i)
      for (Index j = 0; j < dim; ++j) out.flat()(i, j) += in.read.flat()(i, j) * r.u(0, j);
  }
  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward_site(Context<B>& c, P const&, R& r, K const& k, Stream<T const> d_out,
                               SiteGradient<T> d, P&) const {
    if (!d.branch.empty()) c.backend.copy(d_out, d.branch);
    for (Index i = 0; i < d_out.rows() && d_out.data != nullptr; ++i)
      for (Index j = 0; j < dim; ++j) {
        if constexpr (learns<F>) r.d_u(0, j) += d_out.flat()(i, j) * k.read.flat()(i, j);
        if (!d.read.empty()) d.read.flat()(i, j) += d_out.flat()(i, j) * r.u(0, j);
      }
  }
};

/// Changes queries and values: q := t q with a learnt t, v := v + x W^T.
struct TurnsQkv {
  Linear value;

  template <class T>
  struct Params {
    View<T> t;
    Linear::Params<T> value;
  };
  template <class T, class F>
  using Cache = Linear::Cache<T, typename F::marked>;
  template <class F>
  static constexpr bool learns = F::marked::learns;
  template <class F>
  static constexpr bool keeps_input = learns<F>;

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.template tensor<learns<F>>("t", p.t, Shape{1}, Init::constant(1), false);
    value.template visit<typename F::marked>(p.value, v);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void forward_qkv(Context<B>& c, P const& p, Stream<T const>, Stream<T const> key_in,
                             Qkv<T> to, K& k) const {
    ArenaScope const scope(c.scratch);
    auto const more = c.scratch.template stream<T>(key_in.batch, key_in.tokens, key_in.dim);
    value.template forward<typename F::marked>(c, p.value, key_in, more, k);
    c.backend.add(Stream<T const>(more), to.value);
    if (!to.query.empty() && p.t.data != nullptr) c.backend.scale(p.t(0, 0), to.query);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward_qkv(Context<B>& c, P const& p, K const& k, Qkv<T const> values, Qkv<T> d,
                              Stream<T>, Stream<T> d_key_in, P& g) const {
    ArenaScope const scope(c.scratch);
    auto const d_value = c.scratch.template stream<T>(d.value.batch, d.value.tokens, d.value.dim);
    c.backend.copy(Stream<T const>(d.value), d_value);
    Stream<T> d_in;
    if constexpr (F::below)
      d_in = c.scratch.template stream<T>(d.value.batch, d.value.tokens, d.value.dim);
    value.template backward<typename F::marked>(c, p.value, k, Stream<T const>(d_value), d_in,
                                                g.value);
    if (!d_key_in.empty()) c.backend.add(Stream<T const>(d_in), d_key_in);
    if (d.query.empty() || p.t.data == nullptr) return;
    for (Index b = 0; b < d.query.batch && learns<F>; ++b)
      for (Index i = 0; i < d.query.tokens; ++i)
        for (Index j = 0; j < d.query.dim; ++j)
          g.t(0, 0) += d.query.sample(b)(i, j) * values.query.sample(b)(i, j) / p.t(0, 0);
    c.backend.scale(p.t(0, 0), d.query);
  }
};

// Policies with a site each.
struct ScalesAttention {
  static constexpr std::string_view name = "scales_attention";
  static constexpr Site sites = Site::attention_out;
  [[nodiscard]] constexpr auto attention_out(LayerFacts const& f) const {
    return Trainable{Linear{.in = f.dim, .out = f.dim}};
  }
};
struct BesideMlp {
  static constexpr std::string_view name = "beside_mlp";
  static constexpr Site sites = Site::mlp_out;
  [[nodiscard]] constexpr auto mlp_out(LayerFacts const& f) const {
    return BesideBranch{Trainable{Chain{stage<"drop">(Dropout{.rate = 0.25}),
                                        stage<"up">(Linear{.in = f.dim, .out = f.dim})}}};
  }
};
struct Gated {
  static constexpr std::string_view name = "gated";
  static constexpr Site sites = Site::block_out;
  [[nodiscard]] constexpr auto block_out(LayerFacts const& f) const {
    return Gate{f.dim, f.layer + 1 < f.depth};
  }
};
struct Turned {
  static constexpr std::string_view name = "turned";
  static constexpr Site sites = Site::qkv;
  [[nodiscard]] constexpr auto qkv(LayerFacts const& f) const {
    return TurnsQkv{Linear{.in = f.dim, .out = f.dim, .bias = false}};
  }
};
struct Ends {
  static constexpr std::string_view name = "ends";
  static constexpr Site sites = Site::attention_end | Site::mlp_end;
  [[nodiscard]] constexpr auto attention_end(LayerFacts const& f) const {
    return SquaredScale{f.dim};
  }
  [[nodiscard]] constexpr auto mlp_end(LayerFacts const& f) const {
    return BesideBranch<Trainable<Linear>, Reads::stream>{
        {Linear{.in = f.dim, .out = f.dim, .bias = false}}};
  }
};
/// Everywhere at once, with rows of its own.
struct Everywhere {
  static constexpr std::string_view name = "everywhere";
  static constexpr Site sites = Site::layer_rows | Site::qkv | Site::attention_out |
                                Site::attention_end | Site::mlp_out | Site::mlp_end |
                                Site::block_out;
  [[nodiscard]] constexpr PromptRows layer_rows(LayerFacts const& f) const {
    return {.count = 2, .dim = f.dim, .init = Init::uniform(0.1), .sets = f.running};
  }
  [[nodiscard]] constexpr auto qkv(LayerFacts const& f) const { return Turned{}.qkv(f); }
  [[nodiscard]] constexpr auto attention_out(LayerFacts const& f) const {
    return BesideBranch{Trainable{Linear{.in = f.dim, .out = f.dim}}};
  }
  [[nodiscard]] constexpr auto attention_end(LayerFacts const& f) const {
    return Ends{}.attention_end(f);
  }
  [[nodiscard]] constexpr auto mlp_out(LayerFacts const& f) const { return Gate{f.dim}; }
  [[nodiscard]] constexpr auto mlp_end(LayerFacts const& f) const { return Ends{}.mlp_end(f); }
  [[nodiscard]] constexpr auto block_out(LayerFacts const& f) const {
    return Trainable{Linear{.in = f.dim, .out = f.dim, .bias = false}};
  }
};

}  // namespace vlpt::test
