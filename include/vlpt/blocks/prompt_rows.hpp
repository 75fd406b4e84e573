#pragma once
#include "vlpt/autodiff/module.hpp"

namespace vlpt {

/// Learnt rows (count, dim) that a policy puts into a sequence, without positions; always
/// Trainable. Dropout is drawn anew for every sample, each time the rows are inserted (as VPT).
struct PromptRows {
  Index count = 0;
  Index dim = 0;
  Init init = Init::zero();
  double dropout = 0;

  template <class T>
  struct Params {
    View<T> rows;
  };
  template <class F>
  static constexpr bool learns = F::marked::learns;

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.template tensor<learns<F>>("rows", p.rows, Shape{count, dim}, init, true);
  }
  /// Whether every sample sees rows of its own.
  template <class B>
  [[nodiscard]] constexpr bool per_sample(Context<B> const& c) const {
    return c.training && dropout > 0;
  }
  /// y (1 or batch, count, dim) = the rows as layer `layer` sees them.
  template <class B, class P, class T>
  constexpr void emit(Context<B>& c, P const& p, Index layer, Stream<T> y) const {
    Stream<T const> const rows(p.rows, 1);
    if (per_sample(c))
      c.backend.dropout(random(c, layer), dropout, count, 0, rows, y);
    else
      c.backend.copy(rows, y);
  }
  /// g.rows += the gradient of what emit gave.
  template <class B, class P, class T>
  constexpr void absorb(Context<B>& c, Index layer, Stream<T const> dy, P& g) const {
    Stream<T> const sum(g.rows, 1);
    if (!per_sample(c)) {
      c.backend.add(dy, sum);
      return;
    }
    ArenaScope const scope(c.scratch);
    auto const kept = c.scratch.template stream<T>(dy.batch, count, dim);
    c.backend.dropout(random(c, layer), dropout, count, 0, dy, kept);
    c.backend.add(kept, sum);
  }

 private:
  template <class B>
  static constexpr Random random(Context<B> const& c, Index layer) {
    return c.random.fork(0x70726f6d70740000ULL + static_cast<std::uint64_t>(layer));
  }
};

}  // namespace vlpt
