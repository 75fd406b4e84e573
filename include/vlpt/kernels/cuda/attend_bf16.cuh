#pragma once
#include "vlpt/kernels/cuda/each.cuh"
#include "vlpt/kernels/cuda/matrix_operands.cuh"

namespace vlpt::cuda {

/// out = softmax(scale q k^T) v on the matrix units, a tile of queries of a head to a block. Keys
/// pass once, in tiles, as in Attend; scores, statistics and sums stay in registers, in float, and
/// the weights of a tile become the left factor of its values where they are (Dao 2023).
template <int D, class A, int strips>
struct AttendBf16 : MatrixOperands<D, A, strips> {
  using Base = MatrixOperands<D, A, strips>;
  using Base::a, Base::across, Base::reach;
  using Tile = typename Base::Tile;
  using PerRow = typename Base::PerRow;
  using Place = typename Base::Place;
  static constexpr int resident = strips == 1 ? 3 : 2;
  struct Shared {
    alignas(16) typename Tile::template Rows<Tile::own_rows> query;
    alignas(16) typename Tile::Operand key, value;
    unsigned char open[Tile::rows];
  };
  Stream<bf16> out;
  constexpr AttendBf16(A const& problem, bool all_even, Stream<bf16> to)
      : Base(problem, all_even), out(to) {}

  [[nodiscard]] constexpr Index blocks() const { return a.query.batch * a.heads * query_tiles(); }
  [[nodiscard]] constexpr Index query_tiles() const {
    return (a.query.tokens + Tile::own_rows - 1) / Tile::own_rows;
  }
  template <class Block>
  constexpr void operator()(Block const& block, Shared& shared) const {
    HeadTile const at(block.index(), a.heads, query_tiles(), Tile::own_rows);
    Index const keys = this->keys(at.sample);
    int const queries = this->some(at.first, a.query.tokens, Tile::own_rows);
    float const exponent = this->exponent();
    auto score = block.template kept<typename Tile::template Sums<across>>();
    auto sum = block.template kept<typename Tile::Mixed>();
    auto top = block.template kept<PerRow>(), high = block.template kept<PerRow>();
    auto mass = block.template kept<PerRow>();
    auto const bring_keys = [&](Index first) {
      block.alone(
          [&](int t) { this->read_keys(block, shared, at, first, this->live(first, keys), t); });
    };
    Index first = this->next(0, at.first + queries, keys);
    if (first < keys) bring_keys(first);
    block.alone([&](int t) {
      this->read_queries(block, a.query, shared.query, at, at.first, t);
      for (int i = 0; i < reach; ++i) top[t][i] = least<float>, mass[t][i] = 0;
      sum[t] = {};
    });
    // Values come while scores are computed, the next keys while values are mixed.
    for (Index after = 0; first < keys; first = after) {
      int const count = this->live(first, keys);
      auto const wanted = [=](int t) { return Base::scores(t, queries, count); };
      block.arrived();
      block.alone([&](int t) { this->read_values(block, shared, at, first, count, t); });
      this->template rows_by_rows<across>(block, shared.query, shared.key, wanted, score);
      block.alone([&](int t) {
        high[t] = top[t];
        if (wanted(t).m == 0) return;
        this->hide(score[t], shared.open, at, first, count, t);
        using std::fmax;
        this->each_of(score[t], wanted(t), [&](float s, Place p) {
          float& most = high[t][p.row()];
          most = fmax(s, most);
        });
      });
      block.template max<Tile::group>(high);
      block.alone([&](int t) {
        if (wanted(t).m == 0) return;
        PerRow base{}, fade{};
        for (int i = 0; i < reach; ++i) {
          base[i] = this->base(high[t][i], exponent);
          fade[i] = block.power_of_two(top[t][i] * exponent - base[i]);
          mass[t][i] *= fade[i];
        }
        top[t] = high[t];
        this->each_of(score[t], wanted(t), [&](float& s, Place p) {
          s = block.power_of_two(s * exponent - base[p.row()]);
          mass[t][p.row()] += s;
        });
        this->each_of(sum[t], {wanted(t).m, Tile::columns, 0},
                      [&](float& s, Place p) { s *= fade[p.row()]; });
      });
      after = this->next(first + Tile::rows, at.first + queries, keys);
      block.arrived();
      if (after < keys) bring_keys(after);
      this->template mix<across>(block, score, shared.value, wanted, sum);
    }
    block.arrived();  // also where there are no keys
    block.template sum<Tile::group>(mass);
    block.alone([&](int t) {
      unrolled<reach>([&](int i) {
        if (Tile::row(t, i) >= queries) return;
        bf16* const to = this->head_of(out, at.sample, at.head).row(at.first + Tile::row(t, i));
        float const whole = mass[t][i] > 0 ? 1 / mass[t][i] : 0;
        Tile::write(block, to, this->width(), this->even, whole, t, i, sum[t]);
      });
    });
  }
};

}  // namespace vlpt::cuda
