#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <utility>

#include "vlpt/kernels/cuda.hpp"

struct ncclComm;

namespace vlpt {

/// Processes that train together, each on a GPU of its own with its own part of every batch: what
/// they learn from is added up by NCCL. One of them makes an id and gives it to the others by any
/// means. In the library vlpt::nccl.
class Communicator {
 public:
  using Id = std::array<std::byte, 128>;
  [[nodiscard]] static Id make_id();

  /// Waits until all `ranks` processes, of ranks 0 to ranks - 1, have come.
  Communicator(Id const& id, int rank, int ranks, int device);
  Communicator(Communicator&& other) noexcept
      : communicator_(std::exchange(other.communicator_, nullptr)), ranks_(other.ranks_) {}
  Communicator& operator=(Communicator&& other) noexcept {
    std::swap(communicator_, other.communicator_), std::swap(ranks_, other.ranks_);
    return *this;
  }
  ~Communicator();
  [[nodiscard]] int ranks() const { return ranks_; }

  /// values, addresses of the device, become their sums over all processes, in the order of the
  /// backend's stream: net.gradients() between a reverse and the optimizer's step.
  template <class T>
  void sum(Cuda<T> const& backend, std::span<T> values) const;

 private:
  ncclComm* communicator_ = nullptr;
  int ranks_ = 0;
};

}  // namespace vlpt
