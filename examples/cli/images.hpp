#pragma once
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "clip_tasks.hpp"
#include "vlpt/io/dataset/dataset.hpp"
#include "vlpt/io/dataset/idx_gz.hpp"
#include "vlpt/io/dataset/image_folder.hpp"
#include "vlpt/io/decode_image.hpp"

namespace vlpt::cli {

/// Picture files that were handed in one by one: nobody knows their classes. Each is decoded when
/// it is asked for, so that any number of them fits into memory.
struct Pictures {
  std::vector<std::string> files;
  std::vector<std::string> classes;

  [[nodiscard]] Index size() const { return static_cast<Index>(files.size()); }
  [[nodiscard]] Index label(Index) const { return 0; }
  [[nodiscard]] std::vector<std::string> const& class_names() const { return classes; }
  void image(Index i, io::Image& out) const {
    out = io::load_image(files[static_cast<std::size_t>(i)]);
  }
};

/// A data set whose kind is known at run time only, so that all else is compiled once.
class Images {
 public:
  using Kind = std::variant<io::IdxGz, io::ImageFolder, Pictures, ClipTask>;
  explicit Images(Kind kind) : kind_(std::move(kind)) {}

  [[nodiscard]] Index size() const {
    return std::visit([](auto const& d) { return d.size(); }, kind_);
  }
  [[nodiscard]] Index label(Index i) const {
    return std::visit([&](auto const& d) { return d.label(i); }, kind_);
  }
  [[nodiscard]] std::vector<std::string> const& class_names() const {
    return std::visit(
        [](auto const& d) -> auto const& { return d.class_names(); }, kind_);
  }
  void image(Index i, io::Image& out) const {
    std::visit([&](auto const& d) { d.image(i, out); }, kind_);
  }
  [[nodiscard]] std::vector<io::ImageFolder::Skipped> skipped() const {
    auto const* const folder = std::get_if<io::ImageFolder>(&kind_);
    return folder == nullptr ? std::vector<io::ImageFolder::Skipped>{} : folder->skipped();
  }

 private:
  Kind kind_;
};

static_assert(io::Dataset<Images>);

}  // namespace vlpt::cli
