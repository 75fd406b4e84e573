#pragma once
#include <optional>
#include <string>
#include <vector>

#include "images.hpp"

namespace vlpt::cli {

/// Data as the command line names them.
struct DataChoice {
  std::string data = "fashion-mnist";
  std::string test;  // a folder of its own; empty: see open_data()
  bool skip_bad = false;
};

/// Images to learn from and, where the data have them, images to test on.
struct Data {
  std::string name;
  Images train;
  std::optional<Images> test;
};

/// "fashion-mnist", a folder of IDX files (train and t10k), a folder with the subfolders train and
/// test, or a folder of images: a subfolder a class, or a labels.csv. InputErrors say what is
/// wrong.
[[nodiscard]] Data open_data(DataChoice const& choice);

/// Which images are learnt from, which choose the best epoch, which are tested on.
struct Split {
  Index shots = 0;  // images a class; 0: all
  std::uint64_t seed = 0;
  std::vector<Index> train{}, valid{};
  std::vector<Index> test{};  // of data.test where it has one, of data.train otherwise
};

/// Draws a split. Without a test part of its own, few-shot tests on all images that were not drawn,
/// and shots = 0 holds a fifth of each class back. `limit` > 0: at most so many test images, evenly
/// spread. InputError where a class has too few images, or none are left to test on.
[[nodiscard]] Split make_split(Data const& data, Index shots, Index valid, std::uint64_t seed,
                               Index limit);

/// The splits of a run as JSON, the first one's fields at the top, where io::load_split reads a
/// few-shot split; several are listed below "splits".
void save_splits(std::string const& path, Data const& data, std::vector<Split> const& splits);

/// Reads every image once: better an InputError now, saying what to do, than after hours of work.
void require_readable(Images const& images, std::vector<Index> const& indices);

/// At most `limit` (0: all) of n images, evenly spread.
[[nodiscard]] std::vector<Index> evenly(Index n, Index limit);

}  // namespace vlpt::cli
