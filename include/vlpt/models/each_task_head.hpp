#pragma once
#include "vlpt/autodiff/of_each_task.hpp"
#include "vlpt/blocks/tasks.hpp"
#include "vlpt/core/real.hpp"

namespace vlpt {

/// A head for each task: features (batch, 1, in) -> logits (batch, 1, classes of all tasks), of
/// which a row's own task has its range and all others are minus infinity, without a gradient.
template <Module M>
struct EachTaskHead : OfEachTask<M> {
  using Base = OfEachTask<M>;
  Tasks tasks;

  template <class T, class F>
  struct Cache {
    std::vector<typename Base::template RunCache<typename M::template Cache<T, F>>> runs;
  };
  template <class F>
  static constexpr bool learns = M::template learns<F>;
  template <class F>
  static constexpr bool keeps_input = M::template keeps_input<F>;
  template <class F>
  static constexpr bool keeps_output = false;

  [[nodiscard]] constexpr Index width(Index) const { return tasks.classes(); }

  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, Stream<T const> x, Stream<T> y, K& k) const {
    c.backend.fill(y, minus_infinity<T>);
    this->each_run(c, x.batch, k.runs, [&](auto& run) {
      this->parts[run.task].template forward<F>(
          c, p.parts[run.task], x.samples(run.first, run.count), own(y, run), run.cache);
    });
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, K const& k, Stream<T const> dy, Stream<T> dx,
                          P& g) const {
    this->each_run_reverse(c, k.runs, [&](auto const& run) {
      this->parts[run.task].template backward<F>(c, p.parts[run.task], run.cache, own(dy, run),
                                                 dx.samples(run.first, run.count),
                                                 g.parts[run.task]);
    });
  }

 private:
  /// The logits of a run's rows and of its task's classes.
  template <class T, class Run>
  [[nodiscard]] constexpr Stream<T> own(Stream<T> y, Run const& run) const {
    auto const task = static_cast<Index>(run.task);
    Index const first = tasks.start(task);
    return y.samples(run.first, run.count).columns(first, tasks.end(task) - first);
  }
};

/// The head of a policy's model: one, or where it has tasks one for each.
template <class Prompt, class M>
using HeadFor = std::conditional_t<has_tasks<Prompt>, EachTaskHead<M>, M>;

/// A head for so many classes, or for those of each task; `make` is told how many.
template <class Head, class Make>
[[nodiscard]] constexpr Head head_for(Tasks const& tasks, Index classes, Make const& make) {
  if constexpr (requires(Head h) { h.tasks; }) {
    Head heads;
    heads.tasks = tasks;
    for (Index t = 0; t < tasks.size(); ++t)
      heads.add(tasks.names[static_cast<std::size_t>(t)], make(tasks.end(t) - tasks.start(t)));
    return heads;
  } else {
    return make(classes);
  }
}

}  // namespace vlpt
