#pragma once
#include <algorithm>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "vlpt/core/shape.hpp"
#include "vlpt/io/checkpoint.hpp"
#include "vlpt/io/json.hpp"
#include "vlpt/io/mapped_file.hpp"

namespace vlpt::io {

/// The file of tensors that a packed one was made of, as it was then: known again without reading
/// it.
struct PackedSource {
  std::string file;
  std::uint64_t bytes = 0;
  std::int64_t modified = 0;  // in the clock of std::filesystem
  friend bool operator==(PackedSource const&, PackedSource const&) = default;

  [[nodiscard]] static std::vector<PackedSource> of(Checkpoint const& checkpoint) {
    std::vector<PackedSource> all;
    for (auto const& f : checkpoint.files())
      all.push_back({f.path().filename().string(), std::filesystem::file_size(f.path()),
                     std::filesystem::last_write_time(f.path()).time_since_epoch().count()});
    return all;
  }
};

/// A tensor of a packed file. Packed ones lie in the layout of a backend, others as floats.
struct PackedRecord {
  std::string name;
  Shape shape;
  bool packed = false;
  std::span<std::byte const> bytes;
};

/// The frozen weights of one model as a backend holds them, mapped into memory: nothing is read,
/// and nothing is checked, before it is used. After the magic: the length of a JSON header, the
/// header, and the tensors, each at a multiple of 64 bytes.
class PackedFile {
 public:
  static constexpr std::string_view magic = "vlptpack";
  static constexpr std::size_t alignment = 64;

  /// Throws CheckpointError, naming the file, for one that is broken or of another version.
  [[nodiscard]] static PackedFile open(std::filesystem::path const& path) {
    PackedFile f(path);
    f.parse();
    return f;
  }

  [[nodiscard]] std::filesystem::path const& path() const { return path_; }
  [[nodiscard]] std::string const& layout() const { return layout_; }
  /// The fingerprint of what it was made of.
  [[nodiscard]] std::string const& fingerprint() const { return fingerprint_; }
  [[nodiscard]] std::vector<PackedSource> const& sources() const { return sources_; }
  [[nodiscard]] std::vector<PackedRecord> const& records() const { return records_; }
  [[nodiscard]] std::shared_ptr<void const> owner() const { return memory_; }

 private:
  explicit PackedFile(std::filesystem::path const& path)
      : path_(path), memory_(std::make_shared<MappedFile>(path)) {}

  [[noreturn]] void fail(std::string const& why) const {
    throw CheckpointError(text(path_.string(), ": ", why));
  }
  void parse() {
    auto const all = memory_->bytes();
    std::uint64_t length = 0;
    constexpr std::size_t start = magic.size() + sizeof length;
    if (all.size() < start || std::memcmp(all.data(), magic.data(), magic.size()) != 0)
      fail("this is no file of packed weights (vlpt pack makes one)");
    std::memcpy(&length, all.data() + magic.size(), sizeof length);
    if (length > all.size() - start) fail("the file of packed weights is cut off");
    Json const json = parse_json<CheckpointError>(
        {reinterpret_cast<char const*>(all.data()) + start, static_cast<std::size_t>(length)},
        path_.string());
    try {
      read(json, all);
    } catch (Json::exception const&) {
      fail("the header of the packed weights is broken; run vlpt pack again");
    }
  }
  void read(Json const& json, std::span<std::byte const> all) {
    if (json.at("version").get<int>() != 1)
      fail(text("packed weights of version ", json.at("version").dump(),
                "; this program reads version 1: run vlpt pack again"));
    layout_ = json.at("layout").get<std::string>();
    fingerprint_ = json.at("fingerprint").get<std::string>();
    for (Json const& s : json.at("sources"))
      sources_.push_back({s.at("file").get<std::string>(), s.at("bytes").get<std::uint64_t>(),
                          s.at("modified").get<std::int64_t>()});
    std::size_t end = 0;
    for (Json const& t : json.at("tensors")) {
      PackedRecord r{t.at("name").get<std::string>(), {}, t.at("packed").get<bool>(), {}};
      auto const sizes = t.at("shape").get<std::vector<Index>>();
      if (sizes.size() > static_cast<std::size_t>(Shape::max_rank))
        fail(text("tensor ", r.name, " has too many extents"));
      for (Index n : sizes) {
        if (n < 0 || n > Index{1} << 40) fail(text("tensor ", r.name, " has an odd extent"));
        r.shape.append(n);
      }
      auto const offset = t.at("offset").get<std::uint64_t>();
      auto const bytes = t.at("bytes").get<std::uint64_t>();
      if (offset % alignment != 0 || offset > all.size() || bytes > all.size() - offset)
        fail(text("tensor ", r.name, " lies outside the file, which may be cut off"));
      r.bytes = all.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(bytes));
      end = std::max(end, static_cast<std::size_t>(offset + bytes));
      records_.push_back(std::move(r));
    }
    // Kernels read whole vectors, behind the last matrix too: there is room for it.
    if (all.size() < (end + alignment - 1) / alignment * alignment + alignment)
      fail("the file of packed weights is cut off; run vlpt pack again");
  }

  std::filesystem::path path_;
  std::shared_ptr<MappedFile const> memory_;
  std::string layout_, fingerprint_;
  std::vector<PackedSource> sources_;
  std::vector<PackedRecord> records_;
};

}  // namespace vlpt::io
