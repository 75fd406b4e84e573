#pragma once
#include <array>
#include <initializer_list>
#include <ostream>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"

namespace vlpt {

/// The extents of a tensor, outermost first; at most eight of them. A scalar has rank 0.
struct Shape {
  static constexpr int max_rank = 8;
  std::array<Index, max_rank> extent{};
  int rank = 0;

  constexpr Shape() = default;
  constexpr Shape(std::initializer_list<Index> list) {
    for (Index e : list) append(e);
  }
  constexpr void append(Index e) {
    if (rank == max_rank) throw InputError("a tensor has at most 8 dimensions");
    extent[static_cast<std::size_t>(rank++)] = e;
  }
  [[nodiscard]] constexpr Index operator[](int i) const {
    return extent[static_cast<std::size_t>(i)];
  }
  /// Number of elements: the product of the extents, 1 for a scalar.
  [[nodiscard]] constexpr Index size() const {
    Index n = 1;
    for (int i = 0; i < rank; ++i) n *= (*this)[i];
    return n;
  }
  /// As a matrix: the last extent is the columns, the others together the rows.
  [[nodiscard]] constexpr Index cols() const { return rank == 0 ? 1 : (*this)[rank - 1]; }
  [[nodiscard]] constexpr Index rows() const { return cols() == 0 ? 0 : size() / cols(); }
  [[nodiscard]] constexpr bool operator==(Shape const& o) const {
    if (rank != o.rank) return false;
    for (int i = 0; i < rank; ++i)
      if ((*this)[i] != o[i]) return false;
    return true;
  }
  friend std::ostream& operator<<(std::ostream& out, Shape const& s) {
    out << '(';
    for (int i = 0; i < s.rank; ++i) out << (i == 0 ? "" : ", ") << s[i];
    return out << ')';
  }
};

}  // namespace vlpt
