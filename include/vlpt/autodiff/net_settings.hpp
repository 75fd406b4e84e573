#pragma once
#include <cstdint>

namespace vlpt {

/// Which parameters of a new net are drawn from their laws: those that learn alone, where the
/// others are about to be loaded; these are 0 until then.
enum class Draw { all, learnt };

struct NetSettings {
  std::uint64_t seed = 1;  // of the initial parameters and of dropout
  Draw draw = Draw::all;
};

}  // namespace vlpt
