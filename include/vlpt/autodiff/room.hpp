#pragma once
#include <span>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/kernels/apart.hpp"

namespace vlpt {

/// Makes a memory as large; what it held is lost where it grows.
template <class Memory>
void grow(Memory& memory, std::size_t bytes) {
  if (bytes <= memory.size()) return;
  memory = Memory();  // the old block goes before the new one is made
  memory = Memory(bytes);
}

/// Memory of so many bytes; where there is not as much, the error says what it was for.
template <class Memory>
[[nodiscard]] Memory memory_for(std::size_t bytes, char const* what) {
  try {
    return Memory(bytes);
  } catch (OutOfMemory const& e) {
    throw OutOfMemory(text(e.what(), ", for ", what), e.available());
  }
}

/// Values of type U in a backend's memory: what a run reads or writes beside a net's own. It grows
/// and is never cut; what it held is lost where it grows.
template <class U, class B>
class Room {
 public:
  /// At least so many values; what they held stays unless it has to grow.
  [[nodiscard]] U* reserve(Index count) {
    std::size_t const bytes = static_cast<std::size_t>(count) * sizeof(U);
    grow(memory_, bytes);
    return data();
  }
  [[nodiscard]] U* data() const { return reinterpret_cast<U*>(memory_.data()); }
  /// Where the backend reads values of the host: brought here, or in place if it can.
  [[nodiscard]] U const* bring(B const& backend, std::span<U const> here) {
    if constexpr (KeepsApart<B>) {
      U* const there = reserve(static_cast<Index>(here.size()));
      vlpt::bring(backend, here, there);
      return there;
    } else {
      return here.data();
    }
  }

 private:
  typename B::Memory memory_;
};

}  // namespace vlpt
