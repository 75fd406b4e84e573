#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/io/csv.hpp"
#include "vlpt/io/dataset/bad_lines.hpp"
#include "vlpt/io/dataset/caption_set.hpp"
#include "vlpt/io/dataset/picture_files.hpp"
#include "vlpt/io/read_file.hpp"
#include "vlpt/io/utf8.hpp"

namespace vlpt::io {

/// Pictures with captions from a CSV file with the header `file,caption` (fields in quotes may hold
/// commas, quotes and line breaks); a file with several captions has a line for each. Names of
/// files are relative to the folder of the table. A line that cannot be used is an InputError
/// naming table and line, or, with BadLines::skip, left out and kept in skipped().
class CaptionTable {
 public:
  explicit CaptionTable(std::filesystem::path const& csv, BadLines bad = BadLines::refuse)
      : pictures_(csv.parent_path()) {
    auto const rows = parse_csv(read_file(csv), csv.string());
    if (rows.empty() || rows[0].fields != std::vector<std::string>{"file", "caption"})
      throw InputError(text(csv.string(), ": the first line must be file,caption"));
    for (std::size_t i = 1; i < rows.size(); ++i) try {
        add(rows[i], bad == BadLines::skip);
      } catch (InputError const& e) {
        if (bad == BadLines::refuse)
          throw InputError(text(csv.string(), ", line ", rows[i].line, ": ", e.what()));
        skipped_.push_back({rows[i].line, e.what()});
      }
    if (pairs_.empty())
      throw InputError(text(csv.string(), ": there are no captions", skipped_.empty() ? "" : "; ",
                            summary(skipped_, 0)));
  }

  [[nodiscard]] Index size() const { return static_cast<Index>(pairs_.size()); }
  [[nodiscard]] std::string const& caption(Index i) const { return pair(i).caption; }
  void image(Index i, Image& out) const { pictures_.image(picture_of(i), out); }
  [[nodiscard]] Index pictures() const { return pictures_.size(); }
  [[nodiscard]] Index picture_of(Index i) const { return pair(i).picture; }
  [[nodiscard]] std::filesystem::path const& file(Index i) const {
    return pictures_.file(picture_of(i));
  }
  [[nodiscard]] std::vector<SkippedLine> const& skipped() const { return skipped_; }

 private:
  struct Pair {
    Index picture;
    std::string caption;
  };
  [[nodiscard]] Pair const& pair(Index i) const { return pairs_[static_cast<std::size_t>(i)]; }

  void add(CsvRow const& row, bool decode) {
    auto const& fields = row.fields;
    VLPT_CHECK(fields.size() == 2, "a file and a caption are expected, found ", fields.size(),
               " fields", fields.size() > 2 ? " (put a caption with commas in quotes)" : "");
    VLPT_CHECK(fields[1].find_first_not_of(" \t\r\n") != std::string::npos, "the caption of ",
               fields[0], " is empty");
    VLPT_CHECK(is_utf8(fields[1]), "the caption is not UTF-8; save the table as UTF-8");
    pairs_.push_back({pictures_.add(fields[0], decode), fields[1]});
  }

  PictureFiles pictures_;
  std::vector<Pair> pairs_;
  std::vector<SkippedLine> skipped_;
};

static_assert(CaptionSet<CaptionTable>);

}  // namespace vlpt::io
