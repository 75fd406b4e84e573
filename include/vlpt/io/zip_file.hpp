#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"

namespace vlpt::io {

/// One entry of a zip archive: its bytes as they lie there. ZipFile::bytes hands them out.
struct ZipEntry {
  std::string name;
  std::span<std::byte const> stored;
  std::uint64_t size = 0;  ///< when it is unpacked
  std::uint64_t method = 0;
};

/// The entries of a zip archive (APPNOTE 6.3, zip64 included). Nothing is copied: bytes of an entry
/// are those of the archive, so a compressed one is refused when it is asked for; torch.save
/// compresses nothing. Throws CheckpointError, naming `where` and the entry, for what is truncated,
/// encrypted, overlapping or twice there. Checksums are not compared: writers may leave them out.
class ZipFile {
 public:
  static constexpr std::size_t max_name = 4096;

  ZipFile(std::span<std::byte const> archive, std::string where)
      : archive_(archive), where_(std::move(where)) {
    Directory const directory = find_directory();
    std::uint64_t at = directory.begin;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> taken;  // by headers and data
    for (std::uint64_t i = 0; i < directory.entries; ++i)
      taken.push_back(read_entry(at, directory.begin + directory.size));
    if (at != directory.begin + directory.size)
      fail("its directory has ", directory.size, " bytes, its entries fill ", at - directory.begin);
    taken.emplace_back(directory.begin, directory.begin + directory.size);
    std::ranges::sort(taken);
    for (std::size_t i = 1; i < taken.size(); ++i)
      if (taken[i].first < taken[i - 1].second) fail("entries overlap at byte ", taken[i].first);
    std::ranges::sort(entries_, {}, &ZipEntry::name);
    for (std::size_t i = 1; i < entries_.size(); ++i)
      if (entries_[i].name == entries_[i - 1].name) fail_entry(entries_[i].name, "is twice there");
  }

  /// Sorted by name.
  [[nodiscard]] std::vector<ZipEntry> const& entries() const { return entries_; }
  [[nodiscard]] ZipEntry const* find(std::string_view name) const {
    auto const at = std::ranges::lower_bound(entries_, name, {}, &ZipEntry::name);
    return at != entries_.end() && at->name == name ? &*at : nullptr;
  }
  [[nodiscard]] std::span<std::byte const> bytes(ZipEntry const& entry) const {
    if (entry.method != 0)
      fail_entry(entry.name, "is compressed (method ", entry.method,
                 "); torch.save compresses nothing");
    if (entry.stored.size() != entry.size)
      fail_entry(entry.name, "has ", entry.stored.size(), " bytes, but claims ", entry.size);
    return entry.stored;
  }

 private:
  struct Directory {
    std::uint64_t begin = 0, size = 0, entries = 0;
  };

  /// The number at a place, little-endian; the archive must reach so far.
  template <class N>
  [[nodiscard]] N number(std::uint64_t at) const {
    static_assert(std::is_unsigned_v<N>);
    if (at > archive_.size() || archive_.size() - at < sizeof(N)) fail("it is truncated");
    N n;
    std::memcpy(&n, archive_.data() + at, sizeof(N));
    return n;
  }
  [[nodiscard]] std::uint64_t u16(std::uint64_t at) const { return number<std::uint16_t>(at); }
  [[nodiscard]] std::uint64_t u32(std::uint64_t at) const { return number<std::uint32_t>(at); }
  [[nodiscard]] std::uint64_t u64(std::uint64_t at) const { return number<std::uint64_t>(at); }
  [[nodiscard]] std::string name(std::uint64_t at, std::uint64_t size) const {
    if (at > archive_.size() || size > archive_.size() - at) fail("it is truncated");
    auto const* const from = static_cast<char const*>(static_cast<void const*>(archive_.data()));
    return {from + at, static_cast<std::size_t>(size)};
  }

