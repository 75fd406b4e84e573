#pragma once
#include <mutex>
#include <optional>
#include <utility>

#include "vlpt/kernels/cuda/listing_machine.hpp"
#include "vlpt/kernels/cuda/placing_primitives.hpp"
#include "vlpt/kernels/cuda/stream_machine.cuh"

namespace vlpt::cuda {

/// What copies of a Cuda<T> share: a device and its stream, which one thread at a time may ask. A
/// list is one thread's: from its begin to its end, others wait.
template <class T>
class Core {
  using Machine = ListingMachine<T, StreamMachine<T>>;
  using Primitives = PlacingPrimitives<T, Machine>;

 public:
  explicit Core(CudaSettings const& settings) : device_(settings.device) {
    take_device(device_);
    OnDevice const here;
    primitives_.emplace(Machine(StreamMachine<T>(settings), settings.graphs));
  }

  [[nodiscard]] int device() const { return device_; }

  /// f(primitives), on the device.
  template <class F>
  decltype(auto) run(F const& f) {
    std::lock_guard const turn(mutex_);
    OnDevice const here;
    return f(std::as_const(*primitives_));
  }
  void begin_list() {
    std::unique_lock turn(mutex_);
    run([](auto const& on) { on.machine().begin(); });
    (void)turn.release();  // until the list ends
  }
  void end_list() {
    std::lock_guard const turn(mutex_, std::adopt_lock);
    run([](auto const& on) { on.machine().end(); });
  }
  void break_list() noexcept {
    std::lock_guard const turn(mutex_, std::adopt_lock);
    OnDevice const here(std::nothrow);
    primitives_->machine().break_off();
  }

 private:
  int device_;
  std::optional<Primitives> primitives_;
  std::recursive_mutex mutex_;
};

}  // namespace vlpt::cuda
