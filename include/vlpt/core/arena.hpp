#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <utility>

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include "vlpt/core/error.hpp"
#include "vlpt/core/view.hpp"

namespace vlpt {

/// One aligned block of host memory, zeroed when it is made. Large ones cost nothing before they
/// are touched: the system gives their pages then.
class HostMemory {
 public:
  static constexpr std::size_t alignment = 64;
  HostMemory() = default;
  explicit HostMemory(std::size_t bytes) : size_(bytes) {
    if (bytes == 0) return;
    block_.reset(static_cast<std::byte*>(std::calloc(bytes + alignment, 1)));
    if (block_ == nullptr) throw RunError(text("out of memory: ", bytes, " bytes were asked for"));
    auto const at = reinterpret_cast<std::uintptr_t>(block_.get());
    data_ = block_.get() + (alignment - at % alignment) % alignment;
  }
  HostMemory(HostMemory&& other) noexcept
      : block_(std::move(other.block_)),
        data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)) {}
  HostMemory& operator=(HostMemory&& other) noexcept {
    std::swap(block_, other.block_), std::swap(data_, other.data_), std::swap(size_, other.size_);
    return *this;
  }
  [[nodiscard]] std::byte* data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }

  /// Gives the system back what whole pages of [first, last) hold; what is read there next is
  /// undefined until it is written.
  static void forget([[maybe_unused]] void const* first, [[maybe_unused]] void const* last) {
#if defined(__linux__)
    constexpr std::uintptr_t page = 4096;
    auto const begin = (reinterpret_cast<std::uintptr_t>(first) + page - 1) / page * page;
    auto const end = reinterpret_cast<std::uintptr_t>(last) / page * page;
    if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
#endif
  }

 private:
  struct Free {
    void operator()(std::byte* p) const noexcept { std::free(p); }
  };
  std::unique_ptr<std::byte, Free> block_;
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

/// A stack of allocations inside one block of memory that somebody else owns.
/// Without a block it only measures: every allocation is null and peak() tells what is needed.
/// Its far end is a second stack, for what outlives scopes of the first.
class Arena {
 public:
  static constexpr std::size_t alignment = HostMemory::alignment;

  constexpr Arena() = default;
  constexpr Arena(std::byte* base, std::size_t capacity)
      : base_(base), capacity_(capacity), measuring_(false) {}

  template <class T>
  [[nodiscard]] constexpr T* allocate(Index count) {
    std::size_t const begin = used_;
    used_ += bytes<T>(count);
    return place<T>(begin);
  }
  /// In front of what was allocated at the end before.
  template <class T>
  [[nodiscard]] constexpr T* allocate_at_end(Index count) {
    at_end_ += bytes<T>(count);
    return place<T>(capacity_ / alignment * alignment - at_end_);
  }
  template <class T>
  [[nodiscard]] constexpr View<T> matrix(Index rows, Index cols) {
    return {allocate<T>(rows * cols), rows, cols};
  }
  template <class T>
  [[nodiscard]] constexpr Stream<T> stream(Index batch, Index tokens, Index dim) {
    return {allocate<T>(batch * tokens * dim), batch, tokens, dim};
  }

  using Mark = std::size_t;
  [[nodiscard]] constexpr Mark mark() const { return used_; }
  constexpr void release(Mark m) { used_ = m; }
  [[nodiscard]] constexpr Mark mark_of_end() const { return at_end_; }
  constexpr void release_end(Mark m) { at_end_ = m; }
  [[nodiscard]] constexpr std::size_t peak() const { return peak_; }
  [[nodiscard]] constexpr bool measuring() const { return measuring_; }

 private:
  template <class T>
  static constexpr std::size_t bytes(Index count) {
    return (static_cast<std::size_t>(count) * sizeof(T) + alignment - 1) / alignment * alignment;
  }
  /// What was just taken, and begins there.
  template <class T>
  [[nodiscard]] constexpr T* place(std::size_t begin) {
    if (used_ + at_end_ > peak_) peak_ = used_ + at_end_;
    if (measuring_) return nullptr;
    if (used_ + at_end_ > capacity_ / alignment * alignment)
      throw RunError("an arena is smaller than its plan");
    return static_cast<T*>(static_cast<void*>(base_ + begin));
  }

  std::byte* base_ = nullptr;
  std::size_t capacity_ = 0;
  bool measuring_ = true;
  std::size_t used_ = 0;
  std::size_t at_end_ = 0;
  std::size_t peak_ = 0;
};

/// Gives back, at the end of a scope, everything that was allocated inside it.
class ArenaScope {
 public:
  constexpr explicit ArenaScope(Arena& a) : arena_(a), mark_(a.mark()) {}
  constexpr ~ArenaScope() { arena_.release(mark_); }
  ArenaScope(ArenaScope const&) = delete;
  ArenaScope& operator=(ArenaScope const&) = delete;

 private:
  Arena& arena_;
  Arena::Mark mark_;
};

}  // namespace vlpt
