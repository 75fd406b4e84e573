#pragma once
#include "vlpt/kernels/cuda/attention_operands.cuh"
#include "vlpt/kernels/cuda/each.cuh"

namespace vlpt::cuda {

/// What the reverse of attention knows of each query of each head of each sample.
template <class S>
struct QueryStatistics {
  S* at;        // top, 1 / mass and along = sum(p dp), each (samples, heads, queries)
  Index count;  // samples heads queries
  Index queries, heads;

  [[nodiscard]] constexpr S* row(Index sample, Index head) const {
    return at + (sample * heads + head) * queries;
  }
};

/// The reverse for queries: with p = the probabilities again and dp = d_out v^T, two sweeps over
/// the keys give the statistics of each query, then d_query = scale sum_j p (dp - along) key_j,
/// where it is wanted. A tile of queries of a head to a block.
template <class T, int D, class A>
struct AttendReverseQuery : AttentionOperands<T, D, A> {
  using Base = AttentionOperands<T, D, A>;
  using Base::a;
  using S = Sum<T>;
  using Tile = AttentionTile<S, D>;
  using Scores = typename Tile::Scores;
  static constexpr int threads = Tile::threads, reach = Tile::reach;
  struct Shared {
    typename Tile::Operand query, d_out, key, value;
    typename Tile::Weights slope;
    unsigned char open[Tile::rows];
  };
  Stream<T const> d_out;
  Stream<T> d_query;  // or null
  QueryStatistics<S> statistics;
  constexpr AttendReverseQuery(A const& problem, bool all_even, Stream<T const> from, Stream<T> to,
                               QueryStatistics<S> s)
      : Base{problem, all_even}, d_out(from), d_query(to), statistics(s) {}

  [[nodiscard]] constexpr Index blocks() const {
    return a.query.batch * a.heads * this->tiles(a.query.tokens);
  }
  template <class Block>
  constexpr void operator()(Block const& block, Shared& shared) const {
    HeadTile const at(block.index(), a.heads, this->tiles(a.query.tokens), Tile::rows);
    auto top = block.template kept<Values<S, reach>>();
    auto sums = block.template kept<Values<S, 2 * reach>>();  // 1 / mass, along
    block.alone([&](int t) {
      this->read_queries(a.query, shared.query, at.sample, at.head, at.first,
                         static_cast<S>(a.scale), t);
      this->read_queries(d_out, shared.d_out, at.sample, at.head, at.first, S(1), t);
    });
    measure(block, shared, at, top, sums);
    block.alone([&](int t) {
      int const queries = this->live(at.first, a.query.tokens);
      S* const to = statistics.row(at.sample, at.head) + at.first;
      for (int i = 0; i < reach; ++i) {
        S const mass = sums[t][i], whole = mass > S(0) ? S(1) / mass : mass;
        sums[t][i] = whole;
        sums[t][reach + i] *= whole;
        int const r = Tile::row(t, i);
        if (r >= queries || Tile::column(t, 0) != 0) continue;
        to[r] = top[t][i];
        to[r + statistics.count] = whole;
        to[r + 2 * statistics.count] = sums[t][reach + i];
      }
    });
    if (d_query.data != nullptr) propagate(block, shared, at, top, sums);
  }

