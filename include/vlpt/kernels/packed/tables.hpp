#pragma once
#include "vlpt/kernels/packed/avx2.hpp"
#include "vlpt/kernels/packed/avx512.hpp"
#include "vlpt/kernels/packed/isa.hpp"

namespace vlpt::packed {

/// The kernels for a level; null for portable, which has none of its own.
[[nodiscard]] constexpr Table const* table_for([[maybe_unused]] Isa isa) {
#if defined(__x86_64__)
  if (isa >= Isa::avx512) return &avx512::table;
  if (isa == Isa::avx2) return &avx2::table;
#endif
  return nullptr;
}

}  // namespace vlpt::packed
