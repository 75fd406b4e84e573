#pragma once
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "vlpt/core/error.hpp"

namespace vlpt::io {

/// A new file beside its target, which it replaces in one step on commit().
/// Without a commit the target stays as it was and the new file goes away.
/// Leftovers of killed processes for the same target are removed.
/// Every failure is a RunError that names the target and says why (disk full, no permission).
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path target) : target_(std::move(target)) {
    static std::atomic<unsigned> count{0};  // two threads may write the same target
    std::error_code none;
    if (std::filesystem::exists(target_, none) && !std::filesystem::is_regular_file(target_, none))
      throw RunError(text("cannot write ", target_.string(), ": it is no regular file"));
    if (target_.empty()) throw RunError("cannot write a file: the name is empty");
    remove_orphans();
    beside_ = target_.parent_path() /
              text('.', target_.filename().string(), '.', ::getpid(), '-', count.fetch_add(1));
    file_ = ::open(beside_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file_ < 0) fail(errno);
  }
  ~AtomicFile() {
    if (file_ >= 0) ::close(file_);
    if (!committed_) ::unlink(beside_.c_str());
  }
  AtomicFile(AtomicFile const&) = delete;
  AtomicFile& operator=(AtomicFile const&) = delete;

  void write(std::span<std::byte const> bytes) {
    while (!bytes.empty()) {
      ssize_t const n = ::write(file_, bytes.data(), bytes.size());
      if (n >= 0)
        bytes = bytes.subspan(static_cast<std::size_t>(n));
      else if (errno != EINTR)
        fail(errno);
    }
  }
  /// The data reach the disk before the name does, so a crash leaves the old file or the new one.
  void commit() {
    if (::fsync(file_) != 0 && errno != EINVAL && errno != ENOTSUP) fail(errno);
    int const closed = ::close(std::exchange(file_, -1));
    if (closed != 0 && errno != EINTR) fail(errno);
    if (std::rename(beside_.c_str(), target_.c_str()) != 0) fail(errno);
    committed_ = true;
    std::filesystem::path const parent = target_.parent_path();
    int const folder = ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_CLOEXEC);
    if (folder < 0) return;  // the rename happened; only its durability is left to the system
    ::fsync(folder);
    ::close(folder);
  }

 private:
  /// Removes `.<name>.<pid>-<n>` of processes that were killed while they wrote this target.
  void remove_orphans() const {
    auto const parent = target_.parent_path();
    std::string const start = text('.', target_.filename().string(), '.');
    std::error_code none;
    for (std::filesystem::directory_iterator at(parent.empty() ? "." : parent, none), end;
         !none && at != end; at.increment(none)) {
      std::string const name = at->path().filename().string();
      if (!name.starts_with(start)) continue;
      char const* const stop = name.data() + name.size();
      pid_t process = 0;
      unsigned count = 0;
      auto const dash = std::from_chars(name.data() + start.size(), stop, process);
      if (dash.ec != std::errc{} || process <= 0 || dash.ptr == stop || *dash.ptr != '-') continue;
      auto const last = std::from_chars(dash.ptr + 1, stop, count);
      if (last.ec != std::errc{} || last.ptr != stop) continue;
      if (::kill(process, 0) != 0 && errno == ESRCH) ::unlink(at->path().c_str());
    }
  }
  [[noreturn]] void fail(int error) const {
    throw RunError(text("cannot write ", target_.string(), ": ", std::strerror(error)));
  }

  std::filesystem::path target_;
  std::filesystem::path beside_;
  int file_ = -1;
  bool committed_ = false;
};

/// Writes a whole file: afterwards the path holds these bytes, or, after a RunError, what it held.
inline void write_file(std::filesystem::path const& path, std::span<std::byte const> bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}
inline void write_file(std::filesystem::path const& path, std::string_view content) {
  write_file(path, std::as_bytes(std::span(content)));
}

}  // namespace vlpt::io
