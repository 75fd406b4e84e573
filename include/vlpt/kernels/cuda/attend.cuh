#pragma once
#include "vlpt/kernels/cuda/attention_operands.cuh"
#include "vlpt/kernels/cuda/each.cuh"

namespace vlpt::cuda {

/// out = softmax(scale q k^T) v, a tile of queries of a head to a block. Keys pass once, in tiles:
/// the greatest score and the sum so far are kept, and what was added up before is scaled when a
/// greater one comes (Milakov and Gimelshein 2018; Dao et al. 2022). No scores lie in memory.
template <class T, int D, class A>
struct Attend : AttentionOperands<T, D, A> {
  using Base = AttentionOperands<T, D, A>;
  using Base::a;
  using S = Sum<T>;
  using Tile = AttentionTile<S, D>;
  using Rows = Values<S, Tile::reach>;
  static constexpr int threads = Tile::threads, reach = Tile::reach;
  struct Shared {
    typename Tile::Operand query, key, value;
    typename Tile::Weights weight;
    unsigned char open[Tile::rows];
  };
  Stream<T> out;
  constexpr Attend(A const& problem, bool all_even, Stream<T> to)
      : Base{problem, all_even}, out(to) {}

  [[nodiscard]] constexpr Index blocks() const {
    return a.query.batch * a.heads * this->tiles(a.query.tokens);
  }
  template <class Block>
  constexpr void operator()(Block const& block, Shared& shared) const {
    using std::exp;
    HeadTile const at(block.index(), a.heads, this->tiles(a.query.tokens), Tile::rows);
    Index const keys = this->keys(at.sample);
    int const queries = this->live(at.first, a.query.tokens);
    auto score = block.template kept<typename Tile::Scores>();
    auto sum = block.template kept<typename Tile::Mixed>();
    auto top = block.template kept<Rows>(), high = block.template kept<Rows>();
    auto mass = block.template kept<Rows>(), part = block.template kept<Rows>();
    block.alone([&](int t) {
      this->read_queries(a.query, shared.query, at.sample, at.head, at.first,
                         static_cast<S>(a.scale), t);
      for (int i = 0; i < reach; ++i) top[t][i] = least<S>, mass[t][i] = S(0);
      sum[t] = {};
    });
    for (Index first = 0; first < keys; first += Tile::rows) {
      if (this->beyond(at.first + queries, first)) continue;
      int const count = this->live(first, keys);
      block.each([&](int t) {
        this->read_keys(a.key, a.extra_key, shared.key, at.sample, at.head, first, t);
        this->read_keys(a.value, a.extra_value, shared.value, at.sample, at.head, first, t);
        if (t < Tile::rows) shared.open[t] = this->open(at.sample, first + t);
      });
      block.alone([&](int t) {
        bool const busy = Tile::row(t, 0) < queries && Tile::column(t, 0) < count;
        if (busy) score[t] = Tile::scores(shared.query, shared.key, t);
        for (int i = 0; i < reach; ++i) {
          Index const query = at.first + Tile::row(t, i);
          high[t][i] = top[t][i];
          for (int j = 0; j < reach; ++j) {
            int const c = Tile::column(t, j);
            S& s = score[t][i * reach + j];
            if (!busy || shared.open[c] == 0 || !this->reaches(query, first + c)) s = least<S>;
            high[t][i] = larger(s, high[t][i]);
          }
        }
      });
      block.template max<Tile::side>(high);
      block.each([&](int t) {
        part[t] = {};
        for (int i = 0; i < reach; ++i)
          for (int j = 0; j < reach; ++j) {
            S const w = weight_of(score[t][i * reach + j], high[t][i]);
            part[t][i] += w;
            shared.weight[Tile::row(t, i)][Tile::column(t, j)] = w;
          }
      });
      block.template sum<Tile::side>(part);
      block.each([&](int t) {
        for (int i = 0; i < reach; ++i) {
          S const fade = weight_of(top[t][i], high[t][i]);
          top[t][i] = high[t][i];
          mass[t][i] = mass[t][i] * fade + part[t][i];
          for (int c = 0; c < Tile::columns; ++c) sum[t][i * Tile::columns + c] *= fade;
        }
        if (Tile::row(t, 0) < queries) Tile::mix(shared.weight, shared.value, count, t, sum[t]);
      });
    }
    block.alone([&](int t) {
      for (int i = 0; i < reach && Tile::row(t, i) < queries; ++i) {
        T* const to = out.sample(at.sample).row(at.first + Tile::row(t, i));
        S const whole = mass[t][i] > S(0) ? S(1) / mass[t][i] : S(0);
        Tile::write(to + at.head * a.head_dim(), this->width(), whole, t, i, sum[t]);
      }
    });
  }
};

}  // namespace vlpt::cuda
