#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "vlpt/core/index.hpp"

namespace vlpt::cli {

/// A table for a terminal: the first column to the left, the others to the right, the first row
/// underlined. Widths count characters, not bytes.
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> header) { add(std::move(header)); }
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

  [[nodiscard]] std::string str() const {
    std::vector<std::size_t> width;
    for (auto const& row : rows_)
      for (std::size_t c = 0; c < row.size(); ++c) {
        if (width.size() <= c) width.push_back(0);
        width[c] = std::max(width[c], characters(row[c]));
      }
    std::string out;
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      std::string line;
      for (std::size_t c = 0; c < rows_[r].size(); ++c) {
        std::string const gap(width[c] - characters(rows_[r][c]), ' ');
        line += (c == 0 ? "" : "   ") + (c == 0 ? rows_[r][c] + gap : gap + rows_[r][c]);
      }
      out += line + '\n';
      if (r == 0) out += std::string(characters(line), '-') + '\n';
    }
    return out;
  }

 private:
  static std::size_t characters(std::string const& s) {
    return static_cast<std::size_t>(
        std::count_if(s.begin(), s.end(), [](char c) { return (c & 0xC0) != 0x80; }));
  }
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace vlpt::cli
