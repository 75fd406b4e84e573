#pragma once
#include "vlpt/autodiff/of_each_task.hpp"
#include "vlpt/blocks/dual_rows.hpp"
#include "vlpt/blocks/join_contexts.hpp"
#include "vlpt/blocks/join_rows.hpp"

namespace vlpt {

/// Rows of both towers that each task makes together: images read their task's, class texts theirs.
template <DualSource Source>
struct EachTaskDualRows : OfEachTask<Source> {
  using Base = OfEachTask<Source>;
  JoinRows images;
  JoinContexts texts;
  Index count = 0;  // of the images' rows of the task with most

  constexpr explicit EachTaskDualRows(Tasks tasks = {}) : texts{std::move(tasks)} {}
  constexpr void add(std::string name, Source source) {
    texts.add(name, source.inserted(), this->size() == 0);
    images.counts.push_back(source.count);
    count = images.most();
    Base::add(std::move(name), std::move(source));
  }
  [[nodiscard]] constexpr Index inserted() const { return texts.count; }
  [[nodiscard]] constexpr Index fewest() const { return images.fewest(); }

  template <class T>
  struct Prepared {
    GivenRows<T> given, context;
    std::vector<typename Source::template Prepared<T>> parts;
  };
  template <class F>
  static constexpr bool learns = Source::template learns<F>;

  template <class F, class B, class P, class R>
  constexpr void prepare(Context<B>& c, P const& p, R& r, Index batch) const {
    r.parts.resize(this->parts.size());
    for (std::size_t t = 0; t < this->parts.size(); ++t)
      this->parts[t].template prepare<F>(c, p.parts[t], r.parts[t], batch);
    r.given = images.template join<learns<F>>(c, batch, given(r));
    r.context = texts.template join<learns<F>>(c, context(r));
  }
  template <class F, class B, class P, class R>
  constexpr void prepare_backward(Context<B>& c, P const& p, R& r, P& g) const {
    if constexpr (learns<F>) {
      images.part(c, r.given, given(r));
      texts.part(c, r.context, context(r));
      for (std::size_t t = 0; t < this->parts.size(); ++t)
        this->parts[t].template prepare_backward<F>(c, p.parts[t], r.parts[t], g.parts[t]);
    }
  }

 private:
  template <class R>
  static constexpr auto given(R& r) {
    return [&r](std::size_t t) -> auto const& { return r.parts[t].given; };
  }
  template <class R>
  static constexpr auto context(R& r) {
    return [&r](std::size_t t) -> auto const& { return r.parts[t].context; };
  }
};

}  // namespace vlpt
