#pragma once
#include <algorithm>
#include <vector>

#include "kernels/arrays.hpp"
#include "vlpt/kernels/attention.hpp"

namespace vlpt::test {

/// A case of attention: sizes, and what is special about it.
struct Problem {
  Index batch, heads, dim, queries, keys, extra, extra_batch;
  bool masked, padded;
  bool causal = false;
  bool tasks = false;  // extra rows of three tasks, of which these have 4, 1 and 3
};

inline std::vector<Problem> problems() {
  std::vector<Problem> all;
  for (bool const masked : {false, true})
    for (bool const padded : {false, true}) {
      all.push_back({1, 1, 3, 1, 1, 0, 1, masked, padded});
      all.push_back({3, 2, 10, 5, 7, 0, 1, masked, padded});
      all.push_back({9, 3, 15, 6, 6, 4, 1, masked, padded});     // shared extra rows, three groups
      all.push_back({3, 2, 14, 1, 9, 5, 3, masked, padded});     // a sample's own extra rows
      all.push_back({2, 1, 8, 150, 140, 3, 1, masked, padded});  // more than one tile of queries
      all.push_back({6, 2, 10, 0, 4, 2, 1, masked, padded});     // keys that nobody reads
      all.push_back({3, 2, 10, 7, 7, 0, 1, masked, padded, true});
      all.push_back({2, 2, 10, 3, 8, 4, 1, masked, padded, true});  // the last queries alone
      all.push_back({2, 1, 8, 100, 140, 3, 1, masked, padded, true});
      all.push_back({9, 3, 15, 6, 6, 4, 3, masked, padded, false, true});
    }
  return all;
}

/// Of the samples' tasks and the tasks' rows.
inline std::vector<Index> const tasks{1, 0, 0, 2, 1, 0, 2, 2, 0}, counts{4, 1, 3};

/// Everything that attention reads and writes, filled with the same values in any scalar.
template <class T>
struct Setup {
  Array<T> qkv_q, kv, extra, out, d_out, dq, dkv, d_extra;
  std::vector<unsigned char> mask;
  HostMemory scratch;  // aligned as in an arena: the order of a sum may depend on it
  Attention<T> a;

  explicit Setup(Problem const& p)
      : qkv_q(1, p.batch, p.queries, p.dim, p.padded),
        kv(2, p.batch, p.keys, 2 * p.dim, p.padded),
        extra(3, p.extra_batch, p.extra, 2 * p.dim, p.padded),
        out(4, p.batch, p.queries, p.dim, p.padded),
        d_out(5, p.batch, p.queries, p.dim, p.padded),
        dq(6, p.batch, p.queries, p.dim, p.padded),
        dkv(7, p.batch, p.keys, 2 * p.dim, p.padded),
        d_extra(8, p.extra_batch, p.extra, 2 * p.dim, p.padded) {
    for (Index i = 0; i < p.batch * p.keys; ++i)
      mask.push_back(i / p.keys != p.batch - 1 &&
                     Random{9}.uniform(static_cast<std::uint64_t>(i)) < 0.7);
    a = {.heads = p.heads,
         .scale = T(0.4F),
         .query = qkv_q.all,
         .key = kv.all.columns(0, p.dim),
         .value = kv.all.columns(p.dim, p.dim),
         .extra_key = extra.all.columns(0, p.dim),
         .extra_value = extra.all.columns(p.dim, p.dim),
         .key_mask = p.masked ? mask.data() : nullptr,
         .causal = p.causal,
         .first_query = p.causal ? p.keys - p.queries : 0};
    if (p.tasks) a.sets = {{tasks.data()}, true, counts.data()};
    if (p.extra == 0) a.extra_key = a.extra_value = {};
  }
  template <class B>
  T* room(B const& backend) {
    Index const n = backend.attention_scratch(a);
    scratch = HostMemory(static_cast<std::size_t>(n) * sizeof(T));
    T* const first = static_cast<T*>(static_cast<void*>(scratch.data()));
    std::fill_n(first, n, T(7));
    return first;
  }
  [[nodiscard]] AttentionGradients<T> gradients(bool own, bool extras) const {
    Index const dim = a.query.dim;
    AttentionGradients<T> g;
    if (own) g = {dq.all, dkv.all.columns(0, dim), dkv.all.columns(dim, dim), {}, {}};
    if (extras && a.extra_key.tokens > 0)
      g.extra_key = d_extra.all.columns(0, dim), g.extra_value = d_extra.all.columns(dim, dim);
    return g;
  }
};

}  // namespace vlpt::test
