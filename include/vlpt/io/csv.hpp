#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "vlpt/core/error.hpp"

namespace vlpt::io {

/// One record of a CSV file and the line that it starts on.
struct CsvRow {
  int line = 1;
  std::vector<std::string> fields;
};

/// Splits CSV as RFC 4180 has it: commas, lines that end in LF or CRLF, fields in quotes that may
/// hold commas, line breaks and doubled quotes. Empty lines are left out. InputError names `where`.
[[nodiscard]] inline std::vector<CsvRow> parse_csv(std::string_view content,
                                                   std::string_view where) {
  if (content.starts_with("\xef\xbb\xbf")) content.remove_prefix(3);  // spreadsheets write a mark
  std::vector<CsvRow> rows;
  CsvRow row;
  std::string field;
  int line = 1;
  bool quoted = false, closed = false;  // inside quotes; after the closing quote
  auto const end_field = [&] {
    row.fields.push_back(std::move(field));
    field.clear();
    closed = false;
  };
  auto const end_row = [&] {
    bool const blank = row.fields.empty() && field.empty() && !closed;
    if (!blank) {
      end_field();
      rows.push_back(std::move(row));
    }
    row = {line + 1, {}};
  };
  for (std::size_t i = 0; i < content.size(); ++i) {
    char const c = content[i];
    if (quoted) {
      if (c != '"') {
        field += c;
      } else if (i + 1 < content.size() && content[i + 1] == '"') {
        field += content[++i];
      } else {
        quoted = false, closed = true;
      }
    } else if (c == '"' && field.empty() && !closed) {
      quoted = true;
    } else if (c == ',') {
      end_field();
    } else if (c == '\n') {
      end_row();
    } else if (c != '\r') {
      if (closed || c == '"')
        throw InputError(text(where, ", line ", line, ": a quote inside a field must be doubled"));
      field += c;
    }
    if (c == '\n') ++line;
  }
  if (quoted) throw InputError(text(where, ", line ", row.line, ": a quote is never closed"));
  end_row();
  return rows;
}

}  // namespace vlpt::io
