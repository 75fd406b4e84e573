#pragma once
#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"

namespace vlpt::prompt {

/// The rank of a low-rank correction: a template argument, or, for `dynamic`, a run-time setting.
template <Index R>
struct Rank {
  static constexpr Index rank = R;
};
template <>
struct Rank<dynamic> {
  Index rank = 0;
};

/// The rank as a value; throws where a run-time rank was never set.
template <class Policy>
[[nodiscard]] constexpr Index rank_of(Policy const& policy) {
  if (policy.rank <= 0)
    throw InputError(text("a low-rank policy needs a rank of at least one, got ", policy.rank));
  return policy.rank;
}

}  // namespace vlpt::prompt
