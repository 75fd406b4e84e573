#pragma once
#include "vlpt/kernels/cuda/attend_reverse.cuh"
#include "vlpt/kernels/cuda/matrix_operands.cuh"

namespace vlpt::cuda {

/// The reverse for queries, as AttendReverseQuery, on the matrix units: a sweep over the keys for
/// the statistics of each query, a second one for d_query, where it is wanted. Statistics are
/// `level`, with p = 2^(exponent s - level), infinite where nothing is visible, and `along`.
template <int D, class A>
struct AttendReverseQueryBf16 : MatrixOperands<D, A> {
  using Base = MatrixOperands<D, A>;
  using Base::a, Base::across, Base::reach;
  using Tile = typename Base::Tile;
  using PerRow = typename Base::PerRow;
  using Place = typename Base::Place;
  using Scores = typename Tile::template Sums<across>;
  static constexpr int resident = D > 64 ? 2 : 3;
  struct Shared {
    alignas(16) typename Tile::Operand query, d_out, key, value;
    unsigned char open[Tile::rows];
  };
  Stream<bf16 const> d_out;
  Stream<bf16> d_query;  // or null
  QueryStatistics<float> statistics;
  constexpr AttendReverseQueryBf16(A const& problem, bool all_even, Stream<bf16 const> from,
                                   Stream<bf16> to, QueryStatistics<float> s)
      : Base(problem, all_even), d_out(from), d_query(to), statistics(s) {}

  [[nodiscard]] constexpr Index blocks() const {
    return a.query.batch * a.heads * this->tiles(a.query.tokens);
  }
  template <class Block>
  constexpr void operator()(Block const& block, Shared& shared) const {
    HeadTile const at(block.index(), a.heads, this->tiles(a.query.tokens), Tile::rows);
    auto level = block.template kept<PerRow>(), along = block.template kept<PerRow>();
    block.alone([&](int t) {
      this->read_queries(block, a.query, shared.query, at, at.first, t);
      this->read_queries(block, d_out, shared.d_out, at, at.first, t);
    });
    measure(block, shared, at, level, along);
    block.arrived();  // also where there are no keys
    block.alone([&](int t) {
      float* const to = statistics.row(at.sample, at.head) + at.first;
      for (int i = 0; i < reach; ++i) {
        int const r = Tile::row(t, i);
        if (r >= this->live(at.first, a.query.tokens) || t % Tile::group != 0) continue;
        to[r] = level[t][i];
        to[r + statistics.count] = along[t][i];
      }
    });
    if (d_query.data != nullptr) propagate(block, shared, at, level, along);
  }

 private:
  /// f(first, count, wanted) for each tile of keys that lies in shared memory, with the scores of
  /// its keys, minus infinity where hidden, and the slopes of their weights.
  template <class Block, class Kept, class F>
  constexpr void sweep(Block const& block, Shared& shared, HeadTile const& at, Kept& score,
                       Kept& slope, F const& f) const {
    Index const keys = this->keys(at.sample);
    int const queries = this->live(at.first, a.query.tokens);
    Index const end = at.first + queries;
    for (Index first = this->next(0, end, keys); first < keys;
         first = this->next(first + Tile::rows, end, keys)) {
      int const count = this->live(first, keys);
      auto const wanted = [=](int t) { return Base::scores(t, queries, count); };
      block.wait();
      block.alone([&](int t) {
        this->read_keys(block, shared, at, first, count, t);
        this->read_values(block, shared, at, first, count, t);
      });
      block.arrived();
      this->template rows_by_rows<across>(block, shared.query, shared.key, wanted, score);
      this->template rows_by_rows<across>(block, shared.d_out, shared.value, wanted, slope);
      block.alone([&](int t) {
        if (wanted(t).m > 0) this->hide(score[t], shared.open, at, first, count, t);
      });
      f(wanted);
    }
  }
  template <class Block, class Rows>
  constexpr void measure(Block const& block, Shared& shared, HeadTile const& at, Rows& level,
                         Rows& along) const {
    using std::log2;
    float const exponent = this->exponent();
    auto score = block.template kept<Scores>(), slope = block.template kept<Scores>();
    auto top = block.template kept<PerRow>(), high = block.template kept<PerRow>();
    auto mass = block.template kept<PerRow>();
    block.alone([&](int t) {
      for (int i = 0; i < reach; ++i) top[t][i] = least<float>, mass[t][i] = 0, along[t][i] = 0;
    });
    sweep(block, shared, at, score, slope, [&](auto const& wanted) {
      block.alone([&](int t) {
        high[t] = top[t];
        if (wanted(t).m == 0) return;
        using std::fmax;
        this->each_of(score[t], wanted(t), [&](float s, Place p) {
          float& most = high[t][p.row()];
          most = fmax(s, most);
        });
      });
      block.template max<Tile::group>(high);
      block.alone([&](int t) {
        if (wanted(t).m == 0) return;
        PerRow base{};
        for (int i = 0; i < reach; ++i) {
          base[i] = this->base(high[t][i], exponent);
          float const fade = block.power_of_two(top[t][i] * exponent - base[i]);
          mass[t][i] *= fade, along[t][i] *= fade;
        }
        top[t] = high[t];
        this->each_of(score[t], wanted(t), [&](float s, Place p) {
          int const i = p.row();
          float const w = block.power_of_two(s * exponent - base[i]);
          mass[t][i] += w, along[t][i] += w * slope[t][p.m][p.n][p.v];
        });
      });
    });
    block.template sum<Tile::group>(mass);
    block.template sum<Tile::group>(along);
    block.alone([&](int t) {
      for (int i = 0; i < reach; ++i) {
        bool const any = mass[t][i] > 0;
        level[t][i] = any ? this->base(top[t][i], exponent) + log2(mass[t][i]) : -least<float>;
        along[t][i] = any ? along[t][i] / mass[t][i] : 0;
      }
    });
  }
  template <class Block, class Rows>
  constexpr void propagate(Block const& block, Shared& shared, HeadTile const& at,
                           Rows const& level, Rows const& along) const {
    float const exponent = this->exponent();
    auto score = block.template kept<Scores>(), slope = block.template kept<Scores>();
    auto sum = block.template kept<typename Tile::Mixed>();
    block.alone([&](int t) { sum[t] = {}; });
    sweep(block, shared, at, score, slope, [&](auto const& wanted) {
      block.alone([&](int t) {
        if (wanted(t).m == 0) return;
        this->each_of(score[t], wanted(t), [&](float& s, Place p) {
          int const i = p.row();
          s = block.power_of_two(s * exponent - level[t][i]) *
              (slope[t][p.m][p.n][p.v] - along[t][i]);
        });
      });
      this->template mix<across>(block, score, shared.key, wanted, sum);
    });
    block.alone([&](int t) {
      unrolled<reach>([&](int i) {
        if (Tile::row(t, i) >= this->live(at.first, a.query.tokens)) return;
        View<bf16> const to = this->head_of(d_query, at.sample, at.head);
        Tile::write(block, to.row(at.first + Tile::row(t, i)), this->width(), this->even,
                    static_cast<float>(a.scale), t, i, sum[t]);
      });
    });
  }
};

}  // namespace vlpt::cuda
