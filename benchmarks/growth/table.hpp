#pragma once
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace growth {

/// "12.345", or nothing for what is no finite number.
[[nodiscard]] std::string number(double value, int digits = 3);

/// Rows to a CSV file at once, and to the reader as lines of a table.
class Table {
 public:
  Table(std::filesystem::path const& path, std::vector<std::string> columns);
  /// One field for each column, none with a comma.
  void row(std::vector<std::string> const& fields);

 private:
  std::ofstream file_;
  std::vector<std::size_t> widths_;
  std::string path_;
};

}  // namespace growth
