#pragma once
#include "vlpt/autodiff/of_each_task.hpp"
#include "vlpt/blocks/join_rows.hpp"
#include "vlpt/blocks/row_source.hpp"

namespace vlpt {

/// Rows of each task, from a source of each: prepared once for each task, never once a sample.
template <RowSource Source>
struct EachTaskRows : OfEachTask<Source> {
  using Base = OfEachTask<Source>;
  Index count = 0;  // of the task with most
  JoinRows joint;

  constexpr void add(std::string name, Source source) {
    joint.counts.push_back(source.count);
    count = joint.most();
    Base::add(std::move(name), std::move(source));
  }
  /// How many rows every task has.
  [[nodiscard]] constexpr Index fewest() const { return joint.fewest(); }

  template <class T>
  struct Prepared {
    GivenRows<T> given;
    std::vector<typename Source::template Prepared<T>> parts;
  };
  template <class F>
  static constexpr bool learns = Source::template learns<F>;

  template <class F, class B, class P, class R>
  constexpr void prepare(Context<B>& c, P const& p, R& r, Index batch) const {
    r.parts.resize(this->parts.size());
    for (std::size_t t = 0; t < this->parts.size(); ++t)
      this->parts[t].template prepare<F>(c, p.parts[t], r.parts[t], batch);
    r.given = joint.template join<learns<F>>(
        c, batch, [&r](std::size_t t) -> auto const& { return r.parts[t].given; });
  }
  template <class F, class B, class P, class R>
  constexpr void prepare_backward(Context<B>& c, P const& p, R& r, P& g) const {
    if constexpr (learns<F>) {
      joint.part(
          c, r.given, [&r](std::size_t t) -> auto const& { return r.parts[t].given; });
      for (std::size_t t = 0; t < this->parts.size(); ++t)
        this->parts[t].template prepare_backward<F>(c, p.parts[t], r.parts[t], g.parts[t]);
    }
  }
};

}  // namespace vlpt
