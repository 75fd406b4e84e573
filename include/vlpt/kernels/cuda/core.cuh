#pragma once
#include <mutex>
#include <optional>
#include <utility>

#include "vlpt/kernels/cuda/primitives.hpp"
#include "vlpt/kernels/cuda/stream_machine.cuh"

namespace vlpt::cuda {

/// What copies of a Cuda<T> share: a device and its stream, which one thread at a time may ask.
template <class T>
class Core {
  using Primitives = CudaPrimitives<T, StreamMachine<T>>;

 public:
  explicit Core(CudaSettings const& settings) : device_(settings.device) {
    take_device(device_);
    OnDevice const here;
    primitives_.emplace(StreamMachine<T>(settings));
  }

  [[nodiscard]] int device() const { return device_; }

  /// f(primitives), on the device.
  template <class F>
  decltype(auto) run(F const& f) {
    std::lock_guard const turn(mutex_);
    OnDevice const here;
    return f(std::as_const(*primitives_));
  }
  /// f(primitives, place): place(here, count) is where an array of the host is for the primitives.
  template <class F>
  decltype(auto) run_placing(F const& f) {
    return run([&](Primitives const& on) {
      return f(on, [&](auto const* here, Index count) { return on.machine().place(here, count); });
    });
  }

 private:
  int device_;
  std::optional<Primitives> primitives_;
  std::mutex mutex_;
};

}  // namespace vlpt::cuda
