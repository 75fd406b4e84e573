#pragma once
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "vlpt/core/index.hpp"

namespace vlpt::cuda {

/// The arrays of the host that the kernels of a list read, in memory of the machine. Their places
/// depend on their sizes and order alone, so that the same calls have the same addresses whatever
/// the arrays hold; bring() writes what they held when they were placed. Places stay valid.
template <class Memory>
class ListArrays {
 public:
  explicit ListArrays(std::size_t least = std::size_t{1} << 20) : least_(least) {}

  /// Where an array will be; null for none.
  template <class U>
  [[nodiscard]] U const* place(U const* here, Index count) {
    static_assert(std::is_trivially_copyable_v<U> && alignof(U) <= alignment);
    if (count <= 0) return nullptr;
    std::size_t const size = static_cast<std::size_t>(count) * sizeof(U);
    while (now_ < parts_.size() && parts_[now_].here.size() + size > parts_[now_].there.size())
      ++now_;
    if (now_ == parts_.size()) add(size);
    Part& part = parts_[now_];
    std::size_t const at = part.here.size();
    part.here.resize((at + size + alignment - 1) / alignment * alignment);  // it has the room
    std::memcpy(part.here.data() + at, here, size);
    return static_cast<U const*>(static_cast<void const*>(part.there.data() + at));
  }
  /// bring(bytes, there) for all that was placed.
  template <class Bring>
  void bring(Bring const& bring) const {
    for (Part const& part : parts_)
      if (!part.here.empty()) bring(std::span<std::byte const>(part.here), part.there.data());
  }
  /// The places may be given again.
  void clear() {
    for (Part& part : parts_) part.here.clear();
    now_ = 0;
  }

 private:
  static constexpr std::size_t alignment = 16;
  struct Part {
    Memory there;
    std::vector<std::byte> here;
  };
  void add(std::size_t size) {
    size = (std::max(size, least_) + alignment - 1) / alignment * alignment;
    Part part{Memory(size), {}};
    part.here.reserve(size);
    parts_.push_back(std::move(part));
  }

  std::size_t least_;  // bytes of a part
  std::vector<Part> parts_;
  std::size_t now_ = 0;  // the part that is being filled
};

}  // namespace vlpt::cuda
