#pragma once
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "vlpt/core/error.hpp"

namespace vlpt::io {

/// The bytes of a pickle, read from front to back; errors name `where` and the byte.
class PickleSource {
 public:
  PickleSource(std::string_view bytes, std::string where)
      : rest_(bytes), size_(bytes.size()), where_(std::move(where)) {}

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::string_view take(std::uint64_t count) {
    if (count > rest_.size()) fail("it is truncated");
    std::string_view const bytes = rest_.substr(0, static_cast<std::size_t>(count));
    rest_.remove_prefix(static_cast<std::size_t>(count));
    return bytes;
  }
  template <class N>
  [[nodiscard]] N number() {
    N n;
    std::memcpy(&n, take(sizeof(N)).data(), sizeof(N));
    return n;
  }
  /// Bytes whose count, of type N, stands before them.
  template <class N>
  [[nodiscard]] std::string_view counted() {
    return take(number<N>());
  }
  [[nodiscard]] std::string_view line() {
    std::size_t const end = rest_.find('\n');
    if (end == std::string_view::npos) fail("it is truncated inside a name");
    std::string_view const text = take(end);
    (void)take(1);
    return text;
  }

  /// For a name that is not on the list of pickle_names.hpp.
  [[noreturn]] void refuse(std::string const& full) const {
    throw CheckpointError(
        text(where_, ": refused: it names ", full,
             ", and vlpt reads tensors and plain values only; nothing was executed. If you trust "
             "this file, save its weights as safetensors, with "
             "tests/reference/torch_to_safetensors.py FILE OUT.safetensors"));
  }
  template <class... Parts>
  [[noreturn]] void fail(Parts const&... parts) const {
    throw CheckpointError(
        text(where_, ": cannot read the pickle at byte ", size_ - rest_.size(), ": ", parts...));
  }

 private:
  std::string_view rest_;
  std::size_t size_;
  std::string where_;
};

}  // namespace vlpt::io
