#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/io/decode_image.hpp"

namespace vlpt::io {

/// The pictures that the lines of a table name, each once, numbered as they are met. Names are
/// relative to the table's folder; absolute ones and those with ".." are allowed, because a table
/// is its owner's, and nothing but the pixels of a picture is ever read through it.
class PictureFiles {
 public:
  explicit PictureFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

  [[nodiscard]] Index size() const { return static_cast<Index>(files_.size()); }
  [[nodiscard]] std::filesystem::path const& file(Index p) const {
    return files_[static_cast<std::size_t>(p)];
  }
  void image(Index p, Image& out) const { out = load_image(file(p)); }

  /// The number of a picture. InputError if there is no such file; with `decode`, also if it cannot
  /// be decoded (which is tried once a picture).
  Index add(std::string const& name, bool decode) {
    VLPT_CHECK(!name.empty(), "the name of the picture is empty");
    VLPT_CHECK(name.find('\0') == std::string::npos, "the name of the picture has a zero byte");
    auto const path = (folder_ / name).lexically_normal();
    if (auto const at = places_.find(path); at != places_.end()) {
      VLPT_CHECK(at->second.number >= 0, at->second.fault);
      return at->second.number;
    }
    std::error_code none;
    VLPT_CHECK(std::filesystem::is_regular_file(path, none), "there is no file ", path.string());
    if (decode) try {
        (void)load_image(path);
      } catch (InputError const& e) {
        places_.emplace(path, Place{-1, e.what()});
        throw;
      }
    files_.push_back(path);
    places_.emplace(path, Place{size() - 1, {}});
    return size() - 1;
  }

 private:
  struct Place {
    Index number;
    std::string fault;
  };
  std::filesystem::path folder_;
  std::vector<std::filesystem::path> files_;
  std::map<std::filesystem::path, Place> places_;
};

}  // namespace vlpt::io
