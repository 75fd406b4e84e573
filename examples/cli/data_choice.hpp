#pragma once
#include <optional>
#include <string>
#include <vector>

#include "images.hpp"
#include "vlpt/io/json.hpp"

namespace vlpt::cli {

/// Data as the command line names them.
struct DataChoice {
  std::string data = "fashion-mnist";
  std::string test;  // a folder of its own; empty: see open_data()
  bool skip_bad = false;
};

/// Images to learn from and, where the data have them, images to test on.
struct Data {
  std::string name;  // printable
  Images train;
  std::optional<Images> test;

  /// The images that Split::test counts.
  [[nodiscard]] Images const& tested() const { return test ? *test : train; }
  /// What --skip-bad left out.
  [[nodiscard]] std::vector<io::ImageFolder::Skipped> skipped() const;
};

/// "fashion-mnist", a folder of IDX files (train and t10k), a folder with the subfolders train and
/// test, or a folder of images: a subfolder a class, or a labels.csv. InputErrors say what is
/// wrong.
[[nodiscard]] Data open_data(DataChoice const& choice);

/// The skipped files as a line of text (empty if there are none) and as JSON.
[[nodiscard]] std::string skipped_line(Data const& data);
[[nodiscard]] io::Json skipped_json(Data const& data);

}  // namespace vlpt::cli
