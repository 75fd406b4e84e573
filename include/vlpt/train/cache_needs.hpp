#pragma once
#include <algorithm>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"

namespace vlpt {

/// What a cache of that which precedes a net's first learner takes, before anything runs.
struct CacheNeeds {
  Index each = 0;     // bytes of a sample; 0: nothing precedes the first learner
  Index samples = 0;  // that are kept; the others are computed each time
  Index bytes = 0;    // of these; two batches of rows stand beside them
};

/// The needs of `samples` of which at most `limit` bytes are kept.
template <class N>
[[nodiscard]] CacheNeeds cache_needs(N const& net, Index samples, Index limit) {
  VLPT_CHECK(limit >= 0, "a cache of ", limit, " bytes cannot be; 0 keeps nothing");
  Index const each = net.frozen_width() * static_cast<Index>(sizeof(typename N::T));
  Index const kept = each == 0 ? 0 : std::min(samples, limit / each);
  return {each, kept, kept * each};
}

}  // namespace vlpt
