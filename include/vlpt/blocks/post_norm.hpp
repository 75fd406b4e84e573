#pragma once
#include "vlpt/blocks/branch.hpp"
#include "vlpt/ops/layer_norm.hpp"

namespace vlpt {

/// Half a post-norm block: out = after(norm(end(in + dropout(site(body(in)))))). Body reads all
/// rows and gives the rows that `out` has; site, end and after are SiteSlots, and for all of them
/// what the branch read is the half's input.
template <Name NormName, Name BodyName, class Body, class Out, class End, class After>
struct PostNorm {
  using Part = Branch<BodyName, Body, Out, End>;
  LayerNorm norm;
  Part branch;
  After after;

  template <class F>
  using NormFlow = typename F::template child<NormName>::template with_below<
      Part::template reverses<F, F::below>>;
  template <class F>
  using AfterFlow = typename F::template with_below<NormFlow<F>::reverses>;
  template <class F>
  using BodyFlow = typename Part::template BodyFlow<F, F::below>;
  template <class F>
  static constexpr bool learns = Part::template learns<F, F::below> || NormFlow<F>::learns ||
                                 After::template learns<AfterFlow<F>>;
  template <class F>
  static constexpr bool reverses = F::below || learns<F>;

  template <class T>
  struct Params {
    typename Part::template Params<T> branch;
    LayerNorm::Params<T> norm;
    typename After::template Params<T> after;
  };
  template <class T>
  struct Prepared {
    typename Part::template Prepared<T> branch;
    typename After::template Prepared<T> after;
  };
  template <class T, class F>
  struct Cache {
    typename Part::template Cache<T, F, F::below> branch;
    LayerNorm::Cache<T, NormFlow<F>> norm;
    typename After::template Cache<T, AfterFlow<F>> after;
  };

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    branch.template visit<F, F::below>(p.branch, v);
    v.enter(NormName.view());
    norm.template visit<NormFlow<F>>(p.norm, v);
    v.leave();
    after.template visit<AfterFlow<F>>(p.after, v);
  }
  template <class F, class B, class P, class R>
  constexpr void prepare(Context<B>& c, P const& p, R& r) const {
    branch.template prepare<F, F::below>(c, p.branch, r.branch);
    after.template prepare<AfterFlow<F>>(c, p.after, r.after);
  }
  template <class F, class B, class P, class R>
  constexpr void prepare_backward(Context<B>& c, P const& p, R& r, P& g) const {
    branch.template prepare_backward<F, F::below>(c, p.branch, r.branch, g.branch);
    after.template prepare_backward<AfterFlow<F>>(c, p.after, r.after, g.after);
  }

  /// `in` must live on until the reverse.
  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, R const& r, Stream<T const> in, Stream<T> out,
                         K& k, BlockRun<T> const& run) const {
    ArenaScope const scope(c.scratch);
    auto const like_out = [&]<bool Kept>(std::bool_constant<Kept>) {
      return c.template stream<Kept>(out.batch, out.tokens, out.dim);
    };
    auto const sum = like_out(std::bool_constant<NormFlow<F>::reverses>{});
    branch.template forward<F, F::below>(c, p.branch, r.branch, in, in, sum, k.branch, run);
    Stream<T> normed = out;
    if constexpr (After::filled)
      normed = like_out(std::bool_constant<After::template keeps_branch<AfterFlow<F>>>{});
    norm.template forward<NormFlow<F>>(c, p.norm, Stream<T const>(sum), normed, k.norm);
    if constexpr (After::filled) {
      constexpr bool keep =
          After::template keeps_stream<AfterFlow<F>> || After::template keeps_read<AfterFlow<F>>;
      Index const first = Part::first_row(run);
      auto const rows = Part::template some_rows<keep>(c, in, first, out.tokens);
      auto const given = run.part(first, out.tokens);
      Standing const here(c, run.place(Part::place + place_after), given.rows);
      after.template forward<AfterFlow<F>>(
          c, p.after, r.after, SiteInput<T>{rows, rows, normed, given.first_prompt, given.prompts},
          out, k.after);
    }
  }

  /// d_in is overwritten if the flow has something below; extras' gradients are added to.
  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, R& r, K const& k, Stream<T const> d_out,
                          Stream<T> d_in, P& g, BlockRun<T> const& run) const {
    if constexpr (reverses<F>) {
      ArenaScope const scope(c.scratch);
      Index const first = Part::first_row(run);
      Stream<T const> d_normed = d_out;
      SiteGradient<T> to{};
      if constexpr (After::filled) {
        Standing const here(c, run.place(Part::place + place_after), run.rows.from(first));
        if constexpr (F::below) to.stream_in = to.read = Part::zeroed(c, d_out);
        if constexpr (AfterFlow<F>::below) to.branch = Part::same(c, d_out);
        after.template backward<AfterFlow<F>>(c, p.after, r.after, k.after, d_out, to, g.after);
        d_normed = to.branch;
      }
      if constexpr (NormFlow<F>::reverses) {
        Stream<T> d_sum;
        if constexpr (NormFlow<F>::below) d_sum = Part::same(c, d_out);
        norm.template backward<NormFlow<F>>(c, p.norm, k.norm, d_normed, d_sum, g.norm);
        Stream<T const> d_stream;
        if constexpr (NormFlow<F>::below)
          d_stream = branch.template backward<F, F::below>(
              c, p.branch, r.branch, k.branch, Stream<T const>(d_sum), d_in, g.branch, run);
        if constexpr (F::below) {
          c.backend.add(d_stream, d_in.range(first, d_out.tokens));
          if (!to.read.empty())
            c.backend.add(Stream<T const>(to.read), d_in.range(first, d_out.tokens));
        }
      }
    }
  }

 private:
  static constexpr unsigned place_after = 9;  // the places 9, 11 and 14 of a layer
};

}  // namespace vlpt
