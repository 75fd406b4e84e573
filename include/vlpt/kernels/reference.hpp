#pragma once
#include <cmath>
#include <string_view>

#include "vlpt/core/arena.hpp"
#include "vlpt/kernels/backend.hpp"
#include "vlpt/kernels/reference_attention.hpp"
#include "vlpt/kernels/reference_binary_cross_entropy.hpp"
#include "vlpt/kernels/reference_halves.hpp"
#include "vlpt/kernels/reference_products.hpp"
#include "vlpt/kernels/reference_scores.hpp"

namespace vlpt {

/// Plain loops for any scalar, one formula a function: the truth that other backends are tested
/// against, and the last resort on a machine that nothing else fits.
template <class T>
class Reference : public ReferenceAttention<T>,
                  public ReferenceHalves<T>,
                  public ReferenceProducts<T>,
                  public ReferenceScores<T> {
 public:
  using Scalar = T;
  using Memory = HostMemory;
  using Sum = typename ReferenceAttention<T>::Sum;  // what products add up in
  static constexpr std::string_view name = "reference";

  // ---- rows -------------------------------------------------------------------------------
  void fill(Stream<T> y, T value) const {
    each(y, [&](T& e, Index, Index, Index) { e = value; });
  }
  /// y = x; x of batch 1 is repeated for every sample.
  void copy(Stream<T const> x, Stream<T> y) const {
    each(y, [&](T& e, Index b, Index r, Index c) { e = x.sample(x.batch == 1 ? 0 : b)(r, c); });
  }
  /// y += x; x of batch 1 is repeated; y of batch 1 receives the sum over samples, in order.
  void add(Stream<T const> x, Stream<T> y) const {
    if (x.batch == 0 || y.batch == 0) return;
    Index const batch = x.batch > y.batch ? x.batch : y.batch;
    for (Index b = 0; b < batch; ++b) {
      auto const from = x.sample(x.batch == 1 ? 0 : b);
      auto const to = y.sample(y.batch == 1 ? 0 : b);
      for (Index r = 0; r < y.tokens; ++r)
        for (Index c = 0; c < y.dim; ++c) to(r, c) += from(r, c);
    }
  }
  void scale(T a, Stream<T> y) const {
    each(y, [&](T& e, Index, Index, Index) { e *= a; });
  }
  /// y row r of sample b = x row index[b * y.tokens + r]; x of batch 1 is shared.
  void gather(Stream<T const> x, Index const* index, Stream<T> y) const {
    each(y, [&](T& e, Index b, Index r, Index c) {
      e = x.sample(x.batch == 1 ? 0 : b)(index[b * y.tokens + r], c);
    });
  }
  /// y row index[b * x.tokens + r] += x row r; y of batch 1 receives the sum over samples.
  void scatter_add(Stream<T const> x, Index const* index, Stream<T> y) const {
    for (Index b = 0; b < x.batch; ++b)
      for (Index r = 0; r < x.tokens; ++r)
        for (Index c = 0; c < x.dim; ++c)
          y.sample(y.batch == 1 ? 0 : b)(index[b * x.tokens + r], c) += x.sample(b)(r, c);
  }

  // ---- products ---------------------------------------------------------------------------
  /// y = F(x w^T + b); before receives x w^T + b, if it is not null.
  template <class F>
  void linear_activate(View<T const> x, View<T const> w, View<T const> b, View<T> before,
                       View<T> y) const {
    this->linear(x, w, b, y);
    if (before.data != nullptr) copy({View<T const>(y), 1}, {before, 1});
    activate<F>(View<T const>(y), y);
  }
  // ---- layer norm -------------------------------------------------------------------------
  /// y = (x - mean) * rstd * gamma + beta, rstd = 1 / sqrt(biased variance + eps), row by row.
  /// stats (n, 2) = (mean, rstd), or null when no reverse will follow.
  void layer_norm(View<T const> x, View<T const> gamma, View<T const> beta, double eps, View<T> y,
                  View<T> stats) const {
    using std::sqrt;
    for (Index i = 0; i < x.rows; ++i) {
      T mean = T(0), variance = T(0);
      for (Index c = 0; c < x.cols; ++c) mean += x(i, c);
      mean /= T(x.cols);
      for (Index c = 0; c < x.cols; ++c) variance += (x(i, c) - mean) * (x(i, c) - mean);
      T const rstd = T(1) / sqrt(variance / T(x.cols) + T(eps));
      for (Index c = 0; c < x.cols; ++c)
        y(i, c) = (x(i, c) - mean) * rstd * gamma(0, c) + beta(0, c);
      if (stats.data != nullptr) stats(i, 0) = mean, stats(i, 1) = rstd;
    }
  }
  /// With h = (x - mean) rstd, g = dy * gamma: dx = rstd (g - mean(g) - h mean(g h));
  /// dgamma += sum dy h, dbeta += sum dy. dx may be null; dgamma and dbeta both or neither.
  void layer_norm_reverse(View<T const> dy, View<T const> x, View<T const> stats,
                          View<T const> gamma, View<T> dx, View<T> dgamma, View<T> dbeta) const {
    for (Index i = 0; i < x.rows; ++i) {
      T const mean = stats(i, 0), rstd = stats(i, 1);
      T sum_g = T(0), sum_gh = T(0);
      for (Index c = 0; c < x.cols; ++c) {
        T const h = (x(i, c) - mean) * rstd, g = dy(i, c) * gamma(0, c);
        sum_g += g;
        sum_gh += g * h;
        if (dgamma.data != nullptr) dgamma(0, c) += dy(i, c) * h, dbeta(0, c) += dy(i, c);
      }
      if (dx.data == nullptr) continue;
      sum_g /= T(x.cols);
      sum_gh /= T(x.cols);
      for (Index c = 0; c < x.cols; ++c) {
        T const h = (x(i, c) - mean) * rstd;
        dx(i, c) = rstd * (dy(i, c) * gamma(0, c) - sum_g - h * sum_gh);
      }
    }
  }

  // ---- activations ------------------------------------------------------------------------
  template <class F>
  void activate(View<T const> x, View<T> y) const {
    for (Index i = 0; i < x.rows; ++i)
      for (Index c = 0; c < x.cols; ++c) y(i, c) = F::value(x(i, c));
  }
  template <class F>
  void activate_reverse(View<T const> dy, View<T const> x, View<T> dx) const {
    for (Index i = 0; i < x.rows; ++i)
      for (Index c = 0; c < x.cols; ++c) dx(i, c) = dy(i, c) * F::slope(x(i, c));
  }

  // ---- rows and scalars that are values of the run --------------------------------------
  /// y (n, 1) = the largest element of each row.
  void row_max(View<T const> x, View<T> y) const {
    for (Index i = 0; i < x.rows; ++i) {
      y(i, 0) = x(i, 0);
      for (Index c = 1; c < x.cols; ++c) y(i, 0) = x(i, c) > y(i, 0) ? x(i, c) : y(i, 0);
    }
  }
  /// y row i = a (n, 1) of i times x row i; y may be x.
  void scale_rows(View<T const> a, View<T const> x, View<T> y) const {
    for (Index i = 0; i < x.rows; ++i)
      for (Index c = 0; c < x.cols; ++c) y(i, c) = a(i, 0) * x(i, c);
  }
  /// y row = exp(x - max) / sum; y may be x.
  void softmax(View<T const> x, View<T> y) const {
    using std::exp;
    for (Index i = 0; i < x.rows; ++i) {
      T top = x(i, 0), sum = T(0);
      for (Index c = 1; c < x.cols; ++c) top = x(i, c) > top ? x(i, c) : top;
      for (Index c = 0; c < x.cols; ++c) sum += y(i, c) = exp(x(i, c) - top);
      for (Index c = 0; c < x.cols; ++c) y(i, c) /= sum;
    }
  }
  /// dx = y (dy - sum(y dy)) for y = softmax(x); dx may be dy.
  void softmax_reverse(View<T const> dy, View<T const> y, View<T> dx) const {
    for (Index i = 0; i < y.rows; ++i) {
      T sum = T(0);
      for (Index c = 0; c < y.cols; ++c) sum += y(i, c) * dy(i, c);
      for (Index c = 0; c < y.cols; ++c) dx(i, c) = y(i, c) * (dy(i, c) - sum);
    }
  }
  /// y = a x for a (1, 1) that may itself be learnt; y may be x.
  void scale_by(View<T const> a, Stream<T const> x, Stream<T> y) const {
    each(y, [&](T& e, Index b, Index r, Index c) { e = a(0, 0) * x.sample(b)(r, c); });
  }
  /// y += a x.
  void add_scaled(View<T const> a, Stream<T const> x, Stream<T> y) const {
    each(y, [&](T& e, Index b, Index r, Index c) { e += a(0, 0) * x.sample(b)(r, c); });
  }
  /// a (1, 1) += sum of x y, in the order of the rows.
  void dot(Stream<T const> x, Stream<T const> y, View<T> a) const {
    T sum = T(0);
    for (Index b = 0; b < x.batch; ++b)
      for (Index r = 0; r < x.tokens; ++r)
        for (Index c = 0; c < x.dim; ++c) sum += x.sample(b)(r, c) * y.sample(b)(r, c);
    a(0, 0) += sum;
  }

  // ---- reductions and losses --------------------------------------------------------------
  /// y (batch, dim) = mean over the rows of each sample.
  void mean_rows(Stream<T const> x, View<T> y) const {
    for (Index b = 0; b < x.batch; ++b)
      for (Index c = 0; c < x.dim; ++c) {
        T sum = T(0);
        for (Index r = 0; r < x.tokens; ++r) sum += x.sample(b)(r, c);
        y(b, c) = sum / T(x.tokens);
      }
  }
  /// dx (every row) = dy / tokens.
  void mean_rows_reverse(View<T const> dy, Stream<T> dx) const {
    each(dx, [&](T& e, Index b, Index, Index c) { e = dy(b, c) / T(dx.tokens); });
  }
  /// (1/n) sum_i weight[label_i] (logsumexp(logits_i) - logits_i[label_i]); d_logits is its
  /// gradient. Divided by the number of rows, not by the sum of weights. weights (1, classes) or
  /// null. As all losses: added to loss (1, 1).
  void cross_entropy(View<T const> logits, Index const* labels, View<T const> weights,
                     View<T> d_logits, View<T> loss) const {
    using std::exp;
    using std::log;
    T total = T(0);
    for (Index i = 0; i < logits.rows; ++i) {
      T top = logits(i, 0), sum = T(0);
      for (Index c = 1; c < logits.cols; ++c) top = logits(i, c) > top ? logits(i, c) : top;
      for (Index c = 0; c < logits.cols; ++c) sum += exp(logits(i, c) - top);
      T const w = (weights.data == nullptr ? T(1) : weights(0, labels[i])) / T(logits.rows);
      total += w * (log(sum) - (logits(i, labels[i]) - top));
      for (Index c = 0; c < logits.cols; ++c)
        d_logits(i, c) = w * (exp(logits(i, c) - top) / sum - T(c == labels[i] ? 1 : 0));
    }
    loss(0, 0) += total;
  }
  void binary_cross_entropy(View<T const> logits, View<T const> targets, View<T> d_logits,
                            View<T> loss) const {
    loss(0, 0) += reference_binary_cross_entropy(logits, targets, d_logits);
  }
  /// Mean over all elements of (x - target)^2; dx is its gradient.
  void squared_error(Stream<T const> x, Stream<T const> target, Stream<T> dx, View<T> loss) const {
    T sum = T(0);
    each(dx, [&](T& e, Index b, Index r, Index c) {
      T const d = x.sample(b)(r, c) - target.sample(b)(r, c);
      sum += d * d;
      e = T(2) * d / T(x.size());
    });
    loss(0, 0) += sum / T(x.size());
  }

  // ---- images -----------------------------------------------------------------------------
  /// images (batch, channels * height, width) -> y (batch, patches, channels * patch * patch):
  /// patches in raster order, each flattened channel, row, column.
  void patches(Stream<T const> images, Index channels, Index patch, Stream<T> y) const {
    each_patch_pixel(images, channels, patch, y,
                     [](T const& pixel, T& element) { element = pixel; });
  }
  void patches_reverse(Stream<T const> dy, Index channels, Index patch, Stream<T> d_images) const {
    each_patch_pixel(d_images, channels, patch, dy,
                     [](T& pixel, T const& element) { pixel = element; });
  }

  // ---- dropout ----------------------------------------------------------------------------
  /// y = x / (1 - rate) where uniform(element) >= rate, else 0. Elements are numbered by their
  /// logical place (sample * all_rows + first_row + row) * dim + column.
  void dropout(Random random, double rate, Index all_rows, Index first_row, Stream<T const> x,
               Stream<T> y) const {
    T const keep = T(1.0 / (1.0 - rate));
    each(y, [&](T& e, Index b, Index r, Index c) {
      auto const place = static_cast<std::uint64_t>((b * all_rows + first_row + r) * y.dim + c);
      T const v = x.sample(x.batch == 1 ? 0 : b)(r, c);
      e = random.uniform(place) >= rate ? v * keep : T(0);
    });
  }

 private:
  template <class F>
  static void each(Stream<T> y, F const& f) {
    for (Index b = 0; b < y.batch; ++b)
      for (Index r = 0; r < y.tokens; ++r)
        for (Index c = 0; c < y.dim; ++c) f(y.sample(b)(r, c), b, r, c);
  }
  template <class Images, class Patches, class F>
  static void each_patch_pixel(Images images, Index channels, Index patch, Patches y, F const& f) {
    Index const across = images.dim / patch, down = images.tokens / channels / patch;
    for (Index b = 0; b < y.batch; ++b)
      for (Index n = 0; n < y.tokens; ++n)
        for (Index c = 0; c < channels; ++c)
          for (Index i = 0; i < patch; ++i)
            for (Index j = 0; j < patch; ++j)
              f(images.sample(b)(c * down * patch + n / across * patch + i, n % across * patch + j),
                y.sample(b)(n, (c * patch + i) * patch + j));
  }
};

}  // namespace vlpt
