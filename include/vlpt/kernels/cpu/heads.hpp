#pragma once
#include <algorithm>

#include "vlpt/core/parallel.hpp"
#include "vlpt/kernels/attention.hpp"
#include "vlpt/kernels/cpu/eigen.hpp"

namespace vlpt {

/// Attention cut into heads, one task each. Head knows how one head of one sample is computed:
///   scratch(a)                              elements that it needs a thread
///   forward(a, b, h, out, scratch)          head h of sample b
///   reverse(a, d_out, g, d_extra_key, d_extra_value, b, h, scratch)
/// The reverse cuts the batch into groups by its size alone; the gradients of shared extra rows
/// are summed inside a group and then over the groups, always in the same order. Where tasks have
/// extra rows of their own, it is cut into tasks instead, and a task's samples are taken in order.
template <class T, class Head>
class Heads {
 public:
  static constexpr Index group_samples = 4;  // samples whose extra gradients share one partial sum

  Head head;

  [[nodiscard]] Index scratch(Attention<T> const& a, int threads) const {
    Index const own = head.scratch(a) * threads;
    if (a.extra_key.tokens == 0) return own;
    return own + 2 * groups(a) * a.extra_key.tokens * a.query.dim;
  }

  void forward(Team& team, Attention<T> const& a, Stream<T> out, T* scratch) const {
    Index const each = head.scratch(a);
    team.run(a.query.batch * a.heads, [&](Index task, int thread) {
      head.forward(a, task / a.heads, task % a.heads, out, scratch + thread * each);
    });
  }

  void reverse(Team& team, Attention<T> const& a, Stream<T const> d_out,
               AttentionGradients<T> const& g, T* scratch) const {
    Index const d = a.head_dim(), extra = a.extra_key.tokens, dim = a.query.dim;
    bool const shared = extra > 0 && g.extra_key.data != nullptr && g.extra_key.batch == 1;
    bool const by_task = extra > 0 && g.extra_key.data != nullptr && !shared && a.sets.by_task;
    Index const cuts = by_task ? g.extra_key.batch : groups(a), each = head.scratch(a);
    T* const partial = scratch + team.threads() * each;
    team.run(cuts * a.heads, [&](Index task, int thread) {
      Index const group = task / a.heads, h = task % a.heads;
      T* const mine = scratch + thread * each;
      Stream<T> dk, dv;  // of this group's extra rows
      if (shared) {
        dk = {partial + 2 * group * extra * dim, 1, extra, dim};
        dv = {partial + (2 * group + 1) * extra * dim, 1, extra, dim};
        eigen::map(head_of(dk, 0, h, d)).setZero();
        eigen::map(head_of(dv, 0, h, d)).setZero();
      } else if (extra > 0 && g.extra_key.data != nullptr) {
        dk = g.extra_key, dv = g.extra_value;
      }
      Index const first = by_task ? 0 : group * group_samples;
      Index const last = by_task ? a.query.batch : std::min(first + group_samples, a.query.batch);
      for (Index b = first; b < last; ++b) {
        if (by_task && a.extra_set(b) != group) continue;
        if (a.query.tokens == 0 && g.key.data != nullptr) {  // nobody reads these keys
          eigen::map(head_of(g.key, b, h, d)).setZero();
          eigen::map(head_of(g.value, b, h, d)).setZero();
        }
        head.reverse(a, d_out, g, dk, dv, b, h, mine);
      }
    });
    if (!shared) return;
    for (Index group = 0; group < groups(a); ++group) {
      eigen::map(g.extra_key.sample(0)) +=
          eigen::map(View<T>(partial + 2 * group * extra * dim, extra, dim));
      eigen::map(g.extra_value.sample(0)) +=
          eigen::map(View<T>(partial + (2 * group + 1) * extra * dim, extra, dim));
    }
  }

 private:
  static Index groups(Attention<T> const& a) {
    return (a.query.batch + group_samples - 1) / group_samples;
  }
};

}  // namespace vlpt
