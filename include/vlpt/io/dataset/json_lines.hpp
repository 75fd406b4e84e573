#pragma once
#include <algorithm>
#include <string_view>

namespace vlpt::io {

/// f(number, line) for each line of a JSONL file's content that is not blank, numbered from 1; a
/// byte order mark in front of the first is no part of it.
template <class F>
void for_each_json_line(std::string_view content, F const& f) {
  if (content.starts_with("\xef\xbb\xbf")) content.remove_prefix(3);
  for (int number = 1; !content.empty(); ++number) {
    std::string_view const line = content.substr(0, content.find('\n'));
    content.remove_prefix(std::min(content.size(), line.size() + 1));
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) f(number, line);
  }
}

}  // namespace vlpt::io
