#pragma once
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <ios>
#include <string>
#include <system_error>

#include "vlpt/core/error.hpp"

namespace vlpt::io {

/// Whether there is such a folder, or such a thing at all. False, not an exception, for a name that
/// no disk can hold; require_file() then says why.
[[nodiscard]] inline bool is_folder(std::filesystem::path const& path) {
  std::error_code none;
  return std::filesystem::is_directory(path, none);
}
[[nodiscard]] inline bool is_there(std::filesystem::path const& path) {
  std::error_code none;
  return std::filesystem::exists(path, none);
}

/// Throws InputError unless the path is an existing regular file (a pipe would hang the reader).
inline void require_file(std::filesystem::path const& path) {
  if (path.empty()) throw InputError("cannot read a file: the name is empty");
  std::error_code why;
  auto const status = std::filesystem::status(path, why);
  if (status.type() == std::filesystem::file_type::not_found)
    throw InputError(text("cannot read ", path.string(), ": there is no such file"));
  if (!std::filesystem::status_known(status))
    throw InputError(text("cannot read ", path.string(), ": ", why.message()));
  if (!std::filesystem::is_regular_file(status))
    throw InputError(text("cannot read ", path.string(), ": it is no regular file"));
}

/// The whole content of a file; InputError if it cannot be read.
inline std::string read_file(std::filesystem::path const& path) {
  require_file(path);
  std::ifstream in(path, std::ios::binary);
  if (!in) throw InputError(text("cannot read ", path.string(), ": ", std::strerror(errno)));
  std::string content;
  std::array<char, std::size_t{1} << 16> piece;
  do {  // read() turns a failing disk into bad(); an istreambuf_iterator would throw it raw
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    content.append(piece.data(), static_cast<std::size_t>(in.gcount()));
  } while (in);
  if (in.bad()) throw InputError(text("cannot read ", path.string(), ": ", std::strerror(errno)));
  return content;
}

}  // namespace vlpt::io
