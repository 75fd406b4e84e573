#pragma once
#include "vlpt/blocks/run.hpp"
#include "vlpt/blocks/sites.hpp"
#include "vlpt/ops/layer_norm.hpp"

namespace vlpt {

/// Half a pre-norm block: out = in + dropout(site(body(norm(in)))). Body reads all rows and gives
/// the rows that `out` has (only attention may give fewer); the site is a policy's, or none.
template <Name NormName, Name BodyName, Name SiteName, class Body, class S>
struct PreNorm {
  LayerNorm norm;
  Body body;
  S site;
  double dropout = 0;

  /// Whether the body reads learnt rows besides its input.
  template <class F>
  static constexpr bool wants_extras = [] {
    if constexpr (requires { Body::takes_extras; })
      return Body::takes_extras && F::marked::learns;
    else
      return false;
  }();
  template <class F>
  using NormFlow = typename F::template child<NormName>;
  template <class F>
  using BodyFlow =
      typename F::template child<BodyName>::template with_below<F::below || NormFlow<F>::learns>;
  template <class F>
  static constexpr bool branch_reverses =
      BodyFlow<F>::below || Body::template learns<BodyFlow<F>> || wants_extras<F>;
  template <class F>
  using SiteFlow = typename F::template child<SiteName>::template with_below<branch_reverses<F>>;
  template <class F>
  static constexpr bool learns = NormFlow<F>::learns || Body::template learns<BodyFlow<F>> ||
                                 S::template learns<SiteFlow<F>> || wants_extras<F>;
  template <class F>
  static constexpr bool reverses = F::below || learns<F>;

