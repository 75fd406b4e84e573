#pragma once
#include <cstddef>
#include <cstring>
#include <new>
#include <type_traits>
#include <vector>

namespace vlpt::cuda {

/// Calls f(machine) in the order in which they were appended, as bytes: two lists that are equal
/// ask for the same kernels with the same addresses, sizes and numbers.
template <class M>
class LaunchList {
 public:
  /// requires f: trivially copyable, and all that its call depends on is in it.
  template <class F>
  void append(F const& f) {
    static_assert(std::is_trivially_copyable_v<F> && alignof(F) <= alignment);
    constexpr std::size_t size = (sizeof(F) + alignment - 1) / alignment * alignment;
    Head const head{&call<F>, size};
    std::size_t const at = bytes_.size();
    bytes_.resize(at + sizeof head + size);  // zeros
    std::memcpy(bytes_.data() + at, &head, sizeof head);
    auto* const copy = ::new (static_cast<void*>(bytes_.data() + at + sizeof head)) F(f);
    clear_padding(copy);
    ++count_;
  }
  void run(M const& machine) const {
    for (std::size_t at = 0; at < bytes_.size();) {
      Head head;
      std::memcpy(&head, bytes_.data() + at, sizeof head);
      at += sizeof head;
      head.call(machine, bytes_.data() + at);
      at += head.size;
    }
  }
  [[nodiscard]] std::size_t count() const { return count_; }
  /// Forgets the calls and keeps the memory.
  void clear() { bytes_.clear(), count_ = 0; }
  [[nodiscard]] friend bool operator==(LaunchList const& a, LaunchList const& b) {
    return a.bytes_.size() == b.bytes_.size() &&
           std::memcmp(a.bytes_.data(), b.bytes_.data(), a.bytes_.size()) == 0;
  }

  /// Whether equal calls are always equal bytes. Else what lies between two members may differ, and
  /// a list is then not known again: never the other way round.
#if __has_builtin(__builtin_clear_padding)
  static constexpr bool exact = true;
#else
  static constexpr bool exact = false;  // clang
#endif

 private:
  static constexpr std::size_t alignment = 16;
  struct Head {
    void (*call)(M const&, std::byte const*);
    std::size_t size;  // of what follows
  };
  static_assert(sizeof(Head) % alignment == 0 && __STDCPP_DEFAULT_NEW_ALIGNMENT__ >= alignment);

  template <class F>
  static void call(M const& machine, std::byte const* at) {
    (*std::launder(static_cast<F const*>(static_cast<void const*>(at))))(machine);
  }
  template <class F>
  static void clear_padding([[maybe_unused]] F* f) {
#if __has_builtin(__builtin_clear_padding)
    __builtin_clear_padding(f);
#endif
  }

  std::vector<std::byte> bytes_;
  std::size_t count_ = 0;
};

}  // namespace vlpt::cuda
