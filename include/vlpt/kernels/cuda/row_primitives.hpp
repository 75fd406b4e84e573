#pragma once
#include <algorithm>
#include <cstddef>
#include <span>

#include "vlpt/core/error.hpp"
#include "vlpt/kernels/cuda/column_sums.cuh"
#include "vlpt/kernels/cuda/element_primitives.hpp"
#include "vlpt/kernels/cuda/layer_norm.cuh"
#include "vlpt/kernels/cuda/softmax.cuh"
#include "vlpt/kernels/cuda/totals.cuh"
#include "vlpt/kernels/cuda/unit_rows.cuh"

namespace vlpt::cuda {

/// The primitives that add up over a row, over columns or over everything.
template <class T, class M>
class RowPrimitives : public ElementPrimitives<T, M> {
  using Base = ElementPrimitives<T, M>;
  using S = Sum<T>;

 public:
  using Base::Base;

  void layer_norm(View<T const> x, View<T const> gamma, View<T const> beta, double eps, View<T> y,
                  View<Sum<T>> stats) const {
    this->at_width(this->all_even(x, gamma, beta, y), [&](auto n) {
      this->launch(LayerNorm<T, decltype(n)::value>(x, gamma, beta, static_cast<S>(eps), y, stats));
    });
  }
  void layer_norm_reverse(View<T const> dy, View<T const> x, View<Sum<T> const> stats,
                          View<T const> gamma, View<T> dx, View<T> dgamma, View<T> dbeta) const {
    if (x.empty()) return;
    if (dx.data != nullptr)
      this->at_width(this->all_even(dy, x, gamma, dx), [&](auto n) {
        this->launch(LayerNormReverse<T, decltype(n)::value>(dy, x, stats, gamma, dx));
      });
    if (dgamma.data == nullptr) return;
    auto const [partial, run] = runs(x.rows, 2 * x.cols);
    this->at_width(this->all_even(dy, x), [&, p = partial, r = run](auto n) {
      this->launch_each(NormSums<T, decltype(n)::value>{dy, x, stats, r, p});
    });
    this->launch_each(AddRuns<T>{partial.middle_cols(0, x.cols), dgamma});
    this->launch_each(AddRuns<T>{partial.middle_cols(x.cols, x.cols), dbeta});
  }

  void row_max(View<T const> x, View<T> y) const {
    this->at_width(this->even(x),
                   [&](auto n) { this->launch(RowMax<T, decltype(n)::value>(x, y)); });
  }
  void softmax(View<T const> x, View<T> y) const {
    this->at_width(this->all_even(x, y),
                   [&](auto n) { this->launch(Softmax<T, decltype(n)::value>(x, y)); });
  }
  void softmax_reverse(View<T const> dy, View<T const> y, View<T> dx) const {
    this->at_width(this->all_even(dy, y, dx),
                   [&](auto n) { this->launch(SoftmaxReverse<T, decltype(n)::value>(dy, y, dx)); });
  }
  void unit_rows(View<T const> x, View<T> y, View<T> lengths) const {
    this->at_width(this->all_even(x, y),
                   [&](auto n) { this->launch(UnitRows<T, decltype(n)::value>(x, y, lengths)); });
  }
  void unit_rows_reverse(View<T const> dy, View<T const> y, View<T const> lengths,
                         View<T> dx) const {
    this->at_width(this->all_even(dy, y, dx), [&](auto n) {
      this->launch(UnitRowsReverse<T, decltype(n)::value>(dy, y, lengths, dx));
    });
  }

  void dot(Stream<T const> x, Stream<T const> y, View<T> a) const {
    this->at_width(this->all_even(x, y), [&](auto n) {
      this->total(Products<T, decltype(n)::value>{x, y}, S(1), a.data);
    });
  }
  /// The sum of the squares of x in double; waits for it.
  [[nodiscard]] double squared_norm(View<T const> x) const {
    double* const sum = room<double>(most_warps + 1) + most_warps;  // behind the partial sums
    this->launch_each(
        Map<double, 1, Constant<double>>{Constant<double>(0), {}, {}, {sum, 1, 1, 1}});
    this->at_width(this->even(x),
                   [&](auto n) { this->total(Squares<T, decltype(n)::value>{x}, 1.0, sum); });
    double found = 0;
    this->machine_.fetch(static_cast<std::byte const*>(static_cast<void const*>(sum)),
                         std::as_writable_bytes(std::span(&found, 1)));
    return found;
  }

 protected:
  /// *y += factor times the sum of the terms.
  template <class F, class U>
  void total(F const& term, typename F::Total factor, U* y) const {
    constexpr Index each = Index{RowKernel::lanes} * 4;
    if (term.count() == 0) return;
    Index const warps = std::min(most_warps, (term.count() + each - 1) / each);
    auto* const partial = room<typename F::Total>(warps);
    this->launch(Totals<F>(term, partial, warps));
    add_total(partial, warps, factor, y);
  }
  template <class R, class U>
  void add_total(R const* partial, Index count, R factor, U* y) const {
    this->launch(AddTotal<R, U>{partial, count, factor, y});
  }
  /// y (1, cols) += the column sums of dy.
  void add_column_sums(View<T const> dy, View<T> y) const {
    if (dy.empty()) return;
    auto const [partial, run] = runs(dy.rows, dy.cols);
    this->at_width(this->even(dy), [&, p = partial, r = run](auto n) {
      this->launch_each(ColumnSums<T, decltype(n)::value>{dy, r, p});
    });
    this->launch_each(AddRuns<T>{partial, y});
  }
  /// Room for partial sums, until the next call.
  template <class R>
  [[nodiscard]] R* room(Index count) const {
    constexpr auto most = static_cast<Index>(workspace_bytes / sizeof(R));
    VLPT_CHECK(count <= most, "a sum of ", count, " parts: a workspace holds ", most);
    return static_cast<R*>(static_cast<void*>(this->machine_.workspace()));
  }

 private:
  static constexpr Index most_warps = 2048;  // that add up everything

  struct Runs {
    View<S> partial;
    Index run;  // rows that each of them adds up
  };
  /// Runs of 32 rows or more: as many as the workspace holds, and at most 512.
  [[nodiscard]] Runs runs(Index rows, Index width) const {
    constexpr auto most = static_cast<Index>(workspace_bytes / sizeof(S));
    Index const fit = std::clamp(most / width, Index{1}, Index{512});
    Index const run = std::max(Index{32}, (rows + fit - 1) / fit), count = (rows + run - 1) / run;
    return {{room<S>(count * width), count, width}, run};
  }
};

}  // namespace vlpt::cuda
