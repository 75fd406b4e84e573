#pragma once
#include <string>

#include "vlpt/autodiff/context.hpp"
#include "vlpt/blocks/given_rows.hpp"
#include "vlpt/blocks/tasks.hpp"

namespace vlpt {

/// The contexts of all tasks as class texts read them: a set of `count` rows for every class,
/// (1, classes * count, dim), of which those of one task may be the same.
struct JoinContexts {
  Tasks tasks;
  Index count = 0;

  /// Throws InputError unless all tasks have as many rows: texts are one length.
  constexpr void add(std::string const& name, Index of_task, bool first) {
    if (!first && of_task != count)
      throw InputError(text("the contexts of all tasks stand in texts of one length: task \"", name,
                            "\" has ", of_task, " rows, the tasks before it ", count));
    count = of_task;
  }
  /// part(t): the GivenRows of task t. Gradients are zero where the rows learn.
  template <bool Learns, class B, class Part>
  [[nodiscard]] constexpr auto join(Context<B>& c, Part const& part) const {
    using T = typename B::Scalar;
    auto const room = [&] {
      return c.tape.template stream<T>(1, tasks.classes() * count, part(0).rows.dim);
    };
    GivenRows<T> all{count, room(), {}};
    each_class(
        all.rows, [&](std::size_t t) { return part(t).rows; },
        [&](Stream<T> to, Stream<T> own) { c.backend.copy(Stream<T const>(own), to); });
    if constexpr (Learns) {
      all.d_rows = room();
      c.backend.fill(all.d_rows, T(0));
    }
    return all;
  }
  /// Adds the gradients of the joined rows to those of the parts; they are zero again.
  template <class B, class T, class Part>
  constexpr void part(Context<B>& c, GivenRows<T> const& all, Part const& part) const {
    each_class(
        all.d_rows, [&](std::size_t t) { return part(t).d_rows; },
        [&](Stream<T> from, Stream<T> own) { c.backend.add(Stream<T const>(from), own); });
    c.backend.fill(all.d_rows, T(0));
  }

 private:
  /// f(joined, own): the rows of a class, among those of all classes and in its task's part.
  template <class T, class Part, class F>
  constexpr void each_class(Stream<T> all, Part const& part, F const& f) const {
    for (Index t = 0; t < tasks.size(); ++t) {
      auto const own = part(static_cast<std::size_t>(t));
      bool const shared = own.tokens == count;
      for (Index k = tasks.start(t); k < tasks.end(t); ++k)
        f(all.range(k * count, count), own.range(shared ? 0 : (k - tasks.start(t)) * count, count));
    }
  }
};

}  // namespace vlpt
