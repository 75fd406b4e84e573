#pragma once
#include "vlpt/autodiff/of_each_task.hpp"
#include "vlpt/blocks/row_source.hpp"
#include "vlpt/blocks/tasks.hpp"

namespace vlpt {

/// Rows in the texts of the classes, from a source of each task for its own classes: a set for
/// every class, (1, classes * count, dim), of which those of one task may be the same.
template <RowSource Source>
struct EachTaskContext : OfEachTask<Source> {
  using Base = OfEachTask<Source>;
  Tasks tasks;
  Index count = 0;

  /// Throws InputError unless all tasks have as many rows: texts are one length.
  constexpr void add(std::string name, Source source) {
    if (this->size() > 0 && source.count != count)
      throw InputError(text("the contexts of all tasks stand in texts of one length: task \"", name,
                            "\" has ", source.count, " rows, the tasks before it ", count));
    count = source.count;
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
    using T = typename B::Scalar;
    r.parts.resize(this->parts.size());
    for (std::size_t t = 0; t < this->parts.size(); ++t)
      this->parts[t].template prepare<F>(c, p.parts[t], r.parts[t], 1);
    auto const room = [&] {
      return c.tape.template stream<T>(1, tasks.classes() * count, r.parts[0].given.rows.dim);
    };
    r.given = {count, room(), {}};
    each_class(
        r, [](GivenRows<T> const& g) { return g.rows; },
        [&](Stream<T> all, Stream<T> own) { c.backend.copy(Stream<T const>(own), all); });
    if constexpr (learns<F>) {
      r.given.d_rows = room();
      c.backend.fill(r.given.d_rows, T(0));
    }
  }
  template <class F, class B, class P, class R>
  constexpr void prepare_backward(Context<B>& c, P const& p, R& r, P& g) const {
    if constexpr (learns<F>) {
      using T = typename B::Scalar;
      each_class(
          r, [](GivenRows<T> const& given) { return given.d_rows; },
          [&](Stream<T> all, Stream<T> own) { c.backend.add(Stream<T const>(all), own); });
      c.backend.fill(r.given.d_rows, T(0));
      for (std::size_t t = 0; t < this->parts.size(); ++t)
        this->parts[t].template prepare_backward<F>(c, p.parts[t], r.parts[t], g.parts[t]);
    }
  }

 private:
  /// f(all, own): the rows of a class, among those of all classes and in its task's part.
  template <class R, class Of, class F>
  constexpr void each_class(R& r, Of const& of, F const& f) const {
    for (Index t = 0; t < this->size(); ++t) {
      auto const own = of(r.parts[static_cast<std::size_t>(t)].given);
      bool const shared = own.tokens == count;
      for (Index k = tasks.start(t); k < tasks.end(t); ++k)
        f(of(r.given).range(k * count, count),
          own.range(shared ? 0 : (k - tasks.start(t)) * count, count));
    }
  }
};

}  // namespace vlpt
