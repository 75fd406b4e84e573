#include "data_choice.hpp"

#include <filesystem>
#include <sstream>

#include "names.hpp"
#include "printable.hpp"

namespace vlpt::cli {
namespace {

namespace fs = std::filesystem;

constexpr char const* fashion_folder = "/usr/share/datasets/fashion-mnist";

bool holds_idx(fs::path const& folder) {
  return io::is_there(folder / "train-images-idx3-ubyte") ||
         io::is_there(folder / "train-images-idx3-ubyte.gz");
}

/// classes.txt, a name a line; else those of Fashion-MNIST or, where that is not it, ten digits.
std::vector<std::string> idx_classes(fs::path const& folder) {
  if (auto const file = folder / "classes.txt"; io::is_there(file)) {
    constexpr std::size_t most = 256;  // a label is a byte
    std::istringstream lines(io::read_file(file));
    std::vector<std::string> names;
    for (std::string line; names.size() <= most && std::getline(lines, line);) {
      if (line.ends_with('\r')) line.pop_back();
      names.push_back(line);
    }
    VLPT_CHECK(names.size() <= most, file.string(), " names more than ", most, " classes");
    require_class_names(names, file.string());
    return names;
  }
  if (fs::absolute(folder).string().find("fashion") != std::string::npos)
    return io::IdxGz::fashion();
  return {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
}

Images open_folder(fs::path const& folder, bool skip_bad) {
  return Images{io::ImageFolder(
      folder, skip_bad ? io::ImageFolder::SkipBad::yes : io::ImageFolder::SkipBad::no)};
}

}  // namespace

Data open_data(DataChoice const& choice) {
  fs::path folder = choice.data;
  if (choice.data == "fashion-mnist" && !io::is_there(folder)) {
    folder = fashion_folder;
    VLPT_CHECK(io::is_folder(folder), "there is no ", fashion_folder,
               "; install it with: apt-get install dataset-fashion-mnist");
  }
  VLPT_CHECK(io::is_folder(folder), "there is no data folder ", choice.data,
             "; --data wants fashion-mnist, a folder with a subfolder of images for each class, or "
             "one with a labels.csv");
  std::string const name = printable(fs::path(choice.data).lexically_normal().string());
  std::optional<Images> test;
  if (!choice.test.empty()) test = open_folder(choice.test, choice.skip_bad);
  auto const finish = [&](Images train) {
    VLPT_CHECK(!test || test->class_names() == train.class_names(), "the test images of ", name,
               " have other classes than the training images");
    return Data{name, std::move(train), std::move(test)};
  };
  if (holds_idx(folder)) {
    VLPT_CHECK(!choice.skip_bad || test, "--skip-bad has no effect on ", name,
               ": its images are bytes of one IDX file, none of which can be bad");
    auto const names = idx_classes(folder);
    if (!test) test.emplace(io::IdxGz::open(folder, io::IdxGz::Part::test, names));
    return finish(Images{io::IdxGz::open(folder, io::IdxGz::Part::train, names)});
  }
  if (io::is_folder(folder / "train") && io::is_folder(folder / "test")) {
    if (!test) test = open_folder(folder / "test", choice.skip_bad);
    return finish(open_folder(folder / "train", choice.skip_bad));
  }
  return finish(open_folder(folder, choice.skip_bad));
}

std::vector<io::ImageFolder::Skipped> Data::skipped() const {
  auto out = train.skipped();
  if (test)
    for (auto& one : test->skipped()) out.push_back(std::move(one));
  return out;
}

std::string skipped_line(Data const& data) {
  auto const all = data.skipped();
  if (all.empty()) return "";
  return text("skipped        ", all.size(), all.size() == 1 ? " file: " : " files, the first: ",
              printable(all.front().file.string()), '\n');
}

io::Json skipped_json(Data const& data) {
  io::Json out = io::Json::array();
  for (auto const& one : data.skipped())
    out.push_back({{"file", one.file.string()}, {"reason", one.reason}});
  return out;
}

}  // namespace vlpt::cli
