#pragma once
#include "vlpt/autodiff/memory_plan.hpp"
#include "vlpt/autodiff/room.hpp"
#include "vlpt/core/error.hpp"

namespace vlpt {

/// The largest batch before `batch` whose plan needs no more than `bytes`; 0 if there is none.
template <class PlanOf>
[[nodiscard]] Index largest_batch(Index batch, std::size_t bytes, PlanOf const& plan_of) {
  Index fits = 0;
  for (Index step = batch; step > 0; step /= 2)
    while (fits + step < batch) {
      MemoryPlan const plan = plan_of(fits + step);
      if (plan.tape + plan.scratch > bytes) break;
      fits += step;
    }
  return fits;
}

/// Makes memory for the two arenas of a batch as large as plan_of(batch) says. Where there is not
/// as much, nothing is kept, and OutOfMemory says what was asked for and which batch there is
/// memory for.
template <class Memory, class PlanOf>
void grow_arenas(Memory& tape, Memory& scratch, Index batch, PlanOf const& plan_of) {
  MemoryPlan const plan = plan_of(batch);
  try {
    grow(tape, plan.tape), grow(scratch, plan.scratch);
  } catch (OutOfMemory const& e) {
    std::size_t const available = e.available() + tape.size() + scratch.size();
    tape = Memory(), scratch = Memory();
    Index const fits = largest_batch(batch, available, plan_of);
    throw OutOfMemory(
        text(e.what(), "; a batch of ", batch, " keeps ", plan.tape, " bytes and works in ",
             plan.scratch, ": there is memory for ", fits == 0 ? "none" : text("one of ", fits)),
        available);
  }
}

}  // namespace vlpt
