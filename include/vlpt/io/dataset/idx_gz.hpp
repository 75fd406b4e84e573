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

/// An IDX file of unsigned bytes, gzip-compressed or plain, whose header is read. The values wait
/// for values(), because a small gzip file can hold gigabytes. Throws InputError.
class IdxFile {
 public:
  static constexpr Index max_bytes = Index{1} << 32;

  IdxFile(std::filesystem::path path, std::size_t rank)
      : path_(std::move(path)), file_(nullptr, ::gzclose) {
    require_file(path_);
    file_.reset(::gzopen(path_.c_str(), "rb"));
    if (!file_) fail("cannot be read");
    Index const magic = 0x0800 + static_cast<Index>(rank), found = number();
    if (found != magic)
      fail("an IDX file of bytes with ", rank, " extents starts with ", magic, ", this with ",
           found);
    for (std::size_t i = 0; i < rank; ++i) {
      extents_.push_back(number());
      if (extents_.back() > max_bytes / std::max<Index>(size_, 1))
        fail("the IDX header claims too much: more than ", max_bytes, " bytes");
      size_ *= extents_.back();
    }
  }

  [[nodiscard]] std::vector<Index> const& extents() const { return extents_; }

  /// All values, once. Memory follows the data that are there, not what the header claims.
  [[nodiscard]] std::vector<std::uint8_t> values() {
    constexpr std::size_t piece = std::size_t{1} << 20;
    std::vector<std::uint8_t> out;
    for (std::size_t have = 0, want = static_cast<std::size_t>(size_); have < want;) {
      std::size_t const next = std::min(piece, want - have);
      out.resize(have + next);
      std::size_t const n = read(out.data() + have, next);
      have += n;
      if (n < next) fail("the header claims ", want, " bytes, the file holds ", have);
    }
    std::uint8_t more = 0;
    if (read(&more, 1) != 0) fail("the file holds more than the ", size_, " bytes it claims");
    return out;
  }

 private:
  template <class... Parts>
  [[noreturn]] void fail(Parts const&... parts) const {
    throw InputError(text(path_.string(), ": ", parts...));
  }
  std::size_t read(std::uint8_t* to, std::size_t count) {
    int const n = ::gzread(file_.get(), to, static_cast<unsigned>(count));
    int code = Z_OK;
    char const* const message = ::gzerror(file_.get(), &code);
    if (code == Z_BUF_ERROR) fail("the gzip file is truncated");
    if (n < 0 || code != Z_OK) fail("the gzip file is damaged (", message, ")");
    return static_cast<std::size_t>(n);
  }
  Index number() {
    std::array<std::uint8_t, 4> word{};
    if (read(word.data(), word.size()) != word.size()) fail("the IDX header is truncated");
    return (Index{word[0]} << 24) | (Index{word[1]} << 16) | (Index{word[2]} << 8) | word[3];
  }

  std::filesystem::path path_;
  std::unique_ptr<gzFile_s, int (*)(gzFile)> file_;
  std::vector<Index> extents_;
  Index size_ = 1;
};

/// Reads an IDX file of unsigned bytes with `rank` extents whole. Throws InputError.
[[nodiscard]] inline IdxBytes read_idx(std::filesystem::path const& path, std::size_t rank) {
  IdxFile file(path, rank);
  return {file.extents(), file.values()};
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
    if (!is_folder(folder))
      throw InputError(text("cannot read ", folder.string(), ": there is no such folder"));
    std::string const name = part == Part::train ? "train" : "t10k";
    auto const file = [&](std::string const& kind) {
      auto const plain = folder / (name + kind), zipped = folder / (name + kind + ".gz");
      return is_there(plain) && !is_there(zipped) ? plain : zipped;
    };
    return {file("-images-idx3-ubyte"), file("-labels-idx1-ubyte"), std::move(class_names)};
  }

  IdxGz(std::filesystem::path const& images, std::filesystem::path const& labels,
        std::vector<std::string> class_names)
      : class_names_(std::move(class_names)) {
    IdxFile pictures(images, 3), numbers(labels, 1);
    if (pictures.extents()[0] != numbers.extents()[0])
      throw InputError(text(images.string(), " holds ", pictures.extents()[0], " images, but ",
                            labels.string(), ' ', numbers.extents()[0], " labels"));
    height_ = pictures.extents()[1];
    width_ = pictures.extents()[2];
    if (pictures.extents()[0] == 0 || height_ == 0 || width_ == 0)
      throw InputError(text(images.string(), " holds no images"));
    labels_ = numbers.values();
    for (std::size_t i = 0; i < labels_.size(); ++i)
      if (labels_[i] >= class_names_.size())
        throw InputError(text(labels.string(), ": label ", +labels_[i], " of image ", i,
                              " is out of range; there are ", class_names_.size(), " classes"));
    pixels_ = pictures.values();
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
