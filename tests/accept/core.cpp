// Promises of the core room that hold at compile time.
#include <type_traits>

#include "vlpt/core/arena.hpp"
#include "vlpt/core/name.hpp"
#include "vlpt/core/parallel.hpp"
#include "vlpt/core/random.hpp"
#include "vlpt/core/shape.hpp"
#include "vlpt/core/view.hpp"

// Views are values, and a mutable one reads as a const one but never the other way round.
static_assert(std::is_trivially_copyable_v<vlpt::View<float>>);
static_assert(std::is_trivially_copyable_v<vlpt::Stream<float>>);
static_assert(std::is_convertible_v<vlpt::View<float>, vlpt::View<float const>>);
static_assert(!std::is_convertible_v<vlpt::View<float const>, vlpt::View<float>>);
static_assert(!std::is_convertible_v<vlpt::Stream<float const>, vlpt::Stream<float>>);

// Sizes, random numbers and the plan of an arena are known before the program runs.
static_assert(vlpt::Shape{4, 8}.size() == 32);
static_assert(vlpt::Random{1}.uniform(2) == vlpt::Random{1}.uniform(2));
static_assert([] {
  vlpt::Arena plan;
  (void)plan.matrix<float>(16, 16);
  return plan.peak();
}() == 1024);

// A team owns threads: it stays where it is.
static_assert(!std::is_copy_constructible_v<vlpt::Team>);
static_assert(!std::is_move_constructible_v<vlpt::Team>);
