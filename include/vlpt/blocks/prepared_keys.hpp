#pragma once
#include "vlpt/blocks/prepared_rows.hpp"

namespace vlpt {

/// Prepares rows of a layer as keys and values of an attention, through no norm.
template <class Attention>
struct PreparedKeys {
  Attention const& attention;

  template <class T>
  using Prepared = PreparedRows<T, typename Attention::template ExtraCache<T>>;

  /// rows (1 or batch, count, dim); empty: none.
  template <class F, class B, class P, class R, class T>
  constexpr void prepare(Context<B>& c, P const& p, R& r, Stream<T const> rows) const {
    r = {};
    if (rows.empty()) return;
    auto const like = [&](Index dim) {
      return c.tape.template stream<T>(rows.batch, rows.tokens, dim);
    };
    r.rows = rows, r.normed = like(rows.dim), r.kv = like(2 * attention.dim);
    c.backend.copy(rows, r.normed);  // evenly spaced
    attention.project_extra(c, p, Stream<T const>(r.normed), r.kv, r.cache);
    if constexpr (F::marked::learns) {
      r.d_kv = like(2 * attention.dim);
      c.backend.fill(r.d_kv, T(0));
    }
  }
  /// Adds to the gradient of the rows.
  template <class F, class B, class P, class R, class T>
  constexpr void prepare_backward(Context<B>& c, P const& p, R& r, Stream<T> d_rows, P& g) const {
    if (r.d_kv.empty()) return;
    ArenaScope const scope(c.scratch);
    auto const d_own = c.scratch.template stream<T>(d_rows.batch, d_rows.tokens, d_rows.dim);
    attention.template project_extra_reverse<F>(c, p, Stream<T const>(r.normed),
                                                Stream<T const>(r.kv), r.cache, r.d_kv, d_own, g);
    c.backend.add(Stream<T const>(d_own), d_rows);
    c.backend.fill(r.d_kv, T(0));
  }
};

}  // namespace vlpt
