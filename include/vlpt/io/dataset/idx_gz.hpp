#pragma once
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/io/dataset/dataset.hpp"
#include "vlpt/io/read_file.hpp"

namespace vlpt::io {

/// An array of bytes in the IDX format of MNIST: its extents and its values.
struct IdxBytes {
  std::vector<Index> extents;
  std::vector<std::uint8_t> values;
};

/// Reads an IDX file of unsigned bytes with `rank` extents, gzip-compressed or plain.
/// Memory follows the data that are there, not what the header claims. Throws InputError.
[[nodiscard]] inline IdxBytes read_idx(std::filesystem::path const& path, std::size_t rank) {
  require_file(path);
  auto const fail = [&](auto const&... parts) {
    throw InputError(text(path.string(), ": ", parts...));
  };
  std::unique_ptr<gzFile_s, int (*)(gzFile)> const file(::gzopen(path.c_str(), "rb"), ::gzclose);
  if (!file) fail("cannot be read");
  auto const read = [&](std::uint8_t* to, std::size_t count) {
    int const n = ::gzread(file.get(), to, static_cast<unsigned>(count));
    int code = Z_OK;
    char const* const message = ::gzerror(file.get(), &code);
    if (code == Z_BUF_ERROR) fail("the gzip file is truncated");
    if (n < 0 || code != Z_OK) fail("the gzip file is damaged (", message, ")");
    return static_cast<std::size_t>(n);
  };
  std::array<std::uint8_t, 4> word{};
  auto const number = [&] {
    if (read(word.data(), word.size()) != word.size()) fail("the IDX header is truncated");
    return (Index{word[0]} << 24) | (Index{word[1]} << 16) | (Index{word[2]} << 8) | word[3];
  };
  Index const magic = 0x0800 + static_cast<Index>(rank), found = number();
  if (found != magic)
    fail("an IDX file of bytes with ", rank, " extents starts with ", magic, ", this with ", found);
  IdxBytes out;
  Index size = 1;
  constexpr Index limit = Index{1} << 40;
  for (std::size_t i = 0; i < rank; ++i) {
    out.extents.push_back(number());
    if (out.extents.back() > limit / std::max<Index>(size, 1))
      fail("the IDX header claims too much");
    size *= out.extents.back();
  }
  constexpr std::size_t piece = std::size_t{1} << 20;
  for (std::size_t have = 0, want = static_cast<std::size_t>(size); have < want;) {
    std::size_t const next = std::min(piece, want - have);
    out.values.resize(have + next);
    std::size_t const n = read(out.values.data() + have, next);
    have += n;
    if (n < next) fail("the header claims ", want, " bytes, the file holds ", have);
  }
  if (read(word.data(), 1) != 0) fail("the file holds more than the ", size, " bytes it claims");
  return out;
}

/// A data set of MNIST's make, read whole: Fashion-MNIST by default.
class IdxGz {
 public:
  enum class Part { train, test };
  [[nodiscard]] static std::vector<std::string> fashion() {
    return {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
            "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};
  }

  /// `folder` holds {train,t10k}-{images-idx3,labels-idx1}-ubyte, with .gz or without.
  [[nodiscard]] static IdxGz open(std::filesystem::path const& folder, Part part,
                                  std::vector<std::string> class_names = fashion()) {
    if (!std::filesystem::is_directory(folder))
      throw InputError(text("cannot read ", folder.string(), ": there is no such folder"));
    std::string const name = part == Part::train ? "train" : "t10k";
    auto const file = [&](std::string const& kind) {
      auto const plain = folder / (name + kind), zipped = folder / (name + kind + ".gz");
      return std::filesystem::exists(plain) && !std::filesystem::exists(zipped) ? plain : zipped;
    };
    return {file("-images-idx3-ubyte"), file("-labels-idx1-ubyte"), std::move(class_names)};
  }

  IdxGz(std::filesystem::path const& images, std::filesystem::path const& labels,
        std::vector<std::string> class_names)
      : class_names_(std::move(class_names)) {
    IdxBytes pictures = read_idx(images, 3), numbers = read_idx(labels, 1);
    if (pictures.extents[0] != numbers.extents[0])
      throw InputError(text(images.string(), " holds ", pictures.extents[0], " images, but ",
                            labels.string(), ' ', numbers.extents[0], " labels"));
    if (pictures.values.empty()) throw InputError(text(images.string(), " holds no images"));
    for (std::size_t i = 0; i < numbers.values.size(); ++i)
      if (numbers.values[i] >= class_names_.size())
        throw InputError(text(labels.string(), ": label ", +numbers.values[i], " of image ", i,
                              " is out of range; there are ", class_names_.size(), " classes"));
    height_ = pictures.extents[1];
    width_ = pictures.extents[2];
    pixels_ = std::move(pictures.values);
    labels_ = std::move(numbers.values);
  }

  [[nodiscard]] Index size() const { return static_cast<Index>(labels_.size()); }
  [[nodiscard]] Index label(Index i) const { return labels_[static_cast<std::size_t>(i)]; }
  [[nodiscard]] std::vector<std::string> const& class_names() const { return class_names_; }
  void image(Index i, Image& out) const {
    out.resize(width_, height_, 1);
    std::copy_n(pixels_.begin() + i * width_ * height_, width_ * height_, out.pixels.begin());
  }

 private:
  Index width_ = 0, height_ = 0;
  std::vector<std::uint8_t> pixels_;
  std::vector<std::uint8_t> labels_;
  std::vector<std::string> class_names_;
};

static_assert(Dataset<IdxGz>);

}  // namespace vlpt::io
