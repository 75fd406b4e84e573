#pragma once
#include "printed.hpp"
#include "vlpt/analysis/cost_under.hpp"

namespace papers {

using namespace vlpt;

/// Where a reported figure was read: the table itself, or a memory of it that nobody checked.
enum class Read { readme, memory, nowhere };
/// How vlpt's figure agrees with it.
enum class Agrees { rounded, truncated, no };

/// A line of a paper's table, and vlpt's figure for it.
struct Row {
  std::string_view method;
  Printed reported;
  Read read = Read::readme;
  Index figure = 0;
  Index with_40_words = 0;     // of multiply-accumulates: `figure` is with 41
  std::string_view counted{};  // the policy that is counted
  Agrees agrees = Agrees::rounded;
  std::string_view why{};      // a reason where they disagree, or an assumption
  std::string_view formula{};  // no run gives the figure: what it is made of
  std::string_view convention = "fvcore";
};

/// Whether a row says the truth about itself.
[[nodiscard]] constexpr bool holds(Row const& row) {
  if (!row.reported.given()) return true;
  bool const rounded = prints(row.figure, row.reported);
  switch (row.agrees) {
    case Agrees::rounded:
      return rounded;
    case Agrees::truncated:
      return !rounded && truncates(row.figure, row.reported);
    case Agrees::no:
      return !rounded && !row.why.empty();
  }
  return false;
}
template <class Rows>
[[nodiscard]] constexpr bool all_hold(Rows const& rows) {
  for (Row const& row : rows)
    if (!holds(row)) return false;
  return true;
}

/// Multiply-accumulates of an inference as papers count them.
template <class Model>
[[nodiscard]] constexpr Index fvcore(typename Model::Settings const& settings) {
  return macs_under<Model>(convention::fvcore, settings);
}
/// Parameters that are allocated, and of them those that learn; nothing is run.
template <class Model>
[[nodiscard]] constexpr Cost parameters(typename Model::Settings const& settings = {}) {
  Cost cost;
  Model const model(settings);
  CountingRun<Model>(model, 1).count_parameters(cost);
  return cost;
}

}  // namespace papers
