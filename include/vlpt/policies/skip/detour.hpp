#pragma once
#include "vlpt/blocks/block.hpp"

namespace vlpt::skip {

/// A layer that may be left out: its block, or a short-cut over it. Which of the two a layer has is
/// in its value, and what it has not is neither allocated nor loaded; Searching, it has both, and
/// the run says which one is taken (Context::skipped).
template <Block Layer, Module Cut, bool Searching>
struct Detour {
  static constexpr Site sites = Layer::sites;
  static constexpr bool has_rows = Layer::has_rows;
  Layer block;
  Cut cut;
  bool skipped = false;

  [[nodiscard]] constexpr bool takes_rows() const { return block.takes_rows() && has_block(); }
  template <class F>
  using CutFlow = typename F::template child<"shortcut">;
  template <class F>
  static constexpr bool learns = Layer::template learns<F> || Cut::template learns<CutFlow<F>>;

  template <class T>
  struct Params {
    typename Layer::template Params<T> block;
    typename Cut::template Params<T> cut;
  };
  template <class T>
  using Prepared = typename Layer::template Prepared<T>;
  template <class T, class F>
  struct Cache {
    typename Layer::template Cache<T, F> block;
    typename Cut::template Cache<T, CutFlow<F>> cut;
    bool cuts = false;
  };

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    if (has_block()) block.template visit<F>(p.block, v);
    if (!Searching && !skipped) return;
    v.enter("shortcut");
    cut.template visit<CutFlow<F>>(p.cut, v);
    v.leave();
  }
  template <class F, class B, class P, class R, class T>
  constexpr void prepare(Context<B>& c, P const& p, R& r, Stream<T const> rows) const {
    if (has_block()) block.template prepare<F>(c, p.block, r, rows);
  }
  template <class F, class B, class P, class R, class T>
  constexpr void prepare_backward(Context<B>& c, P const& p, R& r, Stream<T> d_rows, P& g) const {
    if (has_block()) block.template prepare_backward<F>(c, p.block, r, d_rows, g.block);
  }
  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, R const& r, Stream<T const> in, Stream<T> out,
                         K& k, BlockRun<T> const& run) const {
    k.cuts = Searching ? c.skips(run.layer) : skipped;
    if (!k.cuts) return block.template forward<F>(c, p.block, r, in, out, k.block, run);
    ArenaScope const scope(c.scratch);
    Standing const here(c, run.place(8), run.rows.from(run.attention.first_query));
    Stream<T const> rows = in;
    if (in.tokens != out.tokens) {
      auto const read =
          c.template stream<Cut::template keeps_input<CutFlow<F>>>(in.batch, out.tokens, in.dim);
      c.backend.copy(in.range(run.attention.first_query, out.tokens), read);
      rows = read;
    }
    cut.template forward<CutFlow<F>>(c, p.cut, rows, out, k.cut);
  }
  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, R& r, K const& k, Stream<T const> d_out,
                          Stream<T> d_in, P& g, BlockRun<T> const& run) const {
    if (!k.cuts)
      return block.template backward<F>(c, p.block, r, k.block, d_out, d_in, g.block, run);
    ArenaScope const scope(c.scratch);
    Standing const here(c, run.place(8), run.rows.from(run.attention.first_query));
    Stream<T> d_rows = d_in;
    bool const some = F::below && d_in.tokens != d_out.tokens;
    if (some) d_rows = c.scratch.template stream<T>(d_out.batch, d_out.tokens, d_out.dim);
    cut.template backward<CutFlow<F>>(c, p.cut, k.cut, d_out, d_rows, g.cut);
    if (!some) return;
    c.backend.fill(d_in, T(0));
    c.backend.copy(Stream<T const>(d_rows), d_in.range(run.attention.first_query, d_out.tokens));
  }

 private:
  [[nodiscard]] constexpr bool has_block() const { return Searching || !skipped; }
};

}  // namespace vlpt::skip
