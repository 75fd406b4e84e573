#pragma once
#include <atomic>
#include <mutex>
#include <new>

#include "vlpt/kernels/cuda/check.cuh"

namespace vlpt::cuda {

/// The device of this process, or -1 before there is one. Memory is made where no backend is at
/// hand, so there is one for all.
inline std::atomic<int>& process_device() {
  static std::atomic<int> device{-1};
  return device;
}

/// Makes a device that of this process; throws where there is none of this number, where kernels
/// were not compiled for it, or where the process has another.
inline void take_device(int device) {
  int devices = 0;
  check(cudaGetDeviceCount(&devices), "cudaGetDeviceCount");
  VLPT_CHECK(device >= 0 && device < devices, "there is no CUDA device ", device, " among ",
             devices);
  int major = 0;
  check(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device),
        "cudaDeviceGetAttribute");
  VLPT_CHECK(major >= 8, "CUDA device ", device, " has compute capability ", major,
             ".x, and kernels are for 8.0 and later (Ampere)");
  int other = -1;
  VLPT_CHECK(process_device().compare_exchange_strong(other, device) || other == device,
             "this process runs on CUDA device ", other, "; device ", device,
             " needs a process of its own");
}

/// Whose turn it is to capture what is asked of a stream, or to wait for the whole device: no
/// thread may wait for a device of which a stream is captured.
inline std::recursive_mutex& capture_or_wait() {
  static std::recursive_mutex turn;
  return turn;
}

/// Makes the device of this process the calling thread's current one for a scope.
class OnDevice {
 public:
  OnDevice() : OnDevice(std::nothrow) { check(error_, "cudaSetDevice"); }
  explicit OnDevice(std::nothrow_t) noexcept {
    int const device = process_device();
    error_ = cudaGetDevice(&before_);
    if (error_ != cudaSuccess || device < 0 || device == before_) return;
    error_ = cudaSetDevice(device);
    changed_ = error_ == cudaSuccess;
  }
  ~OnDevice() {
    if (changed_) (void)cudaSetDevice(before_);
  }
  OnDevice(OnDevice const&) = delete;
  OnDevice& operator=(OnDevice const&) = delete;

 private:
  int before_ = 0;
  bool changed_ = false;
  cudaError_t error_ = cudaSuccess;
};

/// What happens on a device one after the other. It does not wait for the legacy default stream.
class CudaStream {
 public:
  CudaStream() {
    check(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "cudaStreamCreateWithFlags");
  }
  ~CudaStream() { (void)cudaStreamDestroy(stream_); }
  CudaStream(CudaStream const&) = delete;
  CudaStream& operator=(CudaStream const&) = delete;
  [[nodiscard]] cudaStream_t get() const { return stream_; }
  void wait() const { check(cudaStreamSynchronize(stream_), "cudaStreamSynchronize"); }

 private:
  cudaStream_t stream_ = nullptr;
};

/// A point of a stream that the host may wait for; before it is recorded there is nothing to wait
/// for.
class CudaEvent {
 public:
  explicit CudaEvent(unsigned flags = cudaEventDisableTiming) {
    check(cudaEventCreateWithFlags(&event_, flags), "cudaEventCreateWithFlags");
  }
  ~CudaEvent() { (void)cudaEventDestroy(event_); }
  CudaEvent(CudaEvent const&) = delete;
  CudaEvent& operator=(CudaEvent const&) = delete;
  [[nodiscard]] cudaEvent_t get() const { return event_; }
  void record(cudaStream_t stream) const {
    check(cudaEventRecord(event_, stream), "cudaEventRecord");
  }
  void wait() const { check(cudaEventSynchronize(event_), "cudaEventSynchronize"); }

 private:
  cudaEvent_t event_ = nullptr;
};

}  // namespace vlpt::cuda
