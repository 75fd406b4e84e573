#pragma once
#include <filesystem>

#include "table.hpp"
#include "timing.hpp"

namespace growth {

/// What was asked for.
struct Run {
  std::filesystem::path csv;  // part.csv lies beside it, as FILE-part.csv
  bool quick = false;
  int threads = 1;

  /// "FILE-part.csv" for "FILE.csv", or with another ending.
  [[nodiscard]] std::filesystem::path beside(std::string const& part,
                                             std::string const& ending = ".csv") const {
    auto path = csv;
    return path.replace_filename(csv.stem().string() + '-' + part + ending);
  }
};

/// Of the nets that are made from now on.
void set_threads(int threads);

/// Whether time follows the counts: every policy beside the same model without it.
void counts(Run const&);
/// The papers' percentages in milliseconds, on METER at full size.
void on_meter(Run const&);
/// How time and memory grow with sizes.
void sizes(Run const&);
/// Two threads while another process keeps one of their processors busy.
void neighbour(Run const&);

}  // namespace growth
