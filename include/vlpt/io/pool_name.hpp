#pragma once
#include <array>
#include <string_view>
#include <utility>

#include "vlpt/blocks/facts.hpp"
#include "vlpt/models/arch/text_encoder.hpp"

namespace vlpt::io {

/// The poolings as VPT calls them, and as deltas do.
inline constexpr std::array<std::pair<Pool, std::string_view>, 4> pool_names{
    {{Pool::class_row, "class_row"},
     {Pool::mean_all, "mean_all"},
     {Pool::mean_image, "mean_image"},
     {Pool::mean_prompts, "mean_prompts"}}};

[[nodiscard]] constexpr std::string_view pool_name(Pool pool) {
  for (auto const& [value, name] : pool_names)
    if (value == pool) return name;
  return "?";
}

/// The poolings of a text encoder.
[[nodiscard]] constexpr std::string_view pool_name(TextPool pool) {
  return pool == TextPool::mean ? "mean" : pool == TextPool::pooler ? "pooler" : "first_row";
}

}  // namespace vlpt::io
