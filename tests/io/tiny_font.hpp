#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace vlpt::test {

/// Numbers as TrueType has them.
inline std::string big_endian(std::uint64_t n, int bytes) {
  std::string out;
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>((n >> (8 * i)) & 255);
  return out;
}

/// A font of pictures with no more than EmojiFont reads: characters from `first` on, of which
/// picture k may be empty; glyph 7 is the first one's. Offsets in it are where the tests say.
///   head 12, three records of 16 -> cmap at 60 (40 bytes), CBLC at 100, CBDT behind it
inline std::string tiny_font(std::uint32_t first, std::vector<std::string> const& pictures) {
  auto const u16 = [](std::uint64_t n) { return big_endian(n, 2); };
  auto const u32 = [](std::uint64_t n) { return big_endian(n, 4); };
  std::size_t const n = pictures.size(), glyph = 7;
  std::string const cmap = u16(0) + u16(1) + u16(3) + u16(10) + u32(12) +  // one subtable, at 12
                           u16(12) + u16(0) + u32(28) + u32(0) + u32(1) +  // of one group
                           u32(first) + u32(first + n - 1) + u32(glyph);
  std::string offsets, cbdt = u16(3) + u16(0);
  std::size_t const data = cbdt.size();
  for (std::string const& p : pictures) {
    offsets += u32(cbdt.size() - data);
    if (!p.empty()) cbdt += std::string("\x01\x02\x03\x04\x05") + u32(p.size()) + p;
  }
  offsets += u32(cbdt.size() - data);
  std::string const list = u16(glyph) + u16(glyph + n - 1) + u32(8) +  // the subtable follows
                           u16(1) + u16(17) + u32(data) + offsets;
  std::string const cblc = u16(3) + u16(0) + u32(1) + u32(56) + u32(list.size()) + u32(1) + u32(0) +
                           std::string(24, '\0') + u16(glyph) + u16(glyph + n - 1) +
                           std::string("\x6d\x6d\x20\x01") + list;
  std::string out = u32(0x00010000) + u16(3) + std::string(6, '\0'), body;
  for (auto const& [name, table] :
       {std::pair<std::string, std::string>{"cmap", cmap}, {"CBLC", cblc}, {"CBDT", cbdt}}) {
    out += name + u32(0) + u32(12 + 3 * 16 + body.size()) + u32(table.size());
    body += table;
  }
  return out + body;
}

}  // namespace vlpt::test
