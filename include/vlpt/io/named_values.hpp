#pragma once
#include <array>
#include <charconv>
#include <concepts>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/core/skip_plan.hpp"
#include "vlpt/io/json.hpp"

namespace vlpt::io {

/// Facts by name, as text, in the order of the names: what a delta keeps to be compared later.
using NamedValues = std::map<std::string, std::string>;

/// A number, true or false, a word, or layers to skip as text. to_chars, so that equal numbers have
/// equal texts in every locale and every number comes back to the last bit.
template <class T>
[[nodiscard]] std::string value_text(T const& value) {
  if constexpr (std::convertible_to<T const&, std::string_view>) {
    return std::string(std::string_view(value));
  } else if constexpr (std::same_as<T, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::same_as<T, SkipPlan>) {
    return text(value);
  } else {
    static_assert(std::is_arithmetic_v<T>,
                  "a setting is a number, true or false, a word, or a SkipPlan");
    std::array<char, 64> out{};
    return {out.data(), std::to_chars(out.data(), out.data() + out.size(), value).ptr};
  }
}

/// Reads {"name": "text", ...}. CheckpointError, naming `where`, for anything else and for more
/// than any model has to say: the text may come from anywhere.
[[nodiscard]] inline NamedValues parse_named_values(std::string const& json,
                                                    std::string const& where) {
  constexpr std::size_t most = 64 * 1024;
  if (json.size() > most)
    throw CheckpointError(text(where, ": ", json.size(), " bytes; the limit is ", most));
  Json const parsed = parse_json<CheckpointError>(json, where, 2);
  if (!parsed.is_object()) throw CheckpointError(text(where, ": a JSON object is expected"));
  NamedValues out;
  for (auto const& [name, value] : parsed.items()) {
    if (!value.is_string())
      throw CheckpointError(text(where, ": \"", name, "\" must be a string, not ", value.dump()));
    out[name] = value.get<std::string>();
  }
  return out;
}

/// The count of that name, `otherwise` where there is none; CheckpointError where it is no count.
[[nodiscard]] inline Index count_in(NamedValues const& values, std::string const& name,
                                    Index otherwise = 0) {
  auto const at = values.find(name);
  if (at == values.end()) return otherwise;
  std::string const& digits = at->second;
  Index out = 0;
  auto const read = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  if (read.ec != std::errc{} || read.ptr != digits.data() + digits.size() || out < 0)
    throw CheckpointError(text("\"", name, "\" must be a count, not \"", digits, '"'));
  return out;
}

/// One line for every field that is not the same, with both values; empty where all are.
[[nodiscard]] inline std::string differences(NamedValues const& trained, NamedValues const& own) {
  auto const shown = [](std::string const& value) { return value.empty() ? "none" : value; };
  std::string out;
  auto all = trained;
  all.insert(own.begin(), own.end());
  for (auto const& [name, any] : all) {
    auto const then = trained.find(name), now = own.find(name);
    if (then == trained.end())
      out += text("\n  ", name, ": the delta does not say, this model has ", shown(any));
    else if (now == own.end())
      out += text("\n  ", name, ": the delta was trained with ", shown(any),
                  ", this model has no such");
    else if (then->second != now->second)
      out += text("\n  ", name, ": the delta was trained with ", shown(then->second),
                  ", this model has ", shown(now->second));
  }
  return out;
}

}  // namespace vlpt::io
