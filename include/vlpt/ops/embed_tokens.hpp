#pragma once
#include "vlpt/autodiff/module.hpp"

namespace vlpt {

/// Texts of which some rows are given: text b is put together from its words and from `inserted`
/// rows of its own. What it points to must live until the reverse.
struct TokenRows {
  Index texts = 0;
  Index words = 0;               // of each text, without what is inserted
  Index inserted = 0;            // rows that are given to each text
  Index tokens = 0;              // rows of the text
  Index const* ids = nullptr;    // (texts, words)
  Index const* order = nullptr;  // (texts, tokens): rows of [words; inserted]
  Index first = 0;               // the first row that is made, of as many as the result has
};

/// x = [table[ids]; inserted rows], in order, + positions: the embedding of CLIP's text tower, or
/// some of its rows. The flow's `below` are the inserted rows: (1 or texts, inserted, dim).
struct EmbedTokens {
  Index vocabulary = 0;
  Index positions = 0;
  Index dim = 0;

  template <class T>
  struct Params {
    View<T> tokens, positions;
  };
  template <class F>
  static constexpr bool learns = F::learns;

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.template tensor<F::learns>("tokens", p.tokens, Shape{vocabulary, dim}, Init::normal(0.02),
                                 false);
    v.template tensor<F::learns>("positions", p.positions, Shape{positions, dim},
                                 Init::normal(0.01), false);
  }
  template <class F, class B, class P, class T>
  constexpr void forward(Context<B>& c, P const& p, TokenRows const& t, Stream<T const> inserted,
                         Stream<T> x) const {
    ArenaScope const scope(c.scratch);
    Stream<T const> const table(View<T const>(p.tokens), 1), places(View<T const>(p.positions), 1);
    auto const rows = c.scratch.template stream<T>(t.texts, t.words + t.inserted, dim);
    c.backend.gather(table, t.ids, rows.range(0, t.words));
    if (t.inserted > 0) c.backend.copy(inserted, rows.range(t.words, t.inserted));
    if (x.tokens == t.tokens) {
      c.backend.gather(Stream<T const>(rows), t.order, x);
    } else {
      auto const text = c.scratch.template stream<T>(t.texts, t.tokens, dim);
      c.backend.gather(Stream<T const>(rows), t.order, text);
      c.backend.copy(Stream<T const>(text.range(t.first, x.tokens)), x);
    }
    c.backend.add(places.range(t.first, x.tokens), x);
  }
  /// Adds to d_inserted, which may be shared by all texts.
  template <class F, class B, class P, class T>
  constexpr void backward(Context<B>& c, TokenRows const& t, Stream<T const> d_x,
                          Stream<T> d_inserted, P& g) const {
    if constexpr (F::learns || F::below) {
      ArenaScope const scope(c.scratch);
      auto const rows = c.scratch.template stream<T>(t.texts, t.words + t.inserted, dim);
      c.backend.fill(rows, T(0));
      if (d_x.tokens == t.tokens) {
        c.backend.scatter_add(d_x, t.order, rows);
      } else {
        auto const d_text = c.scratch.template stream<T>(t.texts, t.tokens, dim);
        c.backend.fill(d_text, T(0));
        c.backend.copy(d_x, d_text.range(t.first, d_x.tokens));
        c.backend.scatter_add(Stream<T const>(d_text), t.order, rows);
      }
      if (F::below && t.inserted > 0)
        c.backend.add(Stream<T const>(rows.range(t.words, t.inserted)), d_inserted);
      if constexpr (F::learns) {
        c.backend.scatter_add(Stream<T const>(rows.range(0, t.words)), t.ids,
                              Stream<T>(g.tokens, 1));
        c.backend.add(d_x, Stream<T>(g.positions, 1).range(t.first, d_x.tokens));
      }
    }
  }
};

}  // namespace vlpt
