#pragma once
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "vlpt/io/arch_match.hpp"
#include "vlpt/io/model_folder.hpp"

namespace vlpt::io {

/// What a folder holds, if it is of this architecture: its facts go into the model's settings,
/// since epsilon, pooling and, for a dynamic architecture, all sizes are known only now. Throws
/// InputError that names every field that differs.
template <class A>
[[nodiscard]] FamilyOf<A> const& require_arch(ModelFolder const& folder) {
  FamilyOf<A> const& family = folder.as<FamilyOf<A>>();
  std::string message;
  for (std::string const& difference : differences<A>(family)) message += "\n  " + difference;
  if (!message.empty())
    throw InputError(text(folder.path.string(), " is not of arch ", A::name, ':', message));
  return family;
}

/// Why a folder is not of an architecture, in a line; empty: it is.
template <class A>
[[nodiscard]] std::string first_difference(ModelFolder const& folder) {
  auto const* const family = std::get_if<FamilyOf<A>>(&folder.family);
  if (family == nullptr) return text("arch ", A::name, " is ", FamilyOf<A>::name);
  auto const all = differences<A>(*family);
  return all.empty() ? "" : all.front();
}

/// Calls visitor(A{}) for the first of the architectures that the folder is of, so that a known
/// size meets its named type: dispatch<arch::ClipB32, arch::DynamicDual<QuickGelu>>(folder,
/// visitor). One whose sizes are known at run time only takes any size of its family and
/// activation. InputError says what each of them lacks, where none fits.
template <class... Archs, class Visitor>
decltype(auto) dispatch(ModelFolder const& folder, Visitor&& visitor) {
  using First = std::tuple_element_t<0, std::tuple<Archs...>>;
  using Result = std::invoke_result_t<Visitor&, First>;
  std::string why;
  auto const fits = [&]<class A>(A) {
    std::string const difference = first_difference<A>(folder);
    if (!difference.empty()) why += "\n  " + difference;
    return difference.empty();
  };
  auto const refuse = [&] {
    throw InputError(text(folder.path.string(), " holds ", family_name(folder.family),
                          " (names of ", folder.naming.family,
                          ") that none of the architectures of this program is:", why));
  };
  if constexpr (std::is_void_v<Result>) {
    if (!((fits(Archs{}) && (visitor(Archs{}), true)) || ...)) refuse();
  } else {
    std::optional<Result> result;
    if (!((fits(Archs{}) && (result.emplace(visitor(Archs{})), true)) || ...)) refuse();
    return Result(std::move(*result));
  }
}

}  // namespace vlpt::io
