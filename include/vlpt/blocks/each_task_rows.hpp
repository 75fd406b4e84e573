#pragma once
#include <algorithm>

#include "vlpt/autodiff/of_each_task.hpp"
#include "vlpt/blocks/row_source.hpp"

namespace vlpt {

/// Rows of each task, from a source of each: prepared once for each task, never once a sample, and
/// padded with zeros to the longest count. Where a source draws rows for each sample (dropout,
/// while training), a sample is given its own task's.
template <RowSource Source>
struct EachTaskRows : OfEachTask<Source> {
  using Base = OfEachTask<Source>;
  Index count = 0;            // of the task with most
  std::vector<Index> counts;  // of each task

  constexpr void add(std::string name, Source source) {
    counts.push_back(source.count);
    count = std::max(count, source.count);
    Base::add(std::move(name), std::move(source));
  }
  /// How many rows every task has.
  [[nodiscard]] constexpr Index fewest() const {
    return counts.empty() ? 0 : *std::min_element(counts.begin(), counts.end());
  }

  template <class T>
  struct Prepared {
    GivenRows<T> given;
    std::vector<typename Source::template Prepared<T>> parts;
  };
  template <class F>
  static constexpr bool learns = Source::template learns<F>;

  template <class F, class B, class P, class R>
  constexpr void prepare(Context<B>& c, P const& p, R& r, Index batch) const {
    using T = typename B::Scalar;
    r.parts.resize(this->parts.size());
    bool drawn = false;
    for (std::size_t t = 0; t < this->parts.size(); ++t) {
      this->parts[t].template prepare<F>(c, p.parts[t], r.parts[t], batch);
      drawn = drawn || r.parts[t].given.rows.batch > 1;
    }
    auto const& like = r.parts[0].given.rows;
    auto const room = [&] {  // planned for a batch, it must do for a smaller one
      auto const s = c.tape.template stream<T>(drawn ? std::max(batch, this->size()) : this->size(),
                                               like.tokens / counts[0] * count, like.dim);
      c.backend.fill(s, T(0));
      return drawn ? s.samples(0, batch) : s;
    };
    r.given = {count, room(), {}, !drawn, fewest() == count ? nullptr : counts.data()};
    each_set(
        c, r, [](GivenRows<T> const& g) { return g.rows; },
        [&](Stream<T> all, Stream<T> own) { c.backend.copy(Stream<T const>(own), all); });
    if constexpr (learns<F>) r.given.d_rows = room();
  }
  template <class F, class B, class P, class R>
  constexpr void prepare_backward(Context<B>& c, P const& p, R& r, P& g) const {
    if constexpr (learns<F>) {
      using T = typename B::Scalar;
      each_set(
          c, r, [](GivenRows<T> const& given) { return given.d_rows; },
          [&](Stream<T> all, Stream<T> own) { c.backend.add(Stream<T const>(all), own); });
      c.backend.fill(r.given.d_rows, T(0));
      for (std::size_t t = 0; t < this->parts.size(); ++t)
        this->parts[t].template prepare_backward<F>(c, p.parts[t], r.parts[t], g.parts[t]);
    }
  }

 private:
  /// f(all, own): a task's rows of one set, among those of all tasks or samples and in its part.
  template <class B, class R, class Of, class F>
  constexpr void each_set(Context<B>& c, R& r, Of const& of, F const& f) const {
    auto const all = of(r.given);
    auto const rows = [&](Index task, Index first, Index n) {
      auto const t = static_cast<std::size_t>(task);
      auto own = of(r.parts[t].given);
      if (own.batch > 1) own = own.samples(first, n);
      for (Index s = 0; s * count < all.tokens; ++s)
        f(all.samples(first, n).range(s * count, counts[t]), own.range(s * counts[t], counts[t]));
    };
    if (r.given.by_task)
      for (Index t = 0; t < this->size(); ++t) rows(t, t, 1);
    else if (c.tasks.known())
      each_task_run(c, all.batch, this->size(), rows);
  }
};

}  // namespace vlpt
