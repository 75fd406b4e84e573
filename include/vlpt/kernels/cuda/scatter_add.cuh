#pragma once
#include "vlpt/kernels/cuda/warp_row.cuh"

namespace vlpt::cuda {

/// y row index[b * x.tokens + r] += x row r of sample b; a y of one sample receives all samples.
/// Without atomics: of the entries with one index the first adds all others, in order, so the sum
/// is the same each time. A warp takes some columns of an entry.
template <class T, int N>
struct ScatterAdd : RowKernel {
  using S = Sum<T>;
  Stream<T const> x;
  Index const* index;
  Stream<T> y;
  constexpr ScatterAdd(Stream<T const> in, Index const* i, Stream<T> out)
      : x(in), index(i), y(out) {}

  [[nodiscard]] constexpr Index slices() const { return (x.dim + lanes * N - 1) / (lanes * N); }
  [[nodiscard]] constexpr Index blocks() const { return blocks_for(x.rows() * slices()); }
  template <class Block>
  constexpr void operator()(Block const& block, Shared&) const {
    auto taken = block.template kept<S>();  // 1 where an earlier entry has the same index
    block.alone([&](int t) {
      Entry const e(*this, block.index(), t);
      taken[t] = S(0);
      if (!e.live) return;
      for (Index j = e.first + e.lane; j < e.entry; j += lanes)
        if (index[j] == index[e.entry]) taken[t] = S(1);
    });
    block.template max<lanes>(taken);
    block.alone([&](int t) {
      Entry const e(*this, block.index(), t);
      if (!e.live || taken[t] > S(0) || e.column >= x.dim) return;
      T* const to = y.sample(y.batch == 1 ? 0 : e.entry / x.tokens).row(index[e.entry]) + e.column;
      auto sum = load<N>(to);
      for (Index j = e.entry; j < e.last; ++j) {
        if (index[j] != index[e.entry]) continue;
        auto const v = load<N>(x.sample(j / x.tokens).row(j % x.tokens) + e.column);
        for (int k = 0; k < N; ++k) sum[k] += v[k];
      }
      store<N>(to, sum);
    });
  }

 private:
  /// An entry among those [first, last) that write where it does, and a thread's first column.
  struct Entry {
    Index entry, first, last, column;
    int lane;
    bool live;
    constexpr Entry(ScatterAdd const& k, Index block, int thread) {
      WarpRow const w(block, thread, k.x.rows() * k.slices());
      entry = w.row / k.slices();
      lane = w.lane, live = w.live;
      column = (w.row % k.slices() * lanes + w.lane) * N;
      bool const together = k.y.batch == 1;
      first = together ? 0 : entry / k.x.tokens * k.x.tokens;
      last = together ? k.x.rows() : first + k.x.tokens;
    }
  };
};

}  // namespace vlpt::cuda
