#pragma once
#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <span>
#include <utility>

#include "vlpt/kernels/cuda/device.cuh"
#include "vlpt/kernels/cuda/device_memory.cuh"
#include "vlpt/kernels/cuda/ring_order.hpp"

namespace vlpt::cuda {

/// What the host gives a stream: bytes are copied into a ring of pinned memory, which may be read
/// long after the host has gone on, and from there to the device in the order of the stream.
class Inbox {
  static constexpr std::size_t segment = std::size_t{4} << 20, segments = 8;

 public:
  explicit Inbox(cudaStream_t stream) : stream_(stream) { make(segment); }

  /// Bytes of the host to an address of the device.
  void bring(std::span<std::byte const> here, std::byte* there) {
    for (std::size_t done = 0; done < here.size();) {
      auto const piece = here.subspan(done, std::min(here.size() - done, order_.segment()));
      std::size_t const place = take(piece.size());
      copy(piece, place, there + done);
      done += piece.size();
    }
  }
  /// Values of the host, where kernels find them that are asked for before half a ring of others
  /// was placed.
  template <class U>
  [[nodiscard]] U* place(U const* here, Index count) {
    auto const bytes = std::as_bytes(std::span(here, static_cast<std::size_t>(count)));
    if (bytes.empty()) return nullptr;
    if (bytes.size() > order_.size() / 2) {
      check(cudaStreamSynchronize(stream_), "cudaStreamSynchronize");  // nobody reads the old ring
      make((bytes.size() / 2 + segment - 1) / segment * segment);
    }
    std::size_t const place = take(bytes.size());
    copy(bytes, place, device_.data() + place);
    return reinterpret_cast<U*>(device_.data() + place);
  }

 private:
  struct FreeHost {
    void operator()(std::byte* p) const noexcept { (void)cudaFreeHost(p); }
  };
  void make(std::size_t of_a_segment) {
    RingOrder const order(of_a_segment, segments);
    DeviceMemory device(order.size());
    void* block = nullptr;
    check(cudaHostAlloc(&block, order.size(), cudaHostAllocDefault), "cudaHostAlloc");
    pinned_.reset(static_cast<std::byte*>(block));  // nothing can fail any more
    device_ = std::move(device), order_ = order;
  }
  [[nodiscard]] std::size_t take(std::size_t bytes) {
    return order_.take(
        bytes, [&](std::size_t s) { events_[s].wait(); },
        [&](std::size_t s) { events_[s].record(stream_); });
  }
  void copy(std::span<std::byte const> here, std::size_t place, std::byte* there) {
    std::memcpy(pinned_.get() + place, here.data(), here.size());
    check(
        cudaMemcpyAsync(there, pinned_.get() + place, here.size(), cudaMemcpyHostToDevice, stream_),
        "cudaMemcpyAsync");
  }

  cudaStream_t stream_;
  RingOrder order_{segment, segments};
  std::unique_ptr<std::byte, FreeHost> pinned_;
  DeviceMemory device_;
  std::array<CudaEvent, segments> events_;
};

}  // namespace vlpt::cuda
