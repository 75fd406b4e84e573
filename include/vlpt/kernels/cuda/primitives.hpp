#pragma once
#include <string_view>
#include <type_traits>

#include "vlpt/kernels/activation.hpp"
#include "vlpt/kernels/cuda/attention_primitives.hpp"

namespace vlpt {

/// All primitives of a backend (kernels/backend.hpp) by the kernels of kernels/cuda, on a machine M
/// (kernels/cuda/machine.hpp), whose products they are: a GPU, or the emulation of one, differ in M
/// alone. Index arrays, masks and losses lie in the machine's memory. A sum has the same order each
/// time.
template <class T, class M>
class CudaPrimitives : public cuda::AttentionPrimitives<T, M> {
  static_assert(cuda::Machine<M, T>);
  using Base = cuda::AttentionPrimitives<T, M>;

 public:
  using Scalar = T;
  using Memory = typename M::Memory;
  static constexpr std::string_view name = M::name;
  using Base::Base;

  void linear(View<T const> x, View<T const> w, View<T const> b, View<T> y) const {
    if (y.empty()) return;
    if (x.cols > 0) return this->machine_.linear(x, w, b, y);
    this->fill({y, 1}, T(0));
    if (b.data != nullptr) add_row(b, y);
  }
  template <class F>
  void linear_activate(View<T const> x, View<T const> w, View<T const> b, View<T> before,
                       View<T> y) const {
    if constexpr (std::is_same_v<F, GeluFormula> && cuda::EndsInGelu<M, T>)
      if (!y.empty() && x.cols > 0 && this->machine_.ends_in_gelu(x, w, b, before, y))
        return this->machine_.linear_gelu(x, w, b, before, y);
    View<T> const linear_part = before.data != nullptr ? before : y;
    linear(x, w, b, linear_part);
    this->template activate<F>(View<T const>(linear_part), y);
  }
  void linear_add(View<T const> x, View<T const> w, View<T const> b, View<T const> r,
                  View<T> y) const {
    if (y.empty()) return;
    if (x.cols > 0) return this->machine_.linear_add(x, w, b, r, y);
    this->copy({r, 1}, {y, 1});
    if (b.data != nullptr) add_row(b, y);
  }
  void linear_input(View<T const> dy, View<T const> w, View<T> dx) const {
    if (dx.empty()) return;
    if (dy.cols > 0) return this->machine_.linear_input(dy, w, dx);
    this->fill({dx, 1}, T(0));
  }
  void linear_weight(View<T const> dy, View<T const> x, View<T> dw, View<T> db) const {
    if (dw.data != nullptr && !dw.empty() && dy.rows > 0) this->machine_.linear_weight(dy, x, dw);
    if (db.data != nullptr) this->add_column_sums(dy, db);
  }

 private:
  /// y += b in every row.
  void add_row(View<T const> b, View<T> y) const {
    this->map(cuda::Plus<Sum<T>>{}, Stream<T const>(b.data, 1, y.rows, b.cols, 0, 0), {},
              Stream<T>(y, 1));
  }
};

}  // namespace vlpt
