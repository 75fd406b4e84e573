#pragma once
#include "vlpt/kernels/cpu.hpp"
#include "vlpt/kernels/dry_run.hpp"
#include "vlpt/kernels/packed/head.hpp"
#include "vlpt/kernels/packed/isa.hpp"
#include "vlpt/kernels/packed/pair_products.hpp"
#include "vlpt/kernels/packed/panel_products.hpp"
#include "vlpt/kernels/packed/quad_products.hpp"
#include "vlpt/kernels/packed/weights.hpp"

namespace vlpt {

namespace packed {

/// The kernels for a level; null for portable, which has none of its own.
[[nodiscard]] Table const* table_for(Isa isa);
[[nodiscard]] PairTable const* pair_table_for(Isa isa);
/// Null where the processor multiplies no int8.
[[nodiscard]] QuadTable const* quad_table_for(Isa isa);

}  // namespace packed

/// Kernels of our own for the processor that the program runs on: frozen matrices are packed once,
/// as Weight (float, bf16 or std::int8_t), products end in their bias and activation, attention
/// keeps no scores. Everything else is float. Where the processor has none of the instruction sets
/// (or VLPT_ISA says "portable"), it is Cpu<float>. The kernels are compiled once: in the library
/// vlpt::packed, or where one source of a program includes kernels/packed/instances.hpp. Results do
/// not depend on the number of threads; they do on the instruction set, by rounding.
template <class Weight>
class PackedCpu : public Cpu<float> {
  using T = float;
  static constexpr bool halves = std::is_same_v<Weight, bf16>;
  static constexpr bool bytes = std::is_same_v<Weight, std::int8_t>;
  static_assert(halves || bytes || std::is_same_v<Weight, float>,
                "weights are packed as float, bf16 or std::int8_t");

 public:
  static constexpr std::string_view name = halves  ? "packed_cpu_bf16"
                                           : bytes ? "packed_cpu_int8"
                                                   : "packed_cpu";

  /// threads = 0: one for each processor that this process may use.
  explicit PackedCpu(int threads = 0, Isa isa = chosen_isa())
      : Cpu<float>(threads), isa_(isa), table_(packed::table_for(isa)) {}
  [[nodiscard]] Isa isa() const { return isa_; }

  /// Packs the matrices that products will read as their right operands, instead of those before.
  /// They are found by where they lie, whatever becomes of the values there.
  bool hold(std::span<View<float const> const> matrices) const {
    if (table_ == nullptr) return false;
    weights_.pack(matrices, *table_,
                  [&](Index n, auto const& f) { team().run(n, [&](Index i, int) { f(i); }); });
    return true;
  }
  /// Writes a matrix that is held where it lay.
  void give(View<float const> matrix) const {
    if (table_ != nullptr) weights_.unpack(matrix, *table_);
  }

  /// How matrices are held; files of packed weights carry it.
  static constexpr std::string_view layout = halves  ? "panels of 48, bf16"
                                             : bytes ? "panels of 48, int8"
                                                     : "panels of 48, float";
  [[nodiscard]] static Index held_bytes(View<float const> w) {
    return packed::Layout<Weight>::bytes(w.rows, w.cols);
  }
  /// Whether this processor has kernels for packed matrices.
  [[nodiscard]] bool holds() const { return table_ != nullptr; }
  /// A matrix that is held, as it lies: panels of held_bytes(w) bytes.
  [[nodiscard]] std::span<std::byte const> held(View<float const> w) const {
    return weights_.bytes(w);
  }
  /// Holds matrices that were packed before, in memory that `owner` keeps, instead of others; false
  /// where this processor has no kernels for them.
  bool adopt(std::vector<packed::Matrix> matrices, std::shared_ptr<void const> owner) const {
    if (table_ == nullptr) return false;
    weights_.adopt(std::move(matrices), std::move(owner));
    return true;
  }

  void linear(View<T const> x, View<T const> w, View<T const> b, View<T> y) const {
    if (table_ == nullptr) return Cpu<float>::linear(x, w, b, y);
    forward(x, w, y, {.bias = b.data});
  }
  template <class F>
  void linear_activate(View<T const> x, View<T const> w, View<T const> b, View<T> before,
                       View<T> y) const {
    if constexpr (act_of<F> != packed::Act::none) {
      if (table_ != nullptr)
        return forward(x, w, y, {.bias = b.data, .act = act_of<F>, .before = before});
    }
    View<T> const to = before.data == nullptr ? y : before;
    linear(x, w, b, to);
    activate<F>(View<T const>(to), y);
  }
  void linear_add(View<T const> x, View<T const> w, View<T const> b, View<T const> r,
                  View<T> y) const {
    if (table_ == nullptr) return Cpu<float>::linear_add(x, w, b, r, y);
    forward(x, w, y, {.bias = b.data, .add = r});
  }
  void linear_input(View<T const> dy, View<T const> w, View<T> dx) const {
    if (table_ == nullptr) return Cpu<float>::linear_input(dy, w, dx);
    if (packed::Matrix const* const m = weights_.find(w))
      products().held_input(dy, *m, row_of(w, *m), dx);
    else
      products().input(dy, w, dx);
  }
  void linear_weight(View<T const> dy, View<T const> x, View<T> dw, View<T> db) const {
    if (table_ == nullptr) return Cpu<float>::linear_weight(dy, x, dw, db);
    if (dw.data != nullptr) products().weight(dy, x, dw);
    if (db.data != nullptr)
      for (Index i = 0; i < dy.rows; ++i) eigen::row(db, 0) += eigen::row(dy, i);
  }

