#pragma once
#include <filesystem>
#include <vector>

#include "data_choice.hpp"

namespace vlpt::cli {

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
void save_splits(std::filesystem::path const& path, Data const& data,
                 std::vector<Split> const& splits);

/// For each image of data.train whether the (first) split in the file learnt from it, or chose the
/// epoch by it. InputError unless the split is of these very classes and so many images.
[[nodiscard]] std::vector<bool> seen_images(std::filesystem::path const& path, Data const& data);

/// Reads every image of the splits once: better an InputError now, saying what to do, than after
/// hours of work.
void require_readable(Data const& data, std::vector<Split> const& splits);

/// At most `limit` (0: all) of n images, evenly spread.
[[nodiscard]] std::vector<Index> evenly(Index n, Index limit);

}  // namespace vlpt::cli
