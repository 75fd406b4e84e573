#pragma once
#include <algorithm>
#include <memory>
#include <span>
#include <vector>

#include "vlpt/core/arena.hpp"
#include "vlpt/kernels/packed/matrix.hpp"

namespace vlpt::packed {

/// The frozen matrices of one net in a format, found by where they lie. A copy of a backend holds
/// none: they belong to the net that it was given to.
template <class Weight>
class Weights {
 public:
  Weights() = default;
  Weights(Weights const&) {}
  Weights& operator=(Weights const&) { return *this; }
  Weights(Weights&&) noexcept = default;
  Weights& operator=(Weights&&) noexcept = default;

  /// Packs these matrices, whose rows lie one behind the other, instead of those before.
  /// each(n, f) calls f(0), ..., f(n - 1), in any order.
  template <class Each>
  void pack(std::span<View<float const> const> plain, Table const& table, Each const& each) {
    Index bytes =
        panel_width * static_cast<Index>(sizeof(float));  // the last is read beyond its end
    for (auto const& w : plain) bytes += padded_bytes(w);
    memory_ = HostMemory(static_cast<std::size_t>(bytes));
    matrices_.clear(), owner_.reset();
    std::byte* at = memory_.data();
    for (auto const& w : plain) {
      matrices_.push_back({w.data, w.rows, w.cols, at});
      at += padded_bytes(w);
    }
    sort();
    each(static_cast<Index>(matrices_.size()), [&](Index i) {
      Matrix const& m = matrices_[static_cast<std::size_t>(i)];
      for (Index j = 0; j < m.count(); ++j) Layout<Weight>::pack(table, m, j);
    });
  }

  /// Holds matrices that were packed before, in memory that `owner` keeps.
  void adopt(std::vector<Matrix> matrices, std::shared_ptr<void const> owner) {
    memory_ = HostMemory();
    matrices_ = std::move(matrices), owner_ = std::move(owner);
    sort();
  }
  /// What a packed matrix takes, as it lies.
  [[nodiscard]] std::span<std::byte const> bytes(View<float const> w) const {
    Matrix const& m = *find(w);
    return {static_cast<std::byte const*>(m.panels),
            static_cast<std::size_t>(Layout<Weight>::bytes(m.rows, m.cols))};
  }

  /// Writes a matrix row by row where it lay when it was packed.
  void unpack(View<float const> w, Table const& table) const {
    Matrix const& m = *find(w);
    for (Index j = 0; j < m.count(); ++j) Layout<Weight>::unpack(table, m, j);
  }

  /// The matrix of which w's rows are some; null for one that was not packed. Throws for a part of
  /// a packed one that is not whole rows.
  [[nodiscard]] Matrix const* find(View<float const> w) const {
    auto const after =
        std::upper_bound(matrices_.begin(), matrices_.end(), w.data,
                         [](float const* p, Matrix const& m) { return p < m.plain; });
    if (after == matrices_.begin()) return nullptr;
    Matrix const& m = *(after - 1);
    if (w.data >= m.plain + m.rows * m.cols) return nullptr;
    VLPT_CHECK(w.cols == m.cols && w.stride == m.cols, "of a packed matrix of ", m.rows, " x ",
               m.cols, " only whole rows can be read, not ", w.cols, " columns");
    return &m;
  }

 private:
  [[nodiscard]] static Index padded_bytes(View<float const> w) {
    constexpr auto line = static_cast<Index>(HostMemory::alignment);
    return (Layout<Weight>::bytes(w.rows, w.cols) + line - 1) / line * line;
  }
  void sort() {
    std::sort(matrices_.begin(), matrices_.end(),
              [](Matrix const& a, Matrix const& b) { return a.plain < b.plain; });
  }

  HostMemory memory_;
  std::shared_ptr<void const> owner_;  // of panels that lie elsewhere
  std::vector<Matrix> matrices_;
};

}  // namespace vlpt::packed
