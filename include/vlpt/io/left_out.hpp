#pragma once
#include <algorithm>
#include <cctype>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace vlpt::io {

/// "layers.4." of layers.4.shortcut.up.weight; empty where no part of the name is a number.
[[nodiscard]] inline std::string numbered_part(std::string_view name) {
  for (std::size_t at = 0, dot = 0; dot != std::string_view::npos; at = dot + 1) {
    dot = name.find('.', at);
    std::string_view const part = name.substr(at, dot - at);
    bool const number = !part.empty() && std::ranges::all_of(part, [](unsigned char c) {
      return std::isdigit(c) != 0;
    });
    if (number && dot != std::string_view::npos) return std::string(name.substr(0, dot + 1));
  }
  return {};
}

/// The layers of which a net has nothing but a policy's own, as "layers.4.": they are skipped over
/// a short-cut, and a file may hold their weights. `records`: all of the net's parameters.
template <class Records>
[[nodiscard]] std::vector<std::string> left_out(Records const& records) {
  std::map<std::string, bool> frozen;
  for (auto const& r : records)
    if (auto const part = numbered_part(r.name); !part.empty())
      frozen[part] = frozen[part] || !r.marked;
  std::vector<std::string> out;
  for (auto const& [part, any] : frozen)
    if (!any) out.push_back(part);
  return out;
}

}  // namespace vlpt::io