  /// The end record lies at the end, before a comment of at most 65535 bytes.
  [[nodiscard]] Directory find_directory() const {
    constexpr std::uint64_t record = 22, signature = 0x06054b50;
    std::uint64_t const all = archive_.size();
    for (std::uint64_t comment = 0; comment <= 0xFFFF && comment + record <= all; ++comment) {
      std::uint64_t const end = all - record - comment;
      if (u32(end) != signature || u16(end + 20) != comment) continue;
      Directory d{u32(end + 16), u32(end + 12), u16(end + 10)};
      if (d.begin == 0xFFFFFFFF || d.size == 0xFFFFFFFF || d.entries == 0xFFFF) {
        if (end < 20 || u32(end - 20) != 0x07064b50) fail("its zip64 locator is missing");
        std::uint64_t const wide = u64(end - 12);
        if (u32(wide) != 0x06064b50) fail("its zip64 directory is missing");
        d = {u64(wide + 48), u64(wide + 40), u64(wide + 32)};
      }
      if (d.begin > end || d.size > end - d.begin)
        fail("its directory of ", d.size, " bytes at ", d.begin, " does not lie in the file");
      return d;
    }
    fail("its directory is missing; it is truncated or no zip archive");
  }

  /// Reads the entry at `at` of the directory and moves `at` behind it; the bytes that it takes.
  std::pair<std::uint64_t, std::uint64_t> read_entry(std::uint64_t& at, std::uint64_t end) {
    if (at > end || end - at < 46 || u32(at) != 0x02014b50)
      fail("its directory is damaged after ", entries_.size(), " entries");
    std::uint64_t const flags = u16(at + 8), method = u16(at + 10), name_size = u16(at + 28),
                        extra = at + 46 + name_size, extra_size = u16(at + 30);
    std::uint64_t packed = u32(at + 20), size = u32(at + 24), local = u32(at + 42);
    std::string entry = name(at + 46, name_size);
    if (name_size > max_name) fail("an entry's name has ", name_size, " bytes");
    wide_numbers(entry, extra, extra_size, {&size, &packed, &local});
    at = extra + extra_size + u16(at + 32);
    if ((flags & 0x2041) != 0) fail_entry(entry, "is encrypted");
    if (u32(local) != 0x04034b50) fail_entry(entry, "does not start where the directory says");
    if (name(local + 30, u16(local + 26)) != entry)
      fail_entry(entry, "is called ", name(local + 30, u16(local + 26)), " where it starts");
    std::uint64_t const begin = local + 30 + u16(local + 26) + u16(local + 28);
    if (begin > archive_.size() || packed > archive_.size() - begin)
      fail_entry(entry, "claims ", packed, " bytes at ", begin, ", but the file has ",
                 archive_.size());
    entries_.push_back(
        {std::move(entry),
         archive_.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(packed)), size,
         method});
    return {local, begin + packed};
  }

  /// Numbers that do not fit 32 bits stand in the extra field 1, in this order.
  void wide_numbers(std::string const& entry, std::uint64_t at, std::uint64_t size,
                    std::vector<std::uint64_t*> const& numbers) const {
    std::uint64_t field = 0, left = 0;
    for (std::uint64_t here = at; size >= 4;) {
      std::uint64_t const length = u16(here + 2);
      if (length > size - 4) break;  // torch.save pads with what is no field
      if (u16(here) == 1) {
        field = here + 4;
        left = length;
        break;
      }
      here += 4 + length;
      size -= 4 + length;
    }
    for (std::uint64_t* const n : numbers) {
      if (*n != 0xFFFFFFFF) continue;
      if (left < 8) fail_entry(entry, "lacks its zip64 sizes");
      *n = u64(field);
      field += 8;
      left -= 8;
    }
  }

  template <class... Parts>
  [[noreturn]] void fail(Parts const&... parts) const {
    throw CheckpointError(text(where_, ": cannot read the zip archive: ", parts...));
  }
  template <class... Parts>
  [[noreturn]] void fail_entry(std::string const& entry, Parts const&... parts) const {
    throw CheckpointError(text(where_, ": entry ", entry, ' ', parts...));
  }

  std::span<std::byte const> archive_;
  std::string where_;
  std::vector<ZipEntry> entries_;
};

}  // namespace vlpt::io
