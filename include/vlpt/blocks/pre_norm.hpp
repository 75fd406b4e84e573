#pragma once
#include "vlpt/blocks/branch.hpp"
#include "vlpt/ops/layer_norm.hpp"

namespace vlpt {

/// Half a pre-norm block: out = end(in + dropout(site(body(norm(in))))). Body reads all rows and
/// gives the rows that `out` has (only attention may give fewer); site and end are SiteSlots.
template <Name NormName, Name BodyName, class Body, class Out, class End>
struct PreNorm {
  using Part = Branch<BodyName, Body, Out, End>;
  LayerNorm norm;
  Part branch;

  template <class F>
  using NormFlow = typename F::template child<NormName>;
  /// Whether the gradient of the normed stream is wanted.
  template <class F>
  static constexpr bool below_branch = F::below || NormFlow<F>::learns;
  template <class F>
  using BodyFlow = typename Part::template BodyFlow<F, below_branch<F>>;
  template <class F>
  static constexpr bool learns = NormFlow<F>::learns || Part::template learns<F, below_branch<F>>;
  template <class F>
  static constexpr bool reverses = F::below || learns<F>;

  template <class T>
  struct Params {
    LayerNorm::Params<T> norm;
    typename Part::template Params<T> branch;
  };
  template <class T>
  using Prepared = typename Part::template Prepared<T>;
  template <class T, class F>
  struct Cache {
    LayerNorm::Cache<T, NormFlow<F>> norm;
    typename Part::template Cache<T, F, below_branch<F>> branch;
    Index in_tokens = 0;
  };

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.enter(NormName.view());
    norm.template visit<NormFlow<F>>(p.norm, v);
    v.leave();
    branch.template visit<F, below_branch<F>>(p.branch, v);
  }
  template <class F, class B, class P, class R>
  constexpr void prepare(Context<B>& c, P const& p, R& r) const {
    branch.template prepare<F, below_branch<F>>(c, p.branch, r);
  }
  template <class F, class B, class P, class R>
  constexpr void prepare_backward(Context<B>& c, P const& p, R& r, P& g) const {
    branch.template prepare_backward<F, below_branch<F>>(c, p.branch, r, g.branch);
  }

  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, R const& r, Stream<T const> in, Stream<T> out,
                         K& k, BlockRun<T> const& run) const {
    ArenaScope const scope(c.scratch);
    k.in_tokens = in.tokens;
    constexpr bool kept = Part::template keeps_read<F, below_branch<F>>;
    auto const normed = c.template stream<kept>(in.batch, in.tokens, in.dim);
    norm.template forward<NormFlow<F>>(c, p.norm, in, normed, k.norm);
    branch.template forward<F, below_branch<F>>(c, p.branch, r, in, Stream<T const>(normed), out,
                                                k.branch, run);
  }

  /// d_in is overwritten if the flow has something below; extras' gradients are added to.
  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, R& r, K const& k, Stream<T const> d_out,
                          Stream<T> d_in, P& g, BlockRun<T> const& run) const {
    if constexpr (reverses<F>) {
      ArenaScope const scope(c.scratch);
      Stream<T> d_normed;
      if constexpr (below_branch<F>)
        d_normed = c.scratch.template stream<T>(d_out.batch, k.in_tokens, d_out.dim);
      auto const d_stream = branch.template backward<F, below_branch<F>>(
          c, p.branch, r, k.branch, d_out, d_normed, g.branch, run);
      if constexpr (below_branch<F>)
        norm.template backward<NormFlow<F>>(c, p.norm, k.norm, Stream<T const>(d_normed), d_in,
                                            g.norm);
      if constexpr (F::below)
        c.backend.add(d_stream, d_in.range(Part::first_row(run), d_out.tokens));
    }
  }
};

}  // namespace vlpt
