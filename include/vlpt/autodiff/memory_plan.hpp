#pragma once
#include <cstddef>

namespace vlpt {

/// Bytes of the two arenas of one run, found by a run on null views.
struct MemoryPlan {
  std::size_t tape = 0;
  std::size_t scratch = 0;
};

}  // namespace vlpt
