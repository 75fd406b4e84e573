#pragma once
#include "vlpt/core/square_root.hpp"
#include "vlpt/ops/qkv_module.hpp"

namespace vlpt {

/// What attention reads besides its input, and where their gradients go. Extra key and value rows
/// come from parameters or stand before all sequences (1, batch or tasks, extra, dim); gradients
/// are added to d_extra_*. An empty stream is not read, not filled, not wanted.
template <class T>
struct AttentionExtras {
  Index first_query = 0;  // queries are rows [first_query, first_query + out.tokens) of the input
  bool projects_all = false;  // the query of every row is computed all the same, as published
  unsigned char const* key_mask = nullptr;
  Index mask_first = 0;  // keys before it have no column in the mask, and are attended to
  Stream<T const> extra_key{}, extra_value{};
  Stream<T> d_extra_key{}, d_extra_value{};
  Stream<T> own_kv{};          // (batch, tokens, 2 dim): where the input's own keys and values go
  Stream<T const> d_own_kv{};  // the gradient that other sequences, which read them, give back
  Stream<T const> context{};   // what a cross-attention reads keys and values from
  Stream<T> d_context{};       // where its gradient is added; empty: not wanted
  ExtraSets sets{};            // whose the extra rows are
};

template <class T>
[[nodiscard]] constexpr Attention<T> attention_of(Index heads, bool causal, Qkv<T> const& x,
                                                  AttentionExtras<T> const& e) {
  double const width = static_cast<double>(x.query.dim / heads);
  return {.heads = heads,
          .scale = static_cast<Sum<T>>(1 / square_root(width)),
          .query = x.query,
          .key = x.key,
          .value = x.value,
          .extra_key = e.extra_key,
          .extra_value = e.extra_value,
          .key_mask = e.key_mask,
          .mask_first = e.mask_first,
          .causal = causal,
          .first_query = e.first_query,
          .sets = e.sets};
}

/// out = softmax(q [k; k']^T / sqrt(dim / heads)) [v; v'], where queries, keys and values meet.
template <class B, class T>
constexpr void attend(Context<B>& c, Index heads, bool causal, Qkv<T> const& x,
                      AttentionExtras<T> const& e, Stream<T> out) {
  ArenaScope const scope(c.scratch);
  auto const a = attention_of(heads, causal, x, e);
  T* const scratch = c.scratch.template allocate<T>(c.backend.attention_scratch(a));
  c.backend.attend(a, out, scratch);
}
/// Its reverse; the probabilities are computed again: nothing of size tokens^2 is kept.
template <class B, class T>
constexpr void attend_reverse(Context<B>& c, Index heads, bool causal, Qkv<T> const& x,
                              AttentionExtras<T> const& e, Stream<T const> d_out,
                              AttentionGradients<T> const& to) {
  ArenaScope const scope(c.scratch);
  auto const a = attention_of(heads, causal, x, e);
  T* const scratch = c.scratch.template allocate<T>(c.backend.attention_scratch(a));
  c.backend.attend_reverse(a, d_out, to, scratch);
}

}  // namespace vlpt
