#include "timing.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace growth {
namespace {

constexpr double least_ms = 20;

double ms_now() {
  return std::chrono::duration<double, std::milli>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

double run(Subject const& s, int times) {
  double const start = ms_now();
  for (int i = 0; i < times; ++i) s.run();
  return (ms_now() - start) / times;
}

/// Calls round(i) as often as the effort says; how often that was.
template <class F>
int rounds(Effort effort, F&& round) {
  double const end = ms_now() + 1e3 * effort.seconds;
  int i = 0;
  while (i < effort.rounds && (i < 3 || ms_now() < end)) round(i++);
  return i;
}

double quantile(std::vector<double> v, double share) {
  std::sort(v.begin(), v.end());
  return v[static_cast<std::size_t>(share * static_cast<double>(v.size() - 1) + 0.5)];
}

}  // namespace

double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return (v[(v.size() - 1) / 2] + v[v.size() / 2]) / 2;
}

int repeats(Subject const& s) {
  double best = run(s, 1);
  if (best < least_ms) best = std::min({best, run(s, 1), run(s, 1)});
  return static_cast<int>(std::clamp(std::ceil(least_ms / best), 1., 1000.));
}

double sample(Subject const& s, int times) {
  if (times > 1) s.run();  // wakes threads that slept meanwhile
  return run(s, times);
}

Time time_of(Subject const& s, Effort effort) {
  int const times = repeats(s);
  std::vector<double> ms;
  int const samples = rounds(effort, [&](int) { ms.push_back(sample(s, times)); });
  return {median(ms), samples};
}

Pair compare(Subject const& base, Subject const& one, Effort effort) {
  int const base_times = repeats(base), times = repeats(one);
  std::vector<double> base_ms, ms, added;
  Neighbours const neighbours;
  Pair out;
  out.samples = rounds(effort, [&](int i) {
    if (i % 2 == 0) base_ms.push_back(sample(base, base_times));
    ms.push_back(sample(one, times));
    if (i % 2 == 1) base_ms.push_back(sample(base, base_times));
    added.push_back(ms.back() - base_ms.back());
  });
  out.idle_percent = neighbours.idle_percent();
  out.base_ms = median(base_ms), out.ms = median(ms), out.added_ms = median(added);
  out.error_ms =
      (quantile(added, 0.75) - quantile(added, 0.25)) / 2 / std::sqrt(double(out.samples));
  return out;
}

}  // namespace growth
