#pragma once
#include <algorithm>
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
/// Throws E (a vlpt error) whose message starts with `where`. `first_line` is the number of the
/// content's first line.
template <class E = InputError>
[[nodiscard]] Json parse_json(std::string_view content, std::string const& where, int depth = 32,
                              int first_line = 1) {
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
  } catch (Json::parse_error const& e) {
    auto const read = content.substr(0, e.byte > 0 ? e.byte - 1 : 0);  // `byte` counts from 1
    throw E(text(where, ": this is no valid JSON; line ",
                 first_line + std::ranges::count(read, '\n'), ", column ",
                 read.size() - (read.rfind('\n') + 1) + 1, " is where it goes wrong"));
  } catch (Json::exception const&) {
    throw E(text(where, ": this is no valid JSON; it has a number that is too large"));
  }
}

}  // namespace vlpt::io
