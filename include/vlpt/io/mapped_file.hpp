#pragma once
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <span>
#include <utility>

#include "vlpt/core/error.hpp"
#include "vlpt/io/read_file.hpp"

namespace vlpt::io {

/// A file mapped read-only for as long as this object lives; InputError if it cannot be opened.
/// vlpt replaces files by renaming, so a mapping never sees a file change under it.
class MappedFile {
 public:
  explicit MappedFile(std::filesystem::path const& path) {
    require_file(path);
    int const file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    off_t const length = file < 0 ? -1 : ::lseek(file, 0, SEEK_END);
    void* p = nullptr;
    if (length > 0) {
      p = ::mmap(nullptr, static_cast<std::size_t>(length), PROT_READ, MAP_PRIVATE, file, 0);
      if (p != MAP_FAILED)
        bytes_ = {static_cast<std::byte const*>(p), static_cast<std::size_t>(length)};
    }
    int const error = errno;
    if (file >= 0) ::close(file);
    if (length < 0 || p == MAP_FAILED)
      throw InputError(text("cannot read ", path.string(), ": ", std::strerror(error)));
  }
  MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  MappedFile& operator=(MappedFile&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~MappedFile() {
    if (bytes_.data() != nullptr) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
  }

  [[nodiscard]] std::span<std::byte const> bytes() const { return bytes_; }

 private:
  std::span<std::byte const> bytes_;
};

}  // namespace vlpt::io
