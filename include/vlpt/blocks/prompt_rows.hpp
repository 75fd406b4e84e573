#pragma once
#include "vlpt/blocks/row_source.hpp"

namespace vlpt {

/// Learnt rows that a policy puts into a sequence, without positions; always Trainable. One set
/// (count, dim) for all layers, or `sets` of them, one for each layer that runs: none, and no
/// tensor, where no layer does. Dropout is drawn anew for every sample, each time rows are inserted
/// (VPT).
struct PromptRows {
  Index count = 0;
  Index dim = 0;
  Init init = Init::zero();
  double dropout = 0;
  Index sets = shared;

  static constexpr Index shared = -1;  // one set for all, of rank 2

  template <class T>
  struct Params {
    View<T> rows;
  };
  template <class T>
  struct Prepared {
    GivenRows<T> given;
  };
  template <class F>
  static constexpr bool learns = F::marked::learns;

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    if (sets == 0) return;
    v.template tensor<learns<F>>(
        "rows", p.rows, sets == shared ? Shape{count, dim} : Shape{sets, count, dim}, init, true);
  }
  template <class F, class B, class P, class R>
  constexpr void prepare(Context<B>& c, P const& p, R& r, Index batch) const {
    using T = typename B::Scalar;
    Index const n = drops(c) ? batch : 1, all = insertions() * count;
    r.given = {count, c.tape.template stream<T>(n, all, dim), {}};
    Stream<T const> const rows(p.rows, 1);
    if (drops(c))
      for (Index s = 0; s < insertions(); ++s)
        drop(c, s, rows.range(s * count, count), r.given.rows.range(s * count, count));
    else if (all > 0)
      c.backend.copy(rows, r.given.rows);
    if constexpr (learns<F>) {
      r.given.d_rows = c.tape.template stream<T>(n, all, dim);
      c.backend.fill(r.given.d_rows, T(0));
    }
  }
  template <class F, class B, class P, class R>
  constexpr void prepare_backward(Context<B>& c, P const&, R& r, P& g) const {
    if constexpr (learns<F>) {
      using T = typename B::Scalar;
      auto const d = r.given.d_rows;
      if (d.tokens == 0) return;
      if (drops(c))
        for (Index s = 0; s < insertions(); ++s)
          drop(c, s, Stream<T const>(r.given.gradient(s)), r.given.gradient(s));
      c.backend.add(Stream<T const>(d), Stream<T>(g.rows, 1));
      c.backend.fill(d, T(0));
    }
  }

 private:
  [[nodiscard]] constexpr Index insertions() const { return sets == shared ? 1 : sets; }
  template <class B>
  [[nodiscard]] constexpr bool drops(Context<B> const& c) const {
    return c.training && dropout > 0;
  }
  template <class B, class T>
  constexpr void drop(Context<B>& c, Index set, Stream<T const> from, Stream<T> to) const {
    Random const random = c.random.fork(0x70726f6d70740000ULL + static_cast<std::uint64_t>(set));
    c.backend.dropout(random, dropout, count, 0, from, to);
  }
};

}  // namespace vlpt
