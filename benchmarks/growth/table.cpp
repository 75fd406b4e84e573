#include "table.hpp"

#include <cmath>
#include <iomanip>
#include <iostream>

#include "vlpt/analysis/report/number.hpp"
#include "vlpt/core/error.hpp"

namespace growth {

std::string number(double value, int digits) {
  return std::isfinite(value) ? vlpt::report::fixed(value, digits) : "";
}

Table::Table(std::filesystem::path const& path, std::vector<std::string> columns)
    : file_(path), path_(path.string()) {
  std::cout << '\n' << path_ << '\n';
  for (std::string const& c : columns) widths_.push_back(std::max<std::size_t>(c.size(), 9));
  widths_.front() = 30;
  row(columns);
}

void Table::row(std::vector<std::string> const& fields) {
  VLPT_CHECK(fields.size() == widths_.size(), path_, " has ", widths_.size(), " columns, got ",
             fields.size(), " fields");
  for (std::size_t i = 0; i < fields.size(); ++i) {
    file_ << (i == 0 ? "" : ",") << fields[i];
    std::cout << (i == 0 ? std::left : std::right) << std::setw(static_cast<int>(widths_[i]))
              << fields[i] << ' ';
  }
  file_ << '\n' << std::flush;
  std::cout << std::endl;
  if (!file_) throw vlpt::RunError(path_ + " cannot be written");
}

}  // namespace growth
