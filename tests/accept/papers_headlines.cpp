// The ratios that APT and DAS are known by, each from its own baseline (docs/papers.md).
#include "../../examples/papers/headlines.hpp"

using namespace papers;

namespace {

constexpr bool every_headline() {
  for (Headline const& h : headlines) {
    double const claimed = h.from_printed == 0 ? h.from_counts : h.from_printed;
    if (!prints(claimed, h.reported) || !prints(h.from_counts, h.expected)) return false;
  }
  return true;
}
static_assert(every_headline());

constexpr bool every_honest() {
  for (Honest const& h : honest)
    if (!prints(h.adds, h.expected_adds) || !prints(h.change, h.expected)) return false;
  return true;
}
static_assert(every_honest());

}  // namespace
