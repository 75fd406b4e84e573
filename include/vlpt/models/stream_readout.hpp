#pragma once
#include "vlpt/autodiff/stage_scope.hpp"
#include "vlpt/models/stream_poolers.hpp"
#include "vlpt/models/task_head.hpp"

namespace vlpt {

/// What a two-stream model makes of its streams: a head's output for each sample, or without a head
/// the pooled rows of a sample's images, and before them, if asked for, every row of both streams.
/// A stream that comes with more than one row is pooled at `row`. Tasks are those of samples.
template <class Head>
struct StreamReadout {
  Index dim = 0;
  Index images = 1;  // of a sample
  Index classes = 0;
  bool every_row = false;
  Index row = 0;
  StreamPoolers poolers;
  Head head;

  template <class F>
  using HeadFlow =
      typename F::template child<"head">::template with_below<F::below || StreamPoolers::learns<F>>;

  template <class T>
  struct Params {
    StreamPoolers::Params<T> poolers;
    typename Head::template Params<T> head;
  };
  template <class T, class F>
  struct Cache {
    StreamPoolers::Cache<T, F> poolers;
    typename Head::template Cache<T, HeadFlow<F>> head;
  };

  /// `rows`: how many both streams have together.
  [[nodiscard]] constexpr Index width(Index rows) const {
    return classes > 0 ? classes : (images * 2 + (every_row ? rows : 0)) * dim;
  }
  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    poolers.template visit<F>(p.poolers, v);
    if (classes == 0) return;
    v.enter("head");
    head.template visit<HeadFlow<F>>(p.head, v);
    v.leave();
  }

  /// in (pairs, n, dim) -> out (samples, width()).
  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, OfStreams<Stream<T>> in, View<T> out,
                         K& k) const {
    ArenaScope const scope(c.scratch);
    StageScope stage(c);
    constexpr bool kept = Head::template keeps_input<HeadFlow<F>>;
    auto const pooled =
        classes > 0 ? c.template matrix<kept>(in[0].batch, 2 * dim) : pooled_of(out);
    stage.end();
    poolers.template forward<F>(c, p.poolers, {pooled_row(in[0]), pooled_row(in[1])}, pooled,
                                k.poolers);
    if (every_row)
      for (std::size_t s : {0U, 1U})
        c.backend.copy(Stream<T const>(in[s]), rows_of(out, s == 0 ? 0 : in[0].tokens, in[s]));
    if (classes == 0) return;
    stage.next("head");
    head.template forward<HeadFlow<F>>(c, p.head, Stream<T const>(samples(pooled), out.rows),
                                       Stream<T>(out, out.rows), k.head);
  }
  /// d_in is overwritten if the flow has something below.
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, K const& k, View<T const> d_out,
                          OfStreams<Stream<T>> d_in, P& g) const {
    ArenaScope const scope(c.scratch);
    StageScope stage(c);
    Index const pairs = d_out.rows * images;
    View<T const> d_pooled;
    if (classes > 0) {
      auto const d = c.scratch.template matrix<T>(pairs, 2 * dim);
      stage.next("head");
      head.template backward<HeadFlow<F>>(c, p.head, k.head, Stream<T const>(d_out, d_out.rows),
                                          Stream<T>(samples(d), d_out.rows), g.head);
      d_pooled = d;
    } else {
      d_pooled = pooled_of(d_out);
    }
    if constexpr (HeadFlow<F>::below) {
      OfStreams<Stream<T>> d_first;
      if constexpr (F::below)
        for (auto& d : d_first) d = c.scratch.template stream<T>(pairs, 1, dim);
      stage.end();
      poolers.template backward<F>(c, p.poolers, k.poolers, d_pooled, d_first, g.poolers);
      if constexpr (F::below)
        for (std::size_t s : {0U, 1U}) {
          if (every_row)
            c.backend.copy(rows_of(d_out, s == 0 ? 0 : d_in[0].tokens, d_in[s]), d_in[s]);
          else
            c.backend.fill(d_in[s], T(0));
          c.backend.add(Stream<T const>(d_first[s]), pooled_row(d_in[s]));
        }
    }
  }

 private:
  template <class T>
  [[nodiscard]] constexpr Stream<T> pooled_row(Stream<T> in) const {
    return in.range(in.tokens > 1 ? row : 0, 1);
  }
  /// The pooled rows (pairs, 2 dim) of an output without head.
  template <class T>
  [[nodiscard]] constexpr View<T> pooled_of(View<T> out) const {
    Index const n = 2 * dim;
    auto const last = out.middle_cols(out.cols - images * n, images * n);
    return {last.data, out.rows * images, n, images == 1 ? out.stride : n};
  }
  /// Pooled rows on their own, as a head reads them: all of a sample's in one row.
  template <class T>
  [[nodiscard]] constexpr View<T> samples(View<T> pooled) const {
    return {pooled.data, pooled.rows / images, pooled.cols * images};
  }
  /// Where as many rows as `like` has stand in an output that has every row, behind `first` others.
  template <class T, class U>
  [[nodiscard]] constexpr Stream<T> rows_of(View<T> out, Index first, Stream<U> like) const {
    auto const part = out.middle_cols(first * dim, like.tokens * dim);
    return {part.data, out.rows, like.tokens, dim, out.stride, dim};
  }
};

}  // namespace vlpt
