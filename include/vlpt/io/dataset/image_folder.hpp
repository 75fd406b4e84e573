#pragma once
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/io/csv.hpp"
#include "vlpt/io/dataset/dataset.hpp"
#include "vlpt/io/decode_image.hpp"
#include "vlpt/io/read_file.hpp"
#include "vlpt/io/utf8.hpp"

namespace vlpt::io {

/// A folder of PNG and JPEG images: one subfolder a class, or a labels.csv with the header
/// `file,label` and paths relative to the folder. Classes and files are in order of their names.
/// What is missing, empty or no image is an InputError naming it; with SkipBad::yes images that
/// cannot be decoded are skipped and kept in skipped(), for which every file is decoded once.
class ImageFolder {
 public:
  enum class SkipBad { no, yes };
  struct Skipped {
    std::filesystem::path file;
    std::string reason;
  };

  explicit ImageFolder(std::filesystem::path const& folder, SkipBad skip = SkipBad::no)
      : folder_(folder) {
    if (!is_folder(folder))
      throw InputError(text("cannot read ", folder.string(), ": there is no such folder"));
    if (is_there(folder / "labels.csv"))
      read_labels(folder / "labels.csv");
    else
      read_subfolders(skip);
    if (skip == SkipBad::yes) skip_bad();
    check();
  }

  [[nodiscard]] Index size() const { return static_cast<Index>(items_.size()); }
  [[nodiscard]] Index label(Index i) const { return items_[static_cast<std::size_t>(i)].label; }
  [[nodiscard]] std::vector<std::string> const& class_names() const { return class_names_; }
  [[nodiscard]] std::filesystem::path const& file(Index i) const {
    return items_[static_cast<std::size_t>(i)].file;
  }
  void image(Index i, Image& out) const { out = load_image(file(i)); }
  [[nodiscard]] std::vector<Skipped> const& skipped() const { return skipped_; }

 private:
  struct Item {
    std::filesystem::path file;
    Index label;
  };

  static bool image_name(std::filesystem::path const& file) {
    std::string e = file.extension().string();
    for (char& c : e) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return e == ".png" || e == ".jpg" || e == ".jpeg";
  }
  /// Sorted, because the order in which a disk lists its files is no order at all.
  static std::vector<std::filesystem::path> listing(std::filesystem::path const& folder) {
    std::vector<std::filesystem::path> out;
    std::error_code why;
    for (std::filesystem::directory_iterator at(folder, why), end; !why && at != end;
         at.increment(why))
      if (!at->path().filename().string().starts_with('.')) out.push_back(at->path());
    if (why) throw InputError(text("cannot read ", folder.string(), ": ", why.message()));
    std::ranges::sort(out);
    return out;
  }

  void read_subfolders(SkipBad skip) {
    for (auto const& sub : listing(folder_)) {
      if (!is_folder(sub)) continue;  // a readme beside the classes is no harm
      auto const label = static_cast<Index>(class_names_.size());
      class_names_.push_back(sub.filename().string());
      if (!is_utf8(class_names_.back()))
        throw InputError(text(sub.string(), ": the name of this class is not UTF-8; rename it"));
      for (auto const& file : listing(sub))
        if (image_name(file))
          items_.push_back({file, label});
        else if (skip == SkipBad::yes)
          skipped_.push_back({file, "it is no .png, .jpg or .jpeg file"});
        else
          throw InputError(text(file.string(),
                                ": a class folder holds .png, .jpg and .jpeg files "
                                "only; remove this or skip bad files"));
    }
    if (class_names_.empty())
      throw InputError(text(folder_.string(),
                            ": this folder holds neither labels.csv nor a "
                            "subfolder for each class"));
  }

  void read_labels(std::filesystem::path const& csv) {
    auto const rows = parse_csv(read_file(csv), csv.string());
    if (rows.empty() || rows[0].fields != std::vector<std::string>{"file", "label"})
      throw InputError(text(csv.string(), ": the first line must be file,label"));
    for (std::size_t i = 1; i < rows.size(); ++i) {
      auto const& fields = rows[i].fields;
      if (fields.size() != 2 || fields[0].empty() || fields[1].empty())
        throw InputError(text(csv.string(), ", line ", rows[i].line,
                              ": a file and a label are "
                              "expected"));
      if (!is_utf8(fields[1]))
        throw InputError(text(csv.string(), ", line ", rows[i].line,
                              ": the label is not UTF-8; save the table as UTF-8"));
      class_names_.push_back(fields[1]);
    }
    std::ranges::sort(class_names_);
    class_names_.erase(std::unique(class_names_.begin(), class_names_.end()), class_names_.end());
    std::map<std::filesystem::path, int> lines;  // a picture in two classes would teach nonsense
    for (std::size_t i = 1; i < rows.size(); ++i) {
      auto const file = folder_ / rows[i].fields[0];
      std::error_code none;
      if (!std::filesystem::is_regular_file(file, none))
        throw InputError(
            text(csv.string(), ", line ", rows[i].line, ": there is no file ", file.string()));
      auto const [first, fresh] = lines.emplace(file.lexically_normal(), rows[i].line);
      if (!fresh)
        throw InputError(text(csv.string(), ", lines ", first->second, " and ", rows[i].line,
                              ": the file ", rows[i].fields[0], " is named twice"));
      auto const at = std::ranges::lower_bound(class_names_, rows[i].fields[1]);
      items_.push_back({file, static_cast<Index>(at - class_names_.begin())});
    }
  }

  void skip_bad() {
    std::vector<Item> good;
    for (Item& item : items_) try {
        (void)load_image(item.file);
        good.push_back(std::move(item));
      } catch (InputError const& e) {
        skipped_.push_back({item.file, e.what()});
      }
    items_ = std::move(good);
  }

  void check() const {
    std::string const but = skipped_.empty() ? "" : text(" (", skipped_.size(), " were skipped)");
    if (items_.empty()) throw InputError(text(folder_.string(), ": there are no images", but));
    std::vector<bool> used(class_names_.size());
    for (Item const& item : items_) used[static_cast<std::size_t>(item.label)] = true;
    for (std::size_t c = 0; c < used.size(); ++c)
      if (!used[c])
        throw InputError(
            text(folder_.string(), ": the class ", class_names_[c], " has no images", but));
  }

  std::filesystem::path folder_;
  std::vector<std::string> class_names_;
  std::vector<Item> items_;
  std::vector<Skipped> skipped_;
};

static_assert(Dataset<ImageFolder>);

}  // namespace vlpt::io
