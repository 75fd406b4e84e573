#pragma once
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "printable.hpp"

namespace vlpt::cli {

/// A table for a terminal, its first row underlined: columns of numbers to the right, others to the
/// left. Widths count characters, not bytes.
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> header) { add(std::move(header)); }
  void add(std::vector<std::string> row) {
    for (std::string& cell : row) cell = printable(cell);
    rows_.push_back(std::move(row));
  }

  [[nodiscard]] std::string str() const {
    std::vector<std::size_t> width;
    std::vector<bool> numbers;
    for (std::size_t r = 0; r < rows_.size(); ++r)
      for (std::size_t c = 0; c < rows_[r].size(); ++c) {
        std::string const& cell = rows_[r][c];
        if (width.size() <= c) width.push_back(0), numbers.push_back(c > 0);
        width[c] = std::max(width[c], characters(cell));
        if (r > 0 && !cell.empty() && std::string("0123456789+-").find(cell[0]) == cell.npos)
          numbers[c] = false;
      }
    std::string out, rule;
    for (std::size_t w : width)
      rule += std::string(rule.empty() ? 0 : 3, '-') + std::string(w, '-');
    for (auto const& row : rows_) {
      std::string line;
      for (std::size_t c = 0; c < row.size(); ++c) {
        std::string const gap(width[c] - characters(row[c]), ' ');
        line.append(c == 0 ? "" : "   ").append(numbers[c] ? gap + row[c] : row[c] + gap);
      }
      out += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
      if (&row == &rows_.front()) out += rule + '\n';
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
