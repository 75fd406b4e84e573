#pragma once
#include "vlpt/ops/layer_norm.hpp"

namespace vlpt {

/// Words as numbers: a batch of texts of equal length, padding included. Null types: segment 0;
/// null positions: 0, 1, 2, ... (RoBERTa counts from 2 and leaves out padding: give them).
/// What it points to must live until the reverse.
struct Words {
  Index batch = 0;
  Index tokens = 0;
  Index const* ids = nullptr;        // (batch, tokens)
  Index const* types = nullptr;      // (batch, tokens)
  Index const* positions = nullptr;  // (batch, tokens)
};

/// The embedding of BERT's family: x = norm(word[id] + segment[type] + position[place]).
/// words -> tokens (batch, words.tokens, dim). SegmentsLearn marks the segment table as Trainable,
/// as the code of APT and DAS does in ViLT.
template <bool SegmentsLearn = false>
struct EmbedWords {
  Index vocabulary = 0, positions = 0, segments = 2, dim = 0;
  double eps = 1e-12;
  bool places_given = false;  // texts bring their positions, as RoBERTa's: a plan counts with them

  template <class F>
  using WordsFlow = typename F::template child<"words">;
  template <class F>
  using PositionsFlow = typename F::template child<"positions">;
  template <class F>
  using SegmentsFlow =
      typename std::conditional_t<SegmentsLearn, typename F::marked, F>::template child<"segments">;
  template <class F>
  static constexpr bool table_learns =
      WordsFlow<F>::learns || PositionsFlow<F>::learns || SegmentsFlow<F>::learns;
  template <class F>
  using NormFlow = typename F::template child<"norm">::template with_below<table_learns<F>>;
  template <class F>
  static constexpr bool learns = NormFlow<F>::reverses;

  template <class T>
  struct Params {
    View<T> words, positions, segments;
    LayerNorm::Params<T> norm;
  };
  template <class T, class F>
  struct Cache {
    Words words;
    LayerNorm::Cache<T, NormFlow<F>> norm;
  };

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    auto const table = [&]<class Here>(std::string_view name, auto& view, Index rows, Here) {
      v.template tensor<Here::learns>(name, view, Shape{rows, dim}, Init::normal(0.02), false);
    };
    table("words", p.words, vocabulary, WordsFlow<F>{});
    table("positions", p.positions, positions, PositionsFlow<F>{});
    table("segments", p.segments, segments, SegmentsFlow<F>{});
    v.enter("norm");
    norm().template visit<NormFlow<F>>(p.norm, v);
    v.leave();
  }
  /// Throws InputError for a number that has no row in its table, and for texts that are too long.
  void check(Words const& w) const {
    VLPT_CHECK(w.positions != nullptr || !places_given,
               "RoBERTa counts positions over words alone: give them (roberta_positions)");
    VLPT_CHECK(w.tokens > 0 && (w.positions != nullptr || w.tokens <= positions), "a text of ",
               w.tokens, " words does not fit an embedding of 1 to ", positions, " positions");
    VLPT_CHECK(w.ids != nullptr, "a batch of texts needs the numbers of its words");
    auto const inside = [&w](char const* what, Index const* numbers, Index rows) {
      for (Index i = 0; numbers != nullptr && i < w.batch * w.tokens; ++i)
        VLPT_CHECK(numbers[i] >= 0 && numbers[i] < rows, "text ", i / w.tokens, ", word ",
                   i % w.tokens, ": ", what, ' ', numbers[i], " is not one of 0 to ", rows - 1);
    };
    inside("the word's number", w.ids, vocabulary);
    inside("the segment", w.types, segments);
    inside("the position", w.positions, positions);
  }

  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, Words const& words, Stream<T> tokens,
                         K& k) const {
    ArenaScope const scope(c.scratch);
    k.words = words;
    auto const sum = c.template stream<NormFlow<F>::reverses>(words.batch, words.tokens, dim);
    auto const row = c.scratch.template stream<T>(words.batch, words.tokens, dim);
    c.backend.gather(Stream<T const>(p.words, 1), words.ids, sum);
    if (words.types != nullptr)
      add(c, p.segments, words.types, row, sum);
    else
      for (Index i = 0; i < words.tokens; ++i)
        c.backend.add(Stream<T const>(p.segments, 1).range(0, 1), sum.range(i, 1));
    if (has_places(words))
      add(c, p.positions, words.positions, row, sum);
    else
      c.backend.add(Stream<T const>(p.positions, 1).range(0, words.tokens), sum);
    norm().template forward<NormFlow<F>>(c, p.norm, Stream<T const>(sum), tokens, k.norm);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, K const& k, Stream<T const> d_tokens,
                          P& g) const {
    if constexpr (learns<F>) {
      ArenaScope const scope(c.scratch);
      Words const& words = k.words;
      Stream<T> d_sum;
      if constexpr (table_learns<F>)
        d_sum = c.scratch.template stream<T>(words.batch, words.tokens, dim);
      norm().template backward<NormFlow<F>>(c, p.norm, k.norm, d_tokens, d_sum, g.norm);
      Stream<T const> const d = d_sum;
      if constexpr (WordsFlow<F>::learns)
        c.backend.scatter_add(d, words.ids, Stream<T>(g.words, 1));
      if constexpr (SegmentsFlow<F>::learns) {
        if (words.types != nullptr)
          c.backend.scatter_add(d, words.types, Stream<T>(g.segments, 1));
        else
          for (Index i = 0; i < words.tokens; ++i)
            c.backend.add(d.range(i, 1), Stream<T>(g.segments, 1).range(0, 1));
      }
      if constexpr (PositionsFlow<F>::learns) {
        if (has_places(words))
          c.backend.scatter_add(d, words.positions, Stream<T>(g.positions, 1));
        else
          c.backend.add(d, Stream<T>(g.positions, 1).range(0, words.tokens));
      }
    }
  }

 private:
  [[nodiscard]] constexpr LayerNorm norm() const { return {dim, eps}; }
  [[nodiscard]] constexpr bool has_places(Words const& w) const {
    return places_given || w.positions != nullptr;
  }
  /// sum += the rows of a table at these places.
  template <class B, class T>
  static constexpr void add(Context<B>& c, View<T> table, Index const* places, Stream<T> row,
                            Stream<T> sum) {
    c.backend.gather(Stream<T const>(table, 1), places, row);
    c.backend.add(row, sum);
  }
};

}  // namespace vlpt
