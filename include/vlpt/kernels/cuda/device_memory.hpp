#pragma once
#include <cstddef>
#include <utility>

namespace vlpt {

/// One block of the memory of the device that is current, zeroed when it is made. Where there is
/// not enough, OutOfMemory says how much was asked for and how much is free. Freeing waits for the
/// device.
class DeviceMemory {
 public:
  static constexpr std::size_t alignment = 256;
  DeviceMemory() = default;
  explicit DeviceMemory(std::size_t bytes);
  DeviceMemory(DeviceMemory&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  DeviceMemory& operator=(DeviceMemory&& other) noexcept {
    std::swap(data_, other.data_), std::swap(size_, other.size_);
    return *this;
  }
  ~DeviceMemory();
  [[nodiscard]] std::byte* data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace vlpt
