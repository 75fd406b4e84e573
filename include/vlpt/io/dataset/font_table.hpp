#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "vlpt/core/error.hpp"

namespace vlpt::io {

/// The bytes of one table of a TrueType font, numbers being big endian. Whatever is read outside of
/// it is an InputError that names the font and the table.
struct FontTable {
  std::string_view bytes;
  std::string_view where;  ///< the font
  std::string_view name;   ///< of the table

  [[nodiscard]] std::string_view at(std::size_t offset, std::size_t count) const {
    if (offset > bytes.size() || count > bytes.size() - offset)
      throw InputError(text(where, ": the font is damaged (", name, " speaks of ", count,
                            " bytes at ", offset, ", it has ", bytes.size(), ')'));
    return bytes.substr(offset, count);
  }
  [[nodiscard]] std::uint32_t u16(std::size_t offset) const { return number(offset, 2); }
  [[nodiscard]] std::uint32_t u32(std::size_t offset) const { return number(offset, 4); }

 private:
  [[nodiscard]] std::uint32_t number(std::size_t offset, std::size_t size) const {
    std::uint32_t n = 0;
    for (char const c : at(offset, size)) n = (n << 8) | static_cast<std::uint8_t>(c);
    return n;
  }
};

}  // namespace vlpt::io
