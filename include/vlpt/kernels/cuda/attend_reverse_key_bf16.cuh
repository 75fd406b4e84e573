#pragma once
#include "vlpt/kernels/cuda/attend_reverse_bf16.cuh"

namespace vlpt::cuda {

/// The reverse for keys and values, as AttendReverseKey, on the matrix units: a tile of keys of a
/// head to a block, queries pass. Extra rows are written sample by sample, in float, for AddExtra.
template <int D, class A>
struct AttendReverseKeyBf16 : MatrixOperands<D, A> {
  using Base = MatrixOperands<D, A>;
  using Base::a, Base::reach, Base::side;
  using Tile = typename Base::Tile;
  /// Queries that pass at once, and their tiles: fewer where sums need the registers.
  static constexpr int passing = D > 64 ? 32 : 64, across = passing / side;
  using Scores = typename Tile::template Sums<across>;
  static constexpr int resident = D > 64 ? 2 : 3;
  struct Shared {
    alignas(16) typename Tile::Operand key, value;
    alignas(16) typename Tile::template Rows<passing> query, d_out;
    float level[passing], along[passing];
    unsigned char open[Tile::rows];
  };
  Stream<bf16 const> d_out;
  Stream<bf16> d_key, d_value;               // or null
  Stream<float> d_extra_key, d_extra_value;  // of each sample; or null
  QueryStatistics<float> statistics;
  constexpr AttendReverseKeyBf16(A const& problem, bool all_even, Stream<bf16 const> from,
                                 Stream<bf16> dk, Stream<bf16> dv, Stream<float> dek,
                                 Stream<float> dev, QueryStatistics<float> s)
      : Base(problem, all_even),
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
    Index const all = d_extra_key.data != nullptr ? a.keys() : a.key.tokens;
    return this->tiles(all) - first_tile();
  }
  [[nodiscard]] constexpr Index blocks() const { return a.query.batch * a.heads * wanted_tiles(); }
  template <class Block>
  constexpr void operator()(Block const& block, Shared& shared) const {
    HeadTile at(block.index(), a.heads, wanted_tiles(), Tile::rows);
    at.first += first_tile() * Tile::rows;
    int const count = this->live(at.first, this->keys(at.sample));
    auto weight = block.template kept<Scores>(), slope = block.template kept<Scores>();
    auto key = block.template kept<typename Tile::Mixed>();
    auto value = block.template kept<typename Tile::Mixed>();
    block.alone([&](int t) {
      this->read_keys(block, shared, at, at.first, count, t);
      this->read_values(block, shared, at, at.first, count, t);
      key[t] = {}, value[t] = {};
    });
    for (Index first = 0; first < a.query.tokens; first += passing) {
      int const queries = this->some(first, a.query.tokens, passing);
      if (this->beyond(first + queries, at.first)) continue;
      auto const wanted = [=](int t) { return Base::scores(t, count, queries); };
      block.wait();
      block.alone([&](int t) { read(block, shared, at, first, queries, t); });
      block.arrived();
      this->template rows_by_rows<across>(block, shared.key, shared.query, wanted, weight);
      this->template rows_by_rows<across>(block, shared.value, shared.d_out, wanted, slope);
      block.alone(
          [&](int t) { weigh(block, shared, at, first, wanted(t), t, weight[t], slope[t]); });
      this->template mix<across>(block, weight, shared.d_out, wanted, value);
      this->template mix<across>(block, slope, shared.query, wanted, key);
    }
    block.arrived();  // also where no query sees these keys
    block.alone([&](int t) {
      unrolled<reach>([&](int i) {
        if (Tile::row(t, i) >= count) return;
        Index const j = at.first + Tile::row(t, i);
        write(block, d_key, d_extra_key, at, j, static_cast<float>(a.scale), t, i, key[t]);
        write(block, d_value, d_extra_value, at, j, 1, t, i, value[t]);
      });
    });
  }

 private:
  /// What is behind the last query has no weight.
  template <class Block>
  constexpr void read(Block const& block, Shared& shared, HeadTile const& at, Index first,
                      int queries, int t) const {
    this->read_queries(block, a.query, shared.query, at, first, t);
    this->read_queries(block, d_out, shared.d_out, at, first, t);
    if (t >= passing) return;
    float const* const from = statistics.row(at.sample, at.head) + first + t;
    shared.level[t] = t < queries ? from[0] : -least<float>;
    shared.along[t] = t < queries ? from[statistics.count] : 0;
  }
  /// Scores become weights, slopes of weights slopes of scores.
  template <class Block>
  constexpr void weigh(Block const& block, Shared const& shared, HeadTile const& at, Index first,
                       Reach wanted, int t, Scores& weight, Scores& slope) const {
    float const exponent = this->exponent();
    bool const all = a.key_mask == nullptr && !a.causal;
    this->each_of(weight, wanted, [&](float& w, typename Base::Place p) {
      int const c = Tile::column(t, p.n, p.v), r = Tile::row(t, p.row());
      float& s = slope[p.m][p.n][p.v];
      bool const seen = all || (shared.open[r] != 0 && this->reaches(first + c, at.first + r));
      w = seen ? block.power_of_two(w * exponent - shared.level[c]) : 0;
      s = w * (s - shared.along[c]);
    });
  }
  template <class Block>
  constexpr void write(Block const& block, Stream<bf16> const& own, Stream<float> const& extra,
                       HeadTile const& at, Index j, float factor, int t, int i,
                       typename Tile::Mixed const& sum) const {
    if (j < a.key.tokens) {
      if (own.data == nullptr) return;
      bf16* const row = this->head_of(own, at.sample, at.head).row(j);
      Tile::write(block, row, this->width(), this->even, factor, t, i, sum);
    } else if (extra.data != nullptr) {
      float* const row = this->head_of(extra, at.sample, at.head).row(j - a.key.tokens);
      Tile::write(block, row, this->width(), this->even, factor, t, i, sum);
    }
  }
};

}  // namespace vlpt::cuda
