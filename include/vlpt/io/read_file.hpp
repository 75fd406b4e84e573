#pragma once
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

#include "vlpt/core/error.hpp"

namespace vlpt::io {

/// Throws InputError unless the path is an existing regular file (a pipe would hang the reader).
inline void require_file(std::filesystem::path const& path) {
  std::error_code none;
  auto const status = std::filesystem::status(path, none);
  if (!std::filesystem::exists(status))
    throw InputError(text("cannot read ", path.string(), ": there is no such file"));
  if (!std::filesystem::is_regular_file(status))
    throw InputError(text("cannot read ", path.string(), ": it is no regular file"));
}

/// The whole content of a file; InputError if it cannot be read.
inline std::string read_file(std::filesystem::path const& path) {
  require_file(path);
  std::ifstream in(path, std::ios::binary);
  if (!in) throw InputError(text("cannot read ", path.string(), ": ", std::strerror(errno)));
  std::string content(std::istreambuf_iterator<char>(in), {});
  if (in.bad()) throw InputError(text("cannot read ", path.string(), ": the read failed"));
  return content;
}

}  // namespace vlpt::io
