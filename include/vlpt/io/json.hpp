#pragma once
#include <cstddef>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "vlpt/core/error.hpp"

namespace vlpt::io {

using Json = nlohmann::json;

/// Parses JSON that may come from anywhere: at most `depth` levels, no key twice in one object.
/// Throws E (a vlpt error) whose message starts with `where`.
template <class E = InputError>
[[nodiscard]] Json parse_json(std::string_view content, std::string const& where, int depth = 32) {
  std::vector<std::set<std::string>> keys(1);
  auto const check = [&](int level, Json::parse_event_t event, Json& parsed) {
    if (level > depth) throw E(text(where, ": the JSON is nested deeper than ", depth, " levels"));
    if (event == Json::parse_event_t::object_start) {
      keys.emplace_back();
    } else if (event == Json::parse_event_t::object_end) {
      keys.pop_back();
    } else if (event == Json::parse_event_t::key) {
      if (!keys.back().insert(parsed.get_ref<std::string const&>()).second)
        throw E(text(where, ": the JSON has the key ", parsed.dump(), " twice"));
    }
    return true;
  };
  try {
    return Json::parse(content, check);
  } catch (Json::exception const& e) {
    throw E(text(where, ": this is no valid JSON (", e.what(), ")"));
  }
}

}  // namespace vlpt::io