  template <class T>
  struct Params {
    LayerNorm::Params<T> norm;
    typename Body::template Params<T> body;
    typename S::template Params<T> site;
  };
  template <class T, class F>
  struct Cache {
    LayerNorm::Cache<T, NormFlow<F>> norm;
    typename Body::template Cache<T, BodyFlow<F>> body;
    typename S::template Cache<T, SiteFlow<F>> site;
    Index in_tokens = 0;
  };

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.enter(NormName.view());
    norm.template visit<NormFlow<F>>(p.norm, v);
    v.leave();
    v.enter(BodyName.view());
    body.template visit<BodyFlow<F>>(p.body, v);
    v.leave();
    if constexpr (is_site<S>) {
      v.enter(SiteName.view());
      site.template visit<SiteFlow<F>>(p.site, v);
      v.leave();
    }
  }

  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, Stream<T const> in, Stream<T> out, K& k,
                         BlockRun<T> const& run) const {
    ArenaScope const scope(c.scratch);
    Index const first = run.attention.first_query;
    k.in_tokens = in.tokens;
    constexpr bool keep_normed = Body::template keeps_input<BodyFlow<F>> || keeps_normed<F>();
    auto const normed = c.template stream<keep_normed>(in.batch, in.tokens, in.dim);
    norm.template forward<NormFlow<F>>(c, p.norm, in, normed, k.norm);
    auto branch = c.template stream < Body::template keeps_output<BodyFlow<F>> ||
                  keeps_branch<F>() > (in.batch, out.tokens, in.dim);
    run_body<F>(c, p, Stream<T const>(normed), branch, k, run);
    if constexpr (is_site<S>) {
      auto const changed = c.scratch.template stream<T>(in.batch, out.tokens, in.dim);
      site.template forward_site<SiteFlow<F>>(
          c, p.site, site_input<F, T>(c, in, normed, branch, run), changed, k.site);
      branch = changed;
    }
    drop_rows(c, dropout, place(run), run.rows.from(first), branch);
    c.backend.copy(in.range(first, out.tokens), out);
    c.backend.add(branch, out);
  }

  /// d_in is overwritten if the flow has something below; extras' gradients are added to.
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, K const& k, Stream<T const> d_out,
                          Stream<T> d_in, P& g, BlockRun<T> const& run) const {
    if constexpr (reverses<F>) {
      ArenaScope const scope(c.scratch);
      Index const batch = d_out.batch, dim = d_out.dim, first = run.attention.first_query;
      Stream<T const> d_branch = d_out;
      if (c.training && dropout > 0) {
        auto const dropped = copied(c, d_out);
        drop_rows(c, dropout, place(run), run.rows.from(first), dropped);
        d_branch = dropped;
      }
      SiteGradient<T> to{};
      if constexpr (is_site<S>) {
        if constexpr (SiteFlow<F>::below) {
          to.branch = c.scratch.template stream<T>(batch, d_out.tokens, dim);
          if constexpr (F::below || NormFlow<F>::learns) to.normed = zeroed(c, d_out);
          if constexpr (F::below) to.stream_in = zeroed(c, d_out);
        }
        site.template backward_site<SiteFlow<F>>(c, p.site, k.site, d_branch, to, g.site);
        d_branch = to.branch;
      }
      if constexpr (branch_reverses<F>) {
        Stream<T> d_normed;
        if constexpr (BodyFlow<F>::below)
          d_normed = c.scratch.template stream<T>(batch, k.in_tokens, dim);
        reverse_body<F>(c, p, k, d_branch, d_normed, g, run);
        if constexpr (BodyFlow<F>::below) {
          if (!to.normed.empty()) c.backend.add(to.normed, d_normed.range(first, d_out.tokens));
          norm.template backward<NormFlow<F>>(c, p.norm, k.norm, Stream<T const>(d_normed), d_in,
                                              g.norm);
        }
      }
      if constexpr (F::below) {
        c.backend.add(d_out, d_in.range(first, d_out.tokens));
        if (!to.stream_in.empty()) c.backend.add(to.stream_in, d_in.range(first, d_out.tokens));
      }
    }
  }

 private:
  template <class F>
  static constexpr bool keeps_normed() {
    if constexpr (is_site<S>)
      return S::template keeps_normed<SiteFlow<F>>;
    else
      return false;
  }
  template <class F>
  static constexpr bool keeps_branch() {
    if constexpr (is_site<S>)
      return S::template keeps_branch<SiteFlow<F>>;
    else
      return false;
  }
  /// Which half of a layer draws: its body's name tells the two apart.
  template <class T>
  static constexpr std::uint64_t place(BlockRun<T> const& run) {
    return static_cast<std::uint64_t>(run.layer) * 2 + (BodyName.view() == "mlp" ? 1 : 0);
  }
  template <class B, class T>
  static constexpr Stream<T> zeroed(Context<B>& c, Stream<T const> like) {
    auto const s = c.scratch.template stream<T>(like.batch, like.tokens, like.dim);
    c.backend.fill(s, T(0));
    return s;
  }
  template <class B, class T>
  static constexpr auto copied(Context<B>& c, Stream<T> from) {
    auto const s =
        c.scratch.template stream<std::remove_const_t<T>>(from.batch, from.tokens, from.dim);
    c.backend.copy(from, s);
    return s;
  }
  /// The rows of x that the branch has, evenly spaced (a site's products need that).
  template <bool Kept, class B, class T>
  static constexpr Stream<T const> rows_of_branch(Context<B>& c, Stream<T const> x, Index first,
                                                  Index count) {
    if (count == x.tokens) return x;
    auto const rows = c.template stream<Kept>(x.batch, count, x.dim);
    c.backend.copy(x.range(first, count), rows);
    return rows;
  }
  template <class F, class T, class B>
  static constexpr SiteInput<T> site_input(Context<B>& c, Stream<T const> in,
                                           Stream<T const> normed, Stream<T const> branch,
                                           BlockRun<T> const& run) {
    Index const first = run.attention.first_query, count = branch.tokens;
    return {
        .stream_in = rows_of_branch<S::template keeps_stream<SiteFlow<F>>>(c, in, first, count),
        .normed = rows_of_branch<S::template keeps_normed<SiteFlow<F>>>(c, normed, first, count),
        .branch = branch,
        .layer = run.layer,
        .first_prompt = run.first_prompt - first,
        .prompts = run.prompts};
  }
  template <class F, class B, class P, class T, class K>
  constexpr void run_body(Context<B>& c, P const& p, Stream<T const> normed, Stream<T> branch, K& k,
                          BlockRun<T> const& run) const {
    if constexpr (requires { Body::takes_extras; })
      body.template forward<BodyFlow<F>>(c, p.body, normed, branch, k.body, run.attention);
    else
      body.template forward<BodyFlow<F>>(c, p.body, normed, branch, k.body);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void reverse_body(Context<B>& c, P const& p, K const& k, Stream<T const> d_branch,
                              Stream<T> d_normed, P& g, BlockRun<T> const& run) const {
    if constexpr (requires { Body::takes_extras; })
      body.template backward<BodyFlow<F>>(c, p.body, k.body, d_branch, d_normed, g.body,
                                          run.attention);
    else
      body.template backward<BodyFlow<F>>(c, p.body, k.body, d_branch, d_normed, g.body);
  }
};

}  // namespace vlpt
