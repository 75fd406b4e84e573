#pragma once
#include "vlpt/kernels/cuda/softmax.cuh"

// Losses of rows and their gradients. Each row, or element, says what it adds; totals.cuh sums.

namespace vlpt::cuda {

/// partial[i] = weight (logsumexp(logits_i) - logits_i[label_i]) / n; d_logits is its gradient.
template <class T, int N>
struct CrossEntropy : RowKernel {
  using S = Sum<T>;
  View<T const> logits;
  Index const* labels;
  T const* weights;  // of classes, or null
  View<T> d_logits;
  S* partial;
  constexpr CrossEntropy(View<T const> x, Index const* l, T const* w, View<T> d, S* p)
      : logits(x), labels(l), weights(w), d_logits(d), partial(p) {}

  [[nodiscard]] constexpr Index blocks() const { return blocks_for(logits.rows); }
  template <class Block>
  constexpr void operator()(Block const& block, Shared&) const {
    using std::exp;
    using std::log;
    auto top = block.template kept<S>(), mass = block.template kept<S>();
    row_top<N>(block, logits, top);
    row_mass<N>(block, logits, top, mass);
    block.alone([&](int t) {
      WarpRow const r(block.index(), t, logits.rows);
      if (!r.live) return;
      Index const label = labels[r.row];
      S const weight = weights == nullptr ? S(1) : static_cast<S>(weights[label]);
      S const share = weight / static_cast<S>(logits.rows);
      r.each<N>(logits.cols, [&](Index c) {
        auto v = load<N>(logits.row(r.row) + c);
        for (int k = 0; k < N; ++k)
          v[k] = share * (exp(v[k] - top[t]) / mass[t] - S(c + k == label ? 1 : 0));
        store<N>(d_logits.row(r.row) + c, v);
      });
      if (r.lane == 0)
        partial[r.row] = share * (log(mass[t]) - (static_cast<S>(logits(r.row, label)) - top[t]));
    });
  }
};

/// partial[i] = -sum_c target_ic log softmax(logits_i)_c / n; d_logits is its gradient. A target
/// of zero adds nothing, even where the logit is minus infinity.
template <class T, int N>
struct SoftCrossEntropy : RowKernel {
  using S = Sum<T>;
  View<T const> logits, targets;
  View<T> d_logits;
  S* partial;
  constexpr SoftCrossEntropy(View<T const> x, View<T const> t, View<T> d, S* p)
      : logits(x), targets(t), d_logits(d), partial(p) {}

  [[nodiscard]] constexpr Index blocks() const { return blocks_for(logits.rows); }
  template <class Block>
  constexpr void operator()(Block const& block, Shared&) const {
    using std::exp;
    using std::log;
    S const n = static_cast<S>(logits.rows);
    auto top = block.template kept<S>(), mass = block.template kept<S>();
    row_top<N>(block, logits, top);
    row_mass<N>(block, logits, top, mass);
    auto sums = block.template kept<Values<S, 2>>();  // of targets, and of the loss
    block.alone([&](int t) {
      WarpRow const r(block.index(), t, logits.rows);
      sums[t] = {};
      r.each<N>(logits.cols, [&](Index c) {
        auto const v = load<N>(logits.row(r.row) + c), w = load<N>(targets.row(r.row) + c);
        for (int k = 0; k < N; ++k) {
          sums[t][0] += w[k];
          if (w[k] != S(0)) sums[t][1] += w[k] * (log(mass[t]) - (v[k] - top[t])) / n;
        }
      });
    });
    block.template sum<lanes>(sums);
    block.alone([&](int t) {
      WarpRow const r(block.index(), t, logits.rows);
      r.each<N>(logits.cols, [&](Index c) {
        auto v = load<N>(logits.row(r.row) + c);
        auto const w = load<N>(targets.row(r.row) + c);
        for (int k = 0; k < N; ++k) v[k] = (sums[t][0] * exp(v[k] - top[t]) / mass[t] - w[k]) / n;
        store<N>(d_logits.row(r.row) + c, v);
      });
      if (r.live && r.lane == 0) partial[r.row] = sums[t][1];
    });
  }
};

/// The loss of an answer's logit x and target t, and d = its slope / n. A target of zero adds
/// nothing where the logit is minus infinity.
template <class T, int N>
struct BinaryCrossEntropy {
  using Total = Sum<T>;
  View<T const> logits, targets;
  View<T> d_logits;

  [[nodiscard]] constexpr Index count() const { return logits.size() / N; }
  constexpr Total operator()(Index i) const {
    using std::exp;
    using std::log1p;
    using S = Total;
    Index const across = logits.cols / N, row = i / across, c = i % across * N;
    auto x = load<N>(logits.row(row) + c);
    auto const t = load<N>(targets.row(row) + c);
    S loss(0);
    for (int k = 0; k < N; ++k) {
      S const small = exp(x[k] > S(0) ? -x[k] : x[k]);  // never overflows
      loss += (x[k] > S(0) ? x[k] : S(0)) - (t[k] == S(0) ? S(0) : x[k] * t[k]) + log1p(small);
      x[k] = ((x[k] > S(0) ? S(1) : small) / (S(1) + small) - t[k]) / static_cast<S>(logits.rows);
    }
    store<N>(d_logits.row(row) + c, x);
    return loss;
  }
};

/// (x - target)^2, and dx = its slope over the number of elements.
template <class T, int N>
struct SquaredError {
  using Total = Sum<T>;
  Stream<T const> x, target;
  Stream<T> dx;

  [[nodiscard]] constexpr Index count() const { return dx.size() / N; }
  constexpr Total operator()(Index i) const {
    using S = Total;
    Index const across = dx.dim / N, row = i / across, c = i % across * N;
    Index const b = row / dx.tokens, r = row % dx.tokens;
    auto d = load<N>(x.data + b * x.batch_stride + r * x.stride + c);
    auto const wanted = load<N>(target.data + b * target.batch_stride + r * target.stride + c);
    S sum(0);
    for (int k = 0; k < N; ++k) {
      d[k] -= wanted[k];
      sum += d[k] * d[k];
      d[k] = S(2) * d[k] / static_cast<S>(x.size());
    }
    store<N>(dx.data + b * dx.batch_stride + r * dx.stride + c, d);
    return sum;
  }
};

}  // namespace vlpt::cuda
