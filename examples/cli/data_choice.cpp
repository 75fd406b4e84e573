#include "data_choice.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <set>

#include "vlpt/core/random.hpp"
#include "vlpt/io/dataset/few_shot.hpp"
#include "vlpt/io/write_file.hpp"

namespace vlpt::cli {
namespace {

namespace fs = std::filesystem;

constexpr char const* fashion_folder = "/usr/share/datasets/fashion-mnist";

bool holds_idx(fs::path const& folder) {
  return fs::exists(folder / "train-images-idx3-ubyte") ||
         fs::exists(folder / "train-images-idx3-ubyte.gz");
}

/// classes.txt, a name a line; else those of Fashion-MNIST or, where that is not it, ten digits.
std::vector<std::string> idx_classes(fs::path const& folder) {
  if (fs::exists(folder / "classes.txt")) {
    std::istringstream lines(io::read_file(folder / "classes.txt"));
    std::vector<std::string> names;
    for (std::string line; std::getline(lines, line);)
      if (!line.empty()) names.push_back(line);
    return names;
  }
  if (fs::absolute(folder).string().find("fashion") != std::string::npos)
    return io::IdxGz::fashion();
  return {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
}

Images open_folder(fs::path const& folder, bool skip_bad) {
  Images images{io::ImageFolder(
      folder, skip_bad ? io::ImageFolder::SkipBad::yes : io::ImageFolder::SkipBad::no)};
  if (auto const skipped = images.skipped(); !skipped.empty()) {
    std::cerr << "vlpt: skipped " << skipped.size()
              << " bad files, the first: " << skipped.front().file.string() << " ("
              << skipped.front().reason << ")\n";
  }
  return images;
}

}  // namespace

Data open_data(DataChoice const& choice) {
  fs::path folder = choice.data;
  if (choice.data == "fashion-mnist" && !fs::exists(folder)) {
    folder = fashion_folder;
    VLPT_CHECK(fs::is_directory(folder), "there is no ", fashion_folder,
               "; install it with: apt-get install dataset-fashion-mnist");
  }
  VLPT_CHECK(fs::is_directory(folder), "there is no data folder ", choice.data,
             "; --data wants fashion-mnist, a folder with a subfolder of images for each class, or "
             "one with a labels.csv");
  std::string const name = fs::path(choice.data).lexically_normal().string();
  std::optional<Images> test;
  if (!choice.test.empty()) test = open_folder(choice.test, choice.skip_bad);
  auto const finish = [&](Images train) {
    VLPT_CHECK(!test || test->class_names() == train.class_names(), "the test images of ", name,
               " have other classes than the training images");
    return Data{name, std::move(train), std::move(test)};
  };
  if (holds_idx(folder)) {
    auto const names = idx_classes(folder);
    if (!test) test.emplace(io::IdxGz::open(folder, io::IdxGz::Part::test, names));
    return finish(Images{io::IdxGz::open(folder, io::IdxGz::Part::train, names)});
  }
  if (fs::is_directory(folder / "train") && fs::is_directory(folder / "test")) {
    if (!test) test = open_folder(folder / "test", choice.skip_bad);
    return finish(open_folder(folder / "train", choice.skip_bad));
  }
  return finish(open_folder(folder, choice.skip_bad));
}

std::vector<Index> evenly(Index n, Index limit) {
  Index const take = limit > 0 ? std::min(limit, n) : n;
  std::vector<Index> out;
  for (Index i = 0; i < take; ++i) out.push_back(i * n / take);
  return out;
}

Split make_split(Data const& data, Index shots, Index valid, std::uint64_t seed, Index limit) {
  VLPT_CHECK(shots >= 0 && valid >= 0 && limit >= 0, "counts of images are 0 or more, got --shots ",
             shots, ", --valid ", valid, ", --limit ", limit);
  Split out{.shots = shots, .seed = seed};
  std::set<Index> taken;
  if (shots > 0) {
    out.train = io::few_shot_split(data.train, shots, seed).indices;
    taken.insert(out.train.begin(), out.train.end());
    if (valid > 0)  // the first `shots` of a longer draw are the shorter draw
      for (Index i : io::few_shot_split(data.train, shots + valid, seed).indices)
        if (taken.insert(i).second) out.valid.push_back(i);
  } else {
    std::vector<std::vector<Index>> members(data.train.class_names().size());
    for (Index i = 0; i < data.train.size(); ++i)
      members[static_cast<std::size_t>(data.train.label(i))].push_back(i);
    for (std::size_t c = 0; c < members.size(); ++c) {
      auto const have = static_cast<Index>(members[c].size());
      Index const held = data.test ? 0 : have / 5, left = have - held - valid;
      VLPT_CHECK(left > 0, "the class ", data.train.class_names()[c], " has ", have,
                 " images: with ", held, " to test on and --valid ", valid, ", none are left");
      auto const order = Random{.seed = seed}.fork(c).permutation(have);
      for (Index k = 0; k < left + valid; ++k) {
        Index const i = members[c][static_cast<std::size_t>(order[static_cast<std::size_t>(k)])];
        (k < left ? out.train : out.valid).push_back(i);
        taken.insert(i);
      }
    }
    std::sort(out.train.begin(), out.train.end());
  }
  std::vector<Index> rest;
  for (Index i = 0; i < (data.test ? data.test->size() : data.train.size()); ++i)
    if (data.test || !taken.contains(i)) rest.push_back(i);
  VLPT_CHECK(!rest.empty(), data.name,
             ": no images are left to test on; ask for fewer --shots or name others with --test");
  for (Index i : evenly(static_cast<Index>(rest.size()), limit))
    out.test.push_back(rest[static_cast<std::size_t>(i)]);
  return out;
}

void require_readable(Images const& images, std::vector<Index> const& indices) {
  io::Image picture;
  for (Index i : indices) try {
      images.image(i, picture);
    } catch (InputError const& e) {
      throw InputError(text(e.what(), "; repair or remove it, or go on without it: --skip-bad"));
    }
}

void save_splits(std::string const& path, Data const& data, std::vector<Split> const& splits) {
  auto const one = [](Split const& split) {
    return io::Json{{"seed", split.seed},
                    {"shots", split.shots},
                    {"indices", split.train},
                    {"valid", split.valid}};
  };
  io::Json json = one(splits.front());
  json.update({{"data", data.name},
               {"class_names", data.train.class_names()},
               {"test", splits.front().test},
               {"test_part", data.test ? "test" : "train"}});
  if (splits.size() > 1)
    for (Split const& split : splits) json["splits"].push_back(one(split));
  io::write_file(path, std::string_view(json.dump() + "\n"));
}

}  // namespace vlpt::cli
