#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "vlpt/core/error.hpp"

namespace vlpt::cuda {

/// Copies of 16 bytes that a block of the host asked for: they are made as late as a device may
/// make them, and what they overwrite is gone at once, so a body that reads too early, or that asks
/// before all have read, goes wrong.
class HostCopies {
 public:
  void ask(void* to, void const* from) const {
    VLPT_CHECK(count_ < most, "a block brings up to ", most, " times 16 bytes at once");
    VLPT_CHECK(aligned(to) && aligned(from), "16 bytes are brought that do not begin on 16 bytes");
    std::memset(to, 0xff, bytes);  // NaN
    asked_[count_++] = {to, from};
  }
  void make() const {
    for (std::size_t i = 0; i < count_; ++i) std::memcpy(asked_[i].to, asked_[i].from, bytes);
    count_ = 0;
  }

 private:
  static bool aligned(void const* p) { return reinterpret_cast<std::uintptr_t>(p) % 16 == 0; }
  static constexpr std::size_t bytes = 16, most = 4096;  // four tiles of 64 rows of 128 columns
  struct Copy {
    void* to;
    void const* from;
  };
  mutable std::array<Copy, most> asked_;
  mutable std::size_t count_ = 0;
};

}  // namespace vlpt::cuda
