#pragma once
#include "vlpt/core/view.hpp"

namespace vlpt {

/// What attention reads. Heads are contiguous groups of dim / heads columns.
///   out = softmax(scale * query [key; extra_key]^T) [value; extra_value]
/// extra rows come from parameters: batch 1 means that every sample shares them. Causal: query i
/// sees the keys j <= i + first_query and every extra row.
template <class T>
struct Attention {
  Index heads = 1;
  T scale = T(1);
  Stream<T const> query;                   // (batch, queries, dim)
  Stream<T const> key, value;              // (batch, keys, dim)
  Stream<T const> extra_key, extra_value;  // (1 or batch, extra, dim); may be empty
  // (batch, keys - mask_first), 0 = not to be attended to; or null. Keys before mask_first always
  // are.
  unsigned char const* key_mask = nullptr;
  Index mask_first = 0;
  bool causal = false;
  Index first_query = 0;  // the place of query 0 among the keys, where causal

  [[nodiscard]] constexpr Index keys() const { return key.tokens + extra_key.tokens; }
  [[nodiscard]] constexpr Index head_dim() const { return query.dim / heads; }
  /// How many of the ordinary keys, from the first one on, query i may see; the mask aside.
  [[nodiscard]] constexpr Index seen(Index i) const {
    Index const n = i + first_query + 1;
    return causal && n < key.tokens ? n : key.tokens;
  }
  /// Whether the mask hides key j of sample b; extra keys are never hidden.
  [[nodiscard]] constexpr bool masked(Index b, Index j) const {
    return key_mask != nullptr && j >= mask_first && j < key.tokens &&
           key_mask[b * (key.tokens - mask_first) + j - mask_first] == 0;
  }
};

/// Where the reverse writes. query, key, value are overwritten, extra_* are added to;
/// an empty stream is not computed.
template <class T>
struct AttentionGradients {
  Stream<T> query, key, value;
  Stream<T> extra_key, extra_value;
};

}  // namespace vlpt