 private:
  template <class Block>
  constexpr void read(Block const& block, Shared& shared, HeadTile const& at, Index first) const {
    block.each([&](int t) {
      this->read_keys(a.key, a.extra_key, shared.key, at.sample, at.head, first, t);
      this->read_keys(a.value, a.extra_value, shared.value, at.sample, at.head, first, t);
      if (t < Tile::rows) shared.open[t] = this->open(at.sample, first + t);
    });
  }
  /// Scores of the thread's rows, minus infinity where hidden.
  constexpr Scores visible(Shared const& shared, HeadTile const& at, Index first, bool busy,
                           int t) const {
    Scores s{};
    if (busy) s = Tile::scores(shared.query, shared.key, t);
    for (int i = 0; i < reach; ++i)
      for (int j = 0; j < reach; ++j) {
        int const c = Tile::column(t, j);
        bool const seen =
            busy && shared.open[c] != 0 && this->reaches(at.first + Tile::row(t, i), first + c);
        if (!seen) s[i * reach + j] = least<S>;
      }
    return s;
  }
  /// The first sweep: top = the greatest score, sums = the mass and sum(exp(s - top) dp).
  template <class Block, class Top, class Sums>
  constexpr void measure(Block const& block, Shared& shared, HeadTile const& at, Top& top,
                         Sums& sums) const {
    Index const keys = this->keys(at.sample);
    int const queries = this->live(at.first, a.query.tokens);
    auto score = block.template kept<Scores>();
    auto high = block.template kept<Values<S, reach>>();
    auto part = block.template kept<Values<S, 2 * reach>>();
    block.alone([&](int t) {
      for (int i = 0; i < reach; ++i) top[t][i] = least<S>;
      sums[t] = {};
    });
    for (Index first = 0; first < keys; first += Tile::rows) {
      if (this->beyond(at.first + queries, first)) continue;
      int const count = this->live(first, keys);
      read(block, shared, at, first);
      block.alone([&](int t) {
        bool const busy = Tile::row(t, 0) < queries && Tile::column(t, 0) < count;
        score[t] = visible(shared, at, first, busy, t);
        high[t] = top[t];
        for (int i = 0; i < reach; ++i)
          for (int j = 0; j < reach; ++j) high[t][i] = larger(score[t][i * reach + j], high[t][i]);
      });
      block.template max<Tile::side>(high);
      block.each([&](int t) {
        bool const busy = Tile::row(t, 0) < queries && Tile::column(t, 0) < count;
        Scores slope{};
        if (busy) slope = Tile::scores(shared.d_out, shared.value, t);
        part[t] = {};
        for (int i = 0; i < reach; ++i)
          for (int j = 0; j < reach; ++j) {
            S const w = weight_of(score[t][i * reach + j], high[t][i]);
            part[t][i] += w;
            part[t][reach + i] += w * slope[i * reach + j];
          }
      });
      block.template sum<Tile::side>(part);
      block.alone([&](int t) {
        for (int i = 0; i < reach; ++i) {
          S const fade = weight_of(top[t][i], high[t][i]);
          sums[t][i] = sums[t][i] * fade + part[t][i];
          sums[t][reach + i] = sums[t][reach + i] * fade + part[t][reach + i];
        }
        top[t] = high[t];
      });
    }
  }
  /// The second sweep: d_query.
  template <class Block, class Top, class Sums>
  constexpr void propagate(Block const& block, Shared& shared, HeadTile const& at, Top const& top,
                           Sums const& sums) const {
    Index const keys = this->keys(at.sample), d = a.head_dim();
    int const queries = this->live(at.first, a.query.tokens);
    auto gradient = block.template kept<typename Tile::Mixed>();
    block.alone([&](int t) { gradient[t] = {}; });
    for (Index first = 0; first < keys; first += Tile::rows) {
      if (this->beyond(at.first + queries, first)) continue;
      int const count = this->live(first, keys);
      read(block, shared, at, first);
      block.each([&](int t) {
        bool const busy = Tile::row(t, 0) < queries && Tile::column(t, 0) < count;
        Scores const s = visible(shared, at, first, busy, t);
        Scores slope{};
        if (busy) slope = Tile::scores(shared.d_out, shared.value, t);
        for (int i = 0; i < reach; ++i)
          for (int j = 0; j < reach; ++j) {
            S const p = weight_of(s[i * reach + j], top[t][i]) * sums[t][i];
            shared.slope[Tile::row(t, i)][Tile::column(t, j)] =
                p * (slope[i * reach + j] - sums[t][reach + i]);
          }
      });
      block.each([&](int t) {
        if (Tile::row(t, 0) < queries) Tile::mix(shared.slope, shared.key, count, t, gradient[t]);
      });
    }
    block.alone([&](int t) {
      for (int i = 0; i < reach && Tile::row(t, i) < queries; ++i) {
        T* const to = d_query.sample(at.sample).row(at.first + Tile::row(t, i)) + at.head * d;
        Tile::write(to, this->width(), static_cast<S>(a.scale), t, i, gradient[t]);
      }
    });
  }
};

}  // namespace vlpt::cuda
