#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"

namespace vlpt::prompt {

/// Some of a stack's blocks, of whatever depth: all, all but the last, the first n, or those that
/// are named. Numbers run from 0 to 63.
class Blocks {
 public:
  [[nodiscard]] static constexpr Blocks all() { return {~std::uint64_t{0}, true}; }
  [[nodiscard]] static constexpr Blocks all_but_last() { return {~std::uint64_t{0}, false}; }
  [[nodiscard]] static constexpr Blocks first(Index n) {
    Blocks b{0, true};
    for (Index i = 0; i < n; ++i) b.add(i);
    return b;
  }
  [[nodiscard]] static constexpr Blocks only(std::initializer_list<Index> numbers) {
    Blocks b{0, true};
    for (Index const i : numbers) b.add(i);
    return b;
  }

  [[nodiscard]] constexpr bool has(Index layer, Index depth) const {
    return (layer > 63 ? ~chosen_ == 0 : (chosen_ >> layer & 1U) != 0) &&
           (last_ || layer + 1 < depth);
  }
  /// In words, as a delta keeps it.
  [[nodiscard]] std::string name() const {
    if (~chosen_ == 0) return last_ ? "all" : "all but the last";
    std::string numbers;
    for (Index i = 0; i < 64; ++i)
      if (has(i, 64)) numbers += (numbers.empty() ? "" : " ") + std::to_string(i);
    return numbers.empty() ? "none" : numbers;
  }

 private:
  constexpr Blocks(std::uint64_t chosen, bool last) : chosen_(chosen), last_(last) {}
  constexpr void add(Index i) {
    if (i < 0 || i > 63) throw InputError(text("blocks are numbered from 0 to 63, got ", i));
    chosen_ |= std::uint64_t{1} << i;
  }

  std::uint64_t chosen_;
  bool last_;
};

}  // namespace vlpt::prompt
