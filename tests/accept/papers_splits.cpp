// Every split of four skipped layers on METER (docs/papers.md).
#include "../../examples/papers/splits.hpp"

using namespace papers;

namespace {

constexpr bool every_split() {
  for (Split const& s : splits)
    if (!prints(s.change, s.reported)) return false;
  return true;
}
static_assert(every_split());

}  // namespace