  void layer_norm(View<T const> x, View<T const> gamma, View<T const> beta, double eps, View<T> y,
                  View<T> stats) const {
    if (table_ == nullptr) return Cpu<float>::layer_norm(x, gamma, beta, eps, y, stats);
    rows(x.rows, x.cols, [&](Index first, Index n) {
      table_->layer_norm({n, x.cols}, x.row(first), x.stride, gamma.data, beta.data,
                         static_cast<float>(eps), y.row(first), y.stride, stats.row(first),
                         stats.stride);
    });
  }
  void layer_norm_reverse(View<T const> dy, View<T const> x, View<T const> stats,
                          View<T const> gamma, View<T> dx, View<T> dgamma, View<T> dbeta) const {
    if (table_ == nullptr || dgamma.data != nullptr)
      return Cpu<float>::layer_norm_reverse(dy, x, stats, gamma, dx, dgamma, dbeta);
    if (dx.data == nullptr) return;
    rows(x.rows, x.cols, [&](Index first, Index n) {
      table_->layer_norm_reverse({n, x.cols}, dy.row(first), dy.stride, x.row(first), x.stride,
                                 stats.row(first), stats.stride, gamma.data, dx.row(first),
                                 dx.stride);
    });
  }

  template <class F>
  void activate(View<T const> x, View<T> y) const {
    if constexpr (act_of<F> != packed::Act::none) {
      if (table_ != nullptr) {
        rows(x.rows, x.cols, [&](Index first, Index n) {
          for (Index i = first; i < first + n; ++i)
            table_->activate(act_of<F>, x.cols, x.row(i), y.row(i));
        });
        return;
      }
    }
    Cpu<float>::activate<F>(x, y);
  }
  template <class F>
  void activate_reverse(View<T const> dy, View<T const> x, View<T> dx) const {
    if constexpr (act_of<F> != packed::Act::none) {
      if (table_ != nullptr) {
        rows(x.rows, x.cols, [&](Index first, Index n) {
          for (Index i = first; i < first + n; ++i)
            table_->activate_reverse(act_of<F>, x.cols, dy.row(i), x.row(i), dx.row(i));
        });
        return;
      }
    }
    Cpu<float>::activate_reverse<F>(dy, x, dx);
  }
  void softmax(View<T const> x, View<T> y) const {
    if (table_ == nullptr) return Cpu<float>::softmax(x, y);
    rows(x.rows, x.cols * 8, [&](Index first, Index n) {
      table_->softmax({n, x.cols}, x.row(first), x.stride, y.row(first), y.stride);
    });
  }

  void narrow(View<T const> x, View<bf16> y) const {
    if (table_ == nullptr) return Cpu<float>::narrow(x, y);
    rows(x.rows, x.cols, [&](Index first, Index n) {
      each_row(x.middle_rows(first, n), y.middle_rows(first, n), table_->narrow);
    });
  }
  void widen(View<bf16 const> x, View<T> y) const {
    if (table_ == nullptr) return Cpu<float>::widen(x, y);
    rows(x.rows, x.cols, [&](Index first, Index n) {
      each_row(x.middle_rows(first, n), y.middle_rows(first, n), table_->widen);
    });
  }

  [[nodiscard]] Index attention_scratch(Attention<T> const& a) const {
    if (table_ == nullptr) return Cpu<float>::attention_scratch(a);
    return heads().scratch(a, threads());
  }
  void attend(Attention<T> const& a, Stream<T> out, T* scratch) const {
    if (table_ == nullptr) return Cpu<float>::attend(a, out, scratch);
    VLPT_CHECK(a.scale > 0, "attention's scale must be above 0, not ", a.scale);
    heads().forward(team(), a, out, scratch);
  }
  void attend_reverse(Attention<T> const& a, Stream<T const> d_out, AttentionGradients<T> const& g,
                      T* scratch) const {
    if (table_ == nullptr) return Cpu<float>::attend_reverse(a, d_out, g, scratch);
    VLPT_CHECK(a.scale > 0, "attention's scale must be above 0, not ", a.scale);
    heads().reverse(team(), a, d_out, g, scratch);
  }

