#pragma once
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace vlpt::test {

template <class N>
[[nodiscard]] std::string little(N n) {
  std::string bytes(sizeof n, '\0');
  std::memcpy(bytes.data(), &n, sizeof n);
  return bytes;
}
[[nodiscard]] inline std::string u16(std::uint64_t n) {
  return little(static_cast<std::uint16_t>(n));
}
[[nodiscard]] inline std::string u32(std::uint64_t n) {
  return little(static_cast<std::uint32_t>(n));
}

/// A zip archive made by hand, whose fields a test may falsify.
struct ZipBytes {
  struct Entry {
    std::string name, bytes;
    std::uint64_t method = 0, flags = 0;
    std::int64_t more = 0;        ///< bytes that the directory claims beyond those there
    std::uint64_t local = 0;      ///< where it starts; filled in
    std::string other_name = "";  ///< what it is called where it starts
  };
  std::vector<Entry> entries;
  bool wide = false;  ///< zip64
  std::string comment = "";

  [[nodiscard]] std::string text() {
    std::string out, directory;
    for (Entry& e : entries) {
      if (e.local == 0) e.local = out.size();
      std::string const& here = e.other_name.empty() ? e.name : e.other_name;
      out += u32(0x04034b50) + u16(20) + u16(e.flags) + u16(e.method) + u32(0) + u32(0) +
             u32(e.bytes.size()) + u32(e.bytes.size()) + u16(here.size()) + u16(5) + here +
             "FB\x01" + std::string(1, '\0') + "Z" + e.bytes;
    }
    for (Entry const& e : entries) {
      std::uint64_t const size = e.bytes.size() + static_cast<std::uint64_t>(e.more);
      std::string const extra = wide ? u16(7) + u16(1) + "x" + u16(1) + u16(24) + little(size) +
                                           little(size) + little(e.local)
                                     : "";
      std::uint64_t const none = 0xFFFFFFFF;
      directory += u32(0x02014b50) + u16(20) + u16(20) + u16(e.flags) + u16(e.method) + u32(0) +
                   u32(0) + u32(wide ? none : size) + u32(wide ? none : size) + u16(e.name.size()) +
                   u16(extra.size()) + u16(0) + u16(0) + u16(0) + u32(0) +
                   u32(wide ? none : e.local) + e.name + extra;
    }
    std::uint64_t const begin = out.size(), size = directory.size(), end = begin + size;
    out += directory;
    if (wide)
      out += u32(0x06064b50) + little(std::uint64_t{44}) + u16(20) + u16(20) + u32(0) + u32(0) +
             little<std::uint64_t>(entries.size()) + little<std::uint64_t>(entries.size()) +
             little(size) + little(begin) + u32(0x07064b50) + u32(0) + little(end) + u32(1);
    return out + u32(0x06054b50) + u16(0) + u16(0) + u16(wide ? 0xFFFF : entries.size()) +
           u16(wide ? 0xFFFF : entries.size()) + u32(wide ? 0xFFFFFFFF : size) +
           u32(wide ? 0xFFFFFFFF : begin) + u16(comment.size()) + comment;
  }
};

/// Pieces of pickles.
namespace pickled {
[[nodiscard]] inline std::string word(std::string const& s) { return "X" + u32(s.size()) + s; }
[[nodiscard]] inline std::string count(std::int64_t n) { return "\x8a\x08" + little(n); }
[[nodiscard]] inline std::string tuple(std::vector<std::string> const& items) {
  std::string out = "(";
  for (std::string const& item : items) out += item;
  return out + "t";
}
[[nodiscard]] inline std::string counts(std::vector<std::int64_t> const& all) {
  std::vector<std::string> items;
  for (std::int64_t const n : all) items.push_back(count(n));
  return tuple(items);
}
[[nodiscard]] inline std::string dict(
    std::vector<std::pair<std::string, std::string>> const& items) {
  std::string out = "}(";
  for (auto const& [key, value] : items) out += word(key) + value;
  return out + "u";
}
struct Tensor {
  std::int64_t stored = 4, offset = 0;
  std::vector<std::int64_t> shape{4}, strides{1};
  std::string type = "FloatStorage", key = "0";
};
[[nodiscard]] inline std::string tensor(Tensor const& t = {}) {
  return "ctorch._utils\n_rebuild_tensor_v2\n" +
         tuple({tuple({word("storage"), "ctorch\n" + t.type + "\n", word(t.key), word("cpu"),
                       count(t.stored)}) +
                    "Q",
                count(t.offset), counts(t.shape), counts(t.strides), "\x89",
                "ccollections\nOrderedDict\n)R"}) +
         "R";
}
[[nodiscard]] inline std::string whole(std::string const& value) {
  return "\x80\x02" + value + ".";
}
}  // namespace pickled

}  // namespace vlpt::test
