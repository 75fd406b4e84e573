#pragma once
#include <limits>
#include <type_traits>

#include "vlpt/core/cost.hpp"
#include "vlpt/core/error.hpp"
#include "vlpt/core/tokens.hpp"

namespace vlpt {

/// The most that a model may cost; what is not named has no limit.
struct Budget {
  static constexpr Index none = std::numeric_limits<Index>::max();
  Index macs = none;
  Index backward_macs = none;
  Index params = none;
  Index trained = none;
  Index weight_bytes = none;
  Index saved_bytes = none;
  Index workspace_bytes = none;
};

// One function a figure: a compiler that refuses a static_assert names it. clang prints the call
// with its numbers; g++ prints numbers of failed arithmetic only, hence the shift.
namespace over_budget {

constexpr void check(Index counted, Index limit, char const* what) {
  if (counted <= limit) return;
  if (std::is_constant_evaluated()) counted = limit << counted;
  throw InputError(text("over budget: ", counted, ' ', what, ", the limit is ", limit));
}
constexpr void macs(Index counted, Index limit) { check(counted, limit, "multiply-accumulates"); }
constexpr void backward_macs(Index counted, Index limit) {
  check(counted, limit, "multiply-accumulates of the reverse");
}
constexpr void params(Index counted, Index limit) { check(counted, limit, "parameters"); }
constexpr void trained(Index counted, Index limit) { check(counted, limit, "trained parameters"); }
constexpr void weight_bytes(Index counted, Index limit) {
  check(counted, limit, "bytes of weights");
}
constexpr void saved_bytes(Index counted, Index limit) {
  check(counted, limit, "bytes kept for the reverse");
}
constexpr void workspace_bytes(Index counted, Index limit) {
  check(counted, limit, "bytes of workspace");
}

}  // namespace over_budget

/// Throws InputError that names the first figure over its limit, and both numbers.
constexpr void check_budget(Cost const& cost, Budget const& limit) {
  over_budget::macs(cost.macs, limit.macs);
  over_budget::backward_macs(cost.backward_macs, limit.backward_macs);
  over_budget::params(cost.params, limit.params);
  over_budget::trained(cost.trainable, limit.trained);
  over_budget::weight_bytes(cost.weight_bytes, limit.weight_bytes);
  over_budget::saved_bytes(cost.saved_bytes, limit.saved_bytes);
  over_budget::workspace_bytes(cost.workspace_bytes, limit.workspace_bytes);
}

/// For a static_assert: whether a model stays within a budget. If not, the compiler's message says
/// which figure does not, what it is, and its limit: over_budget::macs(17563060224, 17000000000).
template <class Model>
[[nodiscard]] consteval bool fits(Tokens tokens, Budget const& limit) {
  check_budget(Model::cost(tokens), limit);
  return true;
}

}  // namespace vlpt
