#pragma once
#include <string>
#include <vector>

#include "vlpt/autodiff/each_task_run.hpp"
#include "vlpt/autodiff/module.hpp"

namespace vlpt {

/// A part of one type for each task, whose tensors are found under the tasks' names.
template <class M>
struct OfEachTask {
  std::vector<std::string> names;
  std::vector<M> parts;

  template <class T>
  struct Params {
    std::vector<typename M::template Params<T>> parts;
  };
  /// What a part keeps of its rows, [first, first + count) of the batch.
  template <class Cache>
  struct RunCache {
    std::size_t task = 0;
    Index first = 0, count = 0;
    Cache cache{};
  };

  constexpr void add(std::string name, M part) {
    names.push_back(std::move(name));
    parts.push_back(std::move(part));
  }
  [[nodiscard]] constexpr Index size() const { return static_cast<Index>(parts.size()); }

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    p.parts.resize(parts.size());
    for (std::size_t t = 0; t < parts.size(); ++t) {
      v.enter(names[t]);
      parts[t].template visit<F>(p.parts[t], v);
      v.leave();
    }
  }

 protected:
  /// Calls f(run) for each run of neighbouring rows of one task, its cache the last of `runs`.
  template <class B, class Runs, class F>
  constexpr void each_run(Context<B>& c, Index rows, Runs& runs, F const& f) const {
    runs.clear();
    runs.reserve(static_cast<std::size_t>(rows));  // so that no later batch needs the heap
    auto const places = c.row_places;
    each_task_run(c, rows, size(), [&](Index task, Index first, Index count) {
      runs.push_back({static_cast<std::size_t>(task), first, count});
      Standing const here(c, c.place, places.from_sample(first));
      f(runs.back());
    });
  }
  /// The same for the reverse.
  template <class B, class Runs, class F>
  static constexpr void each_run_reverse(Context<B>& c, Runs const& runs, F const& f) {
    auto const places = c.row_places;
    for (auto const& run : runs) {
      ArenaScope const scope(c.scratch);
      Standing const here(c, c.place, places.from_sample(run.first));
      f(run);
    }
  }
};

}  // namespace vlpt
