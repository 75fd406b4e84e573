#pragma once
#include <cstdint>

#include "vlpt/kernels/packed.hpp"
#include "works.hpp"

namespace peers {

/// f.operator()<Weight>() for the weights that a dtype names, of those that are offered.
template <class... Weight, class F>
[[nodiscard]] Work with_weight(Request const& r, F const& f) {
  Work out;
  auto const try_one = [&]<class W>(char const* name) {
    if (r.dtype != name) return false;
    out = f.template operator()<W>();
    return true;
  };
  auto const name_of = []<class W>() {
    if constexpr (std::is_same_v<W, float>) return "float";
    if constexpr (std::is_same_v<W, vlpt::bf16>) return "bf16";
    if constexpr (std::is_same_v<W, std::int8_t>) return "int8";
  };
  if (!(try_one.template operator()<Weight>(name_of.template operator()<Weight>()) || ...))
    throw None{"not in " + r.dtype};
  return out;
}

}  // namespace peers
