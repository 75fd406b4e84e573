#pragma once
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "vlpt/core/error.hpp"

namespace vlpt::io {

/// An emoji of one character, as Unicode's emoji-test.txt names and sorts it.
struct EmojiName {
  char32_t character = 0;
  std::string name, group, subgroup;
};

/// The fully qualified emoji of one character (a variation selector behind it is passed over) in
/// the order of emoji-test.txt. InputError names file and line.
[[nodiscard]] inline std::vector<EmojiName> parse_emoji_names(std::string_view content,
                                                              std::string_view where) {
  std::vector<EmojiName> out;
  std::string_view group, subgroup;
  auto const trimmed = [](std::string_view s) {
    while (s.ends_with(' ') || s.ends_with('\r')) s.remove_suffix(1);
    while (s.starts_with(' ')) s.remove_prefix(1);
    return s;
  };
  for (int line = 1; !content.empty(); ++line) {
    std::string_view row = content.substr(0, content.find('\n'));
    content.remove_prefix(std::min(content.size(), row.size() + 1));
    row = trimmed(row);
    if (row.starts_with("# group:")) group = trimmed(row.substr(8));
    if (row.starts_with("# subgroup:")) subgroup = trimmed(row.substr(11));
    if (row.empty() || row.starts_with('#')) continue;
    auto const fail = [&](char const* what) {
      throw InputError(text(where, ", line ", line, ": ", what,
                            " (as in \"1F600 ; fully-qualified # x E1.0 grinning face\")"));
    };
    auto const semicolon = row.find(';'), hash = row.find('#');
    if (semicolon == row.npos || hash == row.npos || hash < semicolon)
      fail("expected characters ; status # emoji name");
    if (trimmed(row.substr(semicolon + 1, hash - semicolon - 1)) != "fully-qualified") continue;
    std::string_view codes = trimmed(row.substr(0, semicolon)),
                     name = trimmed(row.substr(hash + 1));
    if (codes.ends_with(" FE0F")) codes.remove_suffix(5);
    if (codes.find(' ') != codes.npos) continue;  // a sequence
    std::uint32_t code = 0;
    auto const [end, error] = std::from_chars(codes.data(), codes.data() + codes.size(), code, 16);
    if (error != std::errc{} || end != codes.data() + codes.size() || code > 0x10FFFF)
      fail("expected a character in hexadecimal");
    for (int word = 0; word < 2; ++word) {  // the emoji itself and its version
      auto const space = name.find(' ');
      if (space == name.npos) fail("the name is missing");
      name = trimmed(name.substr(space));
    }
    if (group.empty() || subgroup.empty()) fail("an emoji stands before its group and subgroup");
    out.push_back({char32_t{code}, std::string(name), std::string(group), std::string(subgroup)});
  }
  return out;
}

}  // namespace vlpt::io
