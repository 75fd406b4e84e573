#pragma once
#include <type_traits>

#include "vlpt/autodiff/learn.hpp"
#include "vlpt/autodiff/mode.hpp"
#include "vlpt/core/name.hpp"

namespace vlpt {

/// Where a module stands: the scope, its path, whether it is marked Trainable, and whether the
/// gradient of its input is wanted (because something below it learns). Leaves read `mode`;
/// composites hand every part its own Flow. A type, so a reverse that is not needed is not
/// compiled.
template <class Scope, bool Below = false, bool Marked = false, Name Path = "">
struct Flow {
  using ScopeType = Scope;
  static constexpr bool below = Below;
  static constexpr bool learns = (Marked && Scope::marked) || Scope::matches(Path.view());
  static constexpr Mode mode =
      learns ? (Below ? Mode::train : Mode::root) : (Below ? Mode::through : Mode::infer);
  /// Whether a reverse visits this module at all.
  static constexpr bool reverses = learns || below;

  template <Name N>
  static constexpr auto extend() {
    if constexpr (Scope::by_path)
      return Flow<Scope, Below, Marked, join<Path, N>()>{};
    else
      return Flow<Scope, Below, Marked, Path>{};
  }
  /// The same flow, one name further down.
  template <Name N>
  using child = decltype(extend<N>());
  /// The same place, with or without a learner below.
  template <bool B>
  using with_below = Flow<Scope, B, Marked, Path>;
  /// Inside a Trainable.
  using marked = Flow<Scope, Below, true, Path>;
};

/// How a const Net runs any model.
using InferFlow = Flow<learn::Nothing>;

/// The flow of a part with nothing below that learns: that of a const Net where nothing in it
/// learns either, so that a frozen part is compiled once.
template <class M, class F>
using Settled = std::conditional_t<M::template learns<F>, F, InferFlow>;

}  // namespace vlpt
