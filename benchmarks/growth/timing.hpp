#pragma once
#include "subject.hpp"

namespace growth {

/// How much time a measurement takes: so many rounds, or fewer, but three, once the seconds are
/// over.
struct Effort {
  int rounds = 25;
  double seconds = 60;
};

[[nodiscard]] double median(std::vector<double> values);

/// How often a subject runs for one sample, so that a sample lasts 20 ms.
[[nodiscard]] int repeats(Subject const&);
/// Milliseconds of one run.
[[nodiscard]] double sample(Subject const&, int repeats);

/// The median of samples.
struct Time {
  double ms = 0;
  int samples = 0;
};
[[nodiscard]] Time time_of(Subject const&, Effort);

/// A subject beside another, which take turns.
struct Pair {
  double base_ms = 0, ms = 0;  // medians
  double added_ms = 0;         // the median of the differences of neighbouring samples
  double error_ms = 0;  // of added_ms: half of what lies between quartiles, over sqrt(samples)
  int samples = 0;
  double idle_percent = 0;
};
[[nodiscard]] Pair compare(Subject const& base, Subject const& one, Effort);

}  // namespace growth
