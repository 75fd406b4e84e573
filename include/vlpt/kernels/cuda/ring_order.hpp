#pragma once
#include <cstddef>

namespace vlpt::cuda {

/// Which bytes of a ring may be written next, while others read what was written before. The ring
/// is cut into segments: mark(s) says that all use of s has been asked for, wait(s) that it must
/// have ended. What is taken is used before the next take.
class RingOrder {
 public:
  static constexpr std::size_t alignment = 256;

  /// `segment` is a multiple of the alignment.
  RingOrder(std::size_t segment, std::size_t segments)
      : segment_(segment), size_(segment * segments) {}

  /// The place of `bytes` bytes side by side; at most size().
  template <class Wait, class Mark>
  [[nodiscard]] std::size_t take(std::size_t bytes, Wait const& wait, Mark const& mark) {
    bytes = (bytes + alignment - 1) / alignment * alignment;
    bool const wraps = at_ + bytes > size_;
    for (std::size_t const behind = wraps ? entered_ : at_ / segment_; open_ < behind; ++open_)
      mark(open_);
    if (wraps) at_ = open_ = entered_ = 0;
    std::size_t const place = at_;
    at_ += bytes;
    for (; entered_ * segment_ < at_; ++entered_) wait(entered_);
    return place;
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t segment() const { return segment_; }

 private:
  std::size_t segment_, size_;
  std::size_t at_ = 0;       // where the next one begins
  std::size_t open_ = 0;     // the first segment that was not marked since the ring's start
  std::size_t entered_ = 0;  // the first that was not waited for since then
};

}  // namespace vlpt::cuda
