#pragma once
#include "vlpt/autodiff/of_each_task.hpp"
#include "vlpt/blocks/join_contexts.hpp"
#include "vlpt/blocks/row_source.hpp"

namespace vlpt {

/// Rows in the texts of the classes, from a source of each task for its own classes.
template <RowSource Source>
struct EachTaskContext : OfEachTask<Source> {
  using Base = OfEachTask<Source>;
  JoinContexts joint;
  Index count = 0;

  constexpr explicit EachTaskContext(Tasks tasks = {}) : joint{std::move(tasks)} {}
  constexpr void add(std::string name, Source source) {
    joint.add(name, source.count, this->size() == 0);
    count = joint.count;
    Base::add(std::move(name), std::move(source));
  }

  template <class T>
  struct Prepared {
    GivenRows<T> given;
    std::vector<typename Source::template Prepared<T>> parts;
  };
  template <class F>
  static constexpr bool learns = Source::template learns<F>;

  template <class F, class B, class P, class R>
  constexpr void prepare(Context<B>& c, P const& p, R& r, Index) const {
    r.parts.resize(this->parts.size());
    for (std::size_t t = 0; t < this->parts.size(); ++t)
      this->parts[t].template prepare<F>(c, p.parts[t], r.parts[t], 1);
    r.given = joint.template join<learns<F>>(
        c, [&r](std::size_t t) -> auto const& { return r.parts[t].given; });
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
