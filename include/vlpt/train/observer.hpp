#pragma once
#include <algorithm>
#include <concepts>
#include <iterator>
#include <span>
#include <vector>

#include "vlpt/io/named_values.hpp"
#include "vlpt/io/safetensors.hpp"
#include "vlpt/io/safetensors_writer.hpp"
#include "vlpt/train/epoch_summary.hpp"
#include "vlpt/train/step_summary.hpp"

namespace vlpt {

/// What a training loop can tell, and `memory`, for which it asks: combine with `|`.
enum class Event : unsigned {
  none = 0,
  step = 1,
  epoch = 2,
  end = 4,
  before_step = 8,
  memory = 16,
  gradients = 32
};
[[nodiscard]] constexpr Event operator|(Event a, Event b) {
  return static_cast<Event>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}

/// Says what it wants to be told: `static constexpr Event events = Event::epoch | Event::end;`.
template <class O>
concept DeclaresEvents = requires {
  { O::events } -> std::convertible_to<Event>;
};
template <class O, Event E>
concept Declares = DeclaresEvents<O> &&
                   (static_cast<unsigned>(O::events) & static_cast<unsigned>(E)) != 0;

template <class O>
concept HasBeforeStep = requires(O& o, StepPlace const& place) {
  o.before_step(place);
};
template <class O>
concept HasOnStep = requires(O& o, StepSummary const& summary) {
  o.on_step(summary);
};
template <class O>
concept HasOnEpoch = requires(O& o, EpochSummary const& summary) {
  o.on_epoch(summary);
};
template <class O>
concept HasOnEnd = requires(O& o, std::span<EpochSummary const> epochs) {
  o.on_end(epochs);
};
/// Gets a net whose gradients are those of a whole step, before their norm is taken.
template <class O, class N>
concept HasOnGradients = requires(O& o, N& net) {
  o.on_gradients(net);
};
/// What it remembers is saved with the run and put back when the run goes on; its recipe, which
/// says all that the memory depends on, is part of the run's.
template <class O>
concept HasMemory = requires(O& o, O const& saved, io::Safetensors const& file) {
  { saved.recipe() } -> std::convertible_to<io::NamedValues>;
  { saved.memory() } -> std::same_as<std::vector<io::TensorBytes>>;
  o.recall(file);
};

/// An event is declared and has its hook, or neither: a hook that is misspelt, or written but not
/// declared, is a compile error that names it; none silently never runs.
template <class O>
concept BeforeStepExactlyIfDeclared = (Declares<O, Event::before_step> && HasBeforeStep<O>) ||
                                      (!Declares<O, Event::before_step> && !HasBeforeStep<O>);
template <class O>
concept OnStepExactlyIfDeclared = (Declares<O, Event::step> && HasOnStep<O>) ||
                                  (!Declares<O, Event::step> && !HasOnStep<O>);
template <class O>
concept OnEpochExactlyIfDeclared = (Declares<O, Event::epoch> && HasOnEpoch<O>) ||
                                   (!Declares<O, Event::epoch> && !HasOnEpoch<O>);
template <class O>
concept OnEndExactlyIfDeclared = (Declares<O, Event::end> && HasOnEnd<O>) ||
                                 (!Declares<O, Event::end> && !HasOnEnd<O>);
template <class O>
concept MemoryExactlyIfDeclared = (Declares<O, Event::memory> && HasMemory<O>) ||
                                  (!Declares<O, Event::memory> && !HasMemory<O>);

/// Somebody who watches a run: declares `events` and has a hook for each of them, of
/// before_step(StepPlace const&), on_step(StepSummary const&), on_epoch(EpochSummary const&),
/// on_end(all epochs so far); for Event::gradients on_gradients(net), which may change them; for
/// Event::memory the functions of HasMemory.
template <class O>
concept Observer =
    DeclaresEvents<O> && BeforeStepExactlyIfDeclared<O> && OnStepExactlyIfDeclared<O> &&
    OnEpochExactlyIfDeclared<O> && OnEndExactlyIfDeclared<O> && MemoryExactlyIfDeclared<O>;

/// Refuses what is no Observer of a run of N, and says why: compilers do not explain
/// `Observer... O`.
template <Observer O, class N>
constexpr void require_observer() {
  static_assert(Declares<O, Event::gradients> == HasOnGradients<O, N>,
                "Event::gradients is declared and has its hook, on_gradients(net), or neither");
}

/// Calls the hook for what is told, if the observer has it; costs nothing otherwise.
template <class O>
void tell(O& observer, StepPlace const& place) {
  if constexpr (HasBeforeStep<O>) observer.before_step(place);
}
template <class O>
void tell(O& observer, StepSummary const& summary) {
  if constexpr (HasOnStep<O>) observer.on_step(summary);
}
template <class O>
void tell(O& observer, EpochSummary const& summary) {
  if constexpr (HasOnEpoch<O>) observer.on_epoch(summary);
}
template <class O, class N>
void tell_gradients(O& observer, N& net) {
  if constexpr (HasOnGradients<O, N>) observer.on_gradients(net);
}
template <class O>
void tell_end(O& observer, std::span<EpochSummary const> epochs) {
  if constexpr (HasOnEnd<O>) observer.on_end(epochs);
}
/// Adds what an observer remembers to what is saved.
template <class O>
void remember(O const& observer, std::vector<io::TensorBytes>& saved) {
  if constexpr (HasMemory<O>) std::ranges::move(observer.memory(), std::back_inserter(saved));
}
/// Puts back what an observer remembered.
template <class O>
void recall(O& observer, io::Safetensors const& file) {
  if constexpr (HasMemory<O>) observer.recall(file);
}
/// Adds what an observer's memory depends on to the recipe of its run.
template <class O>
void add_recipe(O const& observer, io::NamedValues& recipe) {
  if constexpr (HasMemory<O>)
    for (auto const& [name, value] : observer.recipe())
      VLPT_CHECK(recipe.emplace(name, value).second, "two parts of a run's recipe are called \"",
                 name, "\"; give the observer's another name");
}

/// An observer of epochs made of one function: EachEpoch{[](auto const& e) { std::cout << e; }}.
template <class F>
struct EachEpoch {
  static constexpr Event events = Event::epoch;
  F on_epoch;
};
template <class F>
EachEpoch(F) -> EachEpoch<F>;

}  // namespace vlpt