 private:
  template <class F>
  static constexpr packed::Act act_of =
      std::is_same_v<F, GeluFormula>        ? packed::Act::gelu
      : std::is_same_v<F, QuickGeluFormula> ? packed::Act::quick_gelu
                                            : packed::Act::none;
  using Products =
      std::conditional_t<halves, packed::PairProducts,
                         std::conditional_t<bytes, packed::QuadProducts, packed::PanelProducts>>;
  [[nodiscard]] Products products() const {
    if constexpr (halves)
      return {team(), *table_, *packed::pair_table_for(isa_)};
    else if constexpr (bytes)
      return {team(), *table_, packed::quad_table_for(isa_)};
    else
      return {team(), *table_};
  }
  void forward(View<T const> x, View<T const> w, View<T> y, packed::Finish const& finish) const {
    if (packed::Matrix const* const m = weights_.find(w))
      products().held_forward(x, *m, row_of(w, *m), y, finish);
    else
      products().forward(x, w, y, finish);
  }
  /// Which row of m is w's first.
  [[nodiscard]] static Index row_of(View<T const> w, packed::Matrix const& m) {
    return (w.data - m.plain) / m.cols;
  }
  [[nodiscard]] Heads<float, packed::Head> heads() const { return {packed::Head{*table_}}; }

  Isa isa_;
  packed::Table const* table_;
  mutable packed::Weights<Weight> weights_;
};

extern template class DryRun<PackedCpu<float>>;
extern template void DryRun<PackedCpu<float>>::activate<GeluFormula>(View<float const>,
                                                                     View<float>) const;
extern template void DryRun<PackedCpu<float>>::activate_reverse<GeluFormula>(View<float const>,
                                                                             View<float const>,
                                                                             View<float>) const;
extern template void DryRun<PackedCpu<float>>::linear_activate<GeluFormula>(
    View<float const>, View<float const>, View<float const>, View<float>, View<float>) const;
extern template void DryRun<PackedCpu<float>>::activate<QuickGeluFormula>(View<float const>,
                                                                          View<float>) const;
extern template void DryRun<PackedCpu<float>>::activate_reverse<QuickGeluFormula>(
    View<float const>, View<float const>, View<float>) const;
extern template void DryRun<PackedCpu<float>>::linear_activate<QuickGeluFormula>(
    View<float const>, View<float const>, View<float const>, View<float>, View<float>) const;

extern template class DryRun<PackedCpu<bf16>>;
extern template void DryRun<PackedCpu<bf16>>::activate<GeluFormula>(View<float const>,
                                                                    View<float>) const;
extern template void DryRun<PackedCpu<bf16>>::activate_reverse<GeluFormula>(View<float const>,
                                                                            View<float const>,
                                                                            View<float>) const;
extern template void DryRun<PackedCpu<bf16>>::linear_activate<GeluFormula>(
    View<float const>, View<float const>, View<float const>, View<float>, View<float>) const;
extern template void DryRun<PackedCpu<bf16>>::activate<QuickGeluFormula>(View<float const>,
                                                                         View<float>) const;
extern template void DryRun<PackedCpu<bf16>>::activate_reverse<QuickGeluFormula>(View<float const>,
                                                                                 View<float const>,
                                                                                 View<float>) const;
extern template void DryRun<PackedCpu<bf16>>::linear_activate<QuickGeluFormula>(
    View<float const>, View<float const>, View<float const>, View<float>, View<float>) const;

extern template class DryRun<PackedCpu<std::int8_t>>;
extern template void DryRun<PackedCpu<std::int8_t>>::activate<GeluFormula>(View<float const>,
                                                                           View<float>) const;
extern template void DryRun<PackedCpu<std::int8_t>>::activate_reverse<GeluFormula>(
    View<float const>, View<float const>, View<float>) const;
extern template void DryRun<PackedCpu<std::int8_t>>::linear_activate<GeluFormula>(
    View<float const>, View<float const>, View<float const>, View<float>, View<float>) const;
extern template void DryRun<PackedCpu<std::int8_t>>::activate<QuickGeluFormula>(View<float const>,
                                                                                View<float>) const;
extern template void DryRun<PackedCpu<std::int8_t>>::activate_reverse<QuickGeluFormula>(
    View<float const>, View<float const>, View<float>) const;
extern template void DryRun<PackedCpu<std::int8_t>>::linear_activate<QuickGeluFormula>(
    View<float const>, View<float const>, View<float const>, View<float>, View<float>) const;

}  // namespace vlpt
