#pragma once
#include "vlpt/kernels/cuda/attend_reverse.cuh"

namespace vlpt::cuda {

/// The reverse for keys and values, after that for queries: d_value_j = sum_i p_ij d_out_i and
/// d_key_j = scale sum_i p_ij (dp_ij - along_i) query_i. A tile of keys of a head to a block, which
/// alone writes its rows: nothing is added up in another order. Extra rows are written sample by
/// sample, for AddExtra.
template <class T, int D, class A>
struct AttendReverseKey : AttentionOperands<T, D, A> {
  using Base = AttentionOperands<T, D, A>;
  using Base::a;
  using S = Sum<T>;
  using Tile = AttentionTile<S, D>;
  using Scores = typename Tile::Scores;
  static constexpr int threads = Tile::threads, reach = Tile::reach;
  struct Shared {
    typename Tile::Operand key, value, query, d_out;
    typename Tile::Weights weight;
    S top[Tile::rows], whole[Tile::rows], along[Tile::rows];
    unsigned char open[Tile::rows];
  };
  Stream<T const> d_out;
  Stream<T> d_key, d_value;              // or null
  Stream<T> d_extra_key, d_extra_value;  // of each sample; or null
  QueryStatistics<S> statistics;
  constexpr AttendReverseKey(A const& problem, bool all_even, Stream<T const> from, Stream<T> dk,
                             Stream<T> dv, Stream<T> dek, Stream<T> dev, QueryStatistics<S> s)
      : Base{problem, all_even},
        d_out(from),
        d_key(dk),
        d_value(dv),
        d_extra_key(dek),
        d_extra_value(dev),
        statistics(s) {}

  /// The tiles that hold rows whose gradient is wanted.
  [[nodiscard]] constexpr Index first_tile() const {
    return d_key.data != nullptr ? 0 : a.key.tokens / Tile::rows;
  }
  [[nodiscard]] constexpr Index wanted_tiles() const {
    Index const own = a.key.tokens;
    Index const all = d_extra_key.data != nullptr ? a.keys() : own;
    return this->tiles(all) - first_tile();
  }
  [[nodiscard]] constexpr Index blocks() const { return a.query.batch * a.heads * wanted_tiles(); }
  template <class Block>
  constexpr void operator()(Block const& block, Shared& shared) const {
    HeadTile at(block.index(), a.heads, wanted_tiles(), Tile::rows);
    at.first += first_tile() * Tile::rows;
    int const count = this->live(at.first, this->keys(at.sample));
    auto slope = block.template kept<Scores>();
    auto key = block.template kept<typename Tile::Mixed>();
    auto value = block.template kept<typename Tile::Mixed>();
    block.alone([&](int t) {
      this->read_keys(a.key, a.extra_key, shared.key, at.sample, at.head, at.first, t);
      this->read_keys(a.value, a.extra_value, shared.value, at.sample, at.head, at.first, t);
      if (t < Tile::rows) shared.open[t] = this->open(at.sample, at.first + t);
      key[t] = {}, value[t] = {};
    });
    for (Index first = 0; first < a.query.tokens; first += Tile::rows) {
      int const queries = this->live(first, a.query.tokens);
      if (this->beyond(first + queries, at.first)) continue;
      block.each([&](int t) { read(shared, at, first, t); });
      block.each([&](int t) {
        slope[t] = {};
        if (Tile::row(t, 0) < count) weigh(shared, at, first, queries, t, slope[t]);
      });
      block.each([&](int t) {
        if (Tile::row(t, 0) < count) Tile::mix(shared.weight, shared.d_out, queries, t, value[t]);
      });
      block.each([&](int t) {
        for (int i = 0; i < reach; ++i)
          for (int j = 0; j < reach; ++j)
            shared.weight[Tile::row(t, i)][Tile::column(t, j)] = slope[t][i * reach + j];
      });
      block.each([&](int t) {
        if (Tile::row(t, 0) < count) Tile::mix(shared.weight, shared.query, queries, t, key[t]);
      });
    }
    block.alone([&](int t) {
      for (int i = 0; i < reach && Tile::row(t, i) < count; ++i) {
        Index const j = at.first + Tile::row(t, i);
        write(d_key, d_extra_key, at, j, t, i, key[t]);
        write(d_value, d_extra_value, at, j, t, i, value[t]);
      }
    });
  }

 private:
  constexpr void read(Shared& shared, HeadTile const& at, Index first, int t) const {
    this->read_queries(a.query, shared.query, at.sample, at.head, first, static_cast<S>(a.scale),
                       t);
    this->read_queries(d_out, shared.d_out, at.sample, at.head, first, S(1), t);
    if (t >= this->live(first, a.query.tokens)) return;
    S const* const from = statistics.row(at.sample, at.head) + first + t;
    shared.top[t] = from[0];
    shared.whole[t] = from[statistics.count];
    shared.along[t] = from[2 * statistics.count];
  }
  /// The weights of the thread's keys for its queries, to the tile, and the slopes of their scores.
  constexpr void weigh(Shared& shared, HeadTile const& at, Index first, int queries, int t,
                       Scores& slope) const {
    bool const busy = Tile::column(t, 0) < queries;
    Scores s{};
    if (busy) {
      s = Tile::scores(shared.key, shared.query, t);
      slope = Tile::scores(shared.value, shared.d_out, t);
    }
    for (int i = 0; i < reach; ++i)
      for (int j = 0; j < reach; ++j) {
        int const r = Tile::row(t, i), c = Tile::column(t, j), n = i * reach + j;
        bool const seen =
            c < queries && shared.open[r] != 0 && this->reaches(first + c, at.first + r);
        S const p = seen ? weight_of(s[n], shared.top[c]) * shared.whole[c] : S(0);
        slope[n] = seen ? p * (slope[n] - shared.along[c]) : S(0);
        shared.weight[r][c] = p;
      }
  }
  constexpr void write(Stream<T> const& own, Stream<T> const& extra, HeadTile const& at, Index j,
                       int t, int i, typename Tile::Mixed const& sum) const {
    bool const ordinary = j < a.key.tokens;
    Stream<T> const& to = ordinary ? own : extra;
    if (to.data == nullptr) return;
    T* const row = to.sample(at.sample).row(ordinary ? j : j - a.key.tokens);
    Tile::write(row + at.head * a.head_dim(), this->width(), S(1), t, i, sum);
  }
};

/// y += what the samples that read a row of it gave, in their order.
template <class T, class A>
struct AddExtra {
  using S = Sum<T>;
  A a;
  Stream<S const> x;  // (batch, extra, dim)
  Stream<T> y;        // (1, batch or tasks, extra, dim)

  [[nodiscard]] constexpr Index count() const { return y.size(); }
  constexpr void operator()(Index i) const {
    Index const c = i % y.dim, r = i / y.dim % y.tokens, set = i / y.dim / y.tokens;
    bool const of_sample = y.batch > 1 && !a.sets.by_task;
    Index const begin = of_sample ? set : 0, end = of_sample ? set + 1 : x.batch;
    T& to = y.sample(set)(r, c);
    S sum = static_cast<S>(to);
    for (Index b = begin; b < end; ++b)
      if (a.sets.set(b, y.batch) == set && r < a.extra_count(b)) sum += x.sample(b)(r, c);
    to = static_cast<T>(sum);
  }
};

}  // namespace vlpt::cuda
