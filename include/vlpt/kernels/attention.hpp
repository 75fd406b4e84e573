#pragma once
#include "vlpt/core/real.hpp"
#include "vlpt/core/row_tasks.hpp"
#include "vlpt/core/view.hpp"

namespace vlpt {

/// Which extra rows a sample reads, where tasks have rows of their own.
struct ExtraSets {
  RowTasks tasks{};
  bool by_task = false;           // the extra rows are one sample for each task
  Index const* counts = nullptr;  // how many rows each task has, the first ones; null: all

  [[nodiscard]] constexpr Index set(Index b, Index batch) const {
    return batch == 1 ? 0 : by_task ? tasks[b] : b;
  }
};

/// What attention reads. Heads are contiguous groups of dim / heads columns.
///   out = softmax(scale * query [key; extra_key]^T) [value; extra_value]
/// extra rows come from parameters: batch 1 means that every sample shares them, and sets by task
/// that a sample reads its task's. Causal: query i sees the keys j <= i + first_query and every
/// extra row.
template <class T>
struct Attention {
  Index heads = 1;
  Sum<T> scale = Sum<T>(1);                // > 0
  Stream<T const> query;                   // (batch, queries, dim)
  Stream<T const> key, value;              // (batch, keys, dim)
  Stream<T const> extra_key, extra_value;  // (1, batch or tasks, extra, dim); may be empty
  // (batch, keys - mask_first), 0 = not to be attended to; or null. Keys before mask_first always
  // are.
  unsigned char const* key_mask = nullptr;
  Index mask_first = 0;
  bool causal = false;
  Index first_query = 0;  // the place of query 0 among the keys, where causal
  ExtraSets sets{};

  /// Rows that the scores of a query need room for.
  [[nodiscard]] constexpr Index keys() const { return key.tokens + extra_key.tokens; }
  /// Which sample of the extra rows sample b reads, and how many of its rows.
  [[nodiscard]] constexpr Index extra_set(Index b) const { return sets.set(b, extra_key.batch); }
  [[nodiscard]] constexpr Index extra_count(Index b) const {
    bool const all = sets.counts == nullptr || extra_key.tokens == 0;
    return all ? extra_key.tokens : sets.counts[sets.tasks[b]];
  }
  /// Extra rows that all samples together read.
  [[nodiscard]] constexpr Index all_extra() const {
    if (sets.counts == nullptr || !sets.tasks.known()) return query.batch * extra_key.tokens;
    Index n = 0;
    for (Index b = 0; b < query.batch; ++b) n += extra_count(b);
    return n;
  }
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
  /// The columns of head h of the extra rows that sample b reads.
  template <class U>
  [[nodiscard]] constexpr View<U> extra_head(Stream<U> s, Index b, Index h) const {
    Index const d = head_dim();
    return s.sample(sets.set(b, s.batch)).middle_rows(0, extra_count(b)).middle_cols(h * d, d);
  }
};

/// The columns of head h, d wide, of sample b; one sample may stand for the whole batch.
template <class U>
[[nodiscard]] constexpr View<U> head_of(Stream<U> s, Index b, Index h, Index d) {
  return s.sample(s.batch == 1 ? 0 : b).middle_cols(h * d, d);
}

/// Where the reverse writes. query, key, value are overwritten, extra_* are added to;
/// an empty stream is not computed.
template <class T>
struct AttentionGradients {
  Stream<T> query, key, value;
  Stream<T> extra_key, extra_value;
};

}  // namespace vlpt
