#pragma once
#include "vlpt/kernels/cuda/device.cuh"
#include "vlpt/kernels/cuda/device_memory.hpp"

namespace vlpt {

inline DeviceMemory::DeviceMemory(std::size_t bytes) : size_(bytes) {
  if (bytes == 0) return;
  cuda::OnDevice const here;
  std::lock_guard const turn(cuda::capture_or_wait());
  void* block = nullptr;
  if (cudaError_t const error = cudaMalloc(&block, bytes); error == cudaErrorMemoryAllocation) {
    (void)cudaGetLastError();
    std::size_t free = 0, all = 0;
    cuda::check(cudaMemGetInfo(&free, &all), "cudaMemGetInfo");
    throw OutOfMemory(text("out of device memory: ", bytes, " bytes were asked for, ", free, " of ",
                           all, " are free"),
                      free);
  } else {
    cuda::check(error, "cudaMalloc");
  }
  data_ = static_cast<std::byte*>(block);
  cuda::check(cudaMemset(block, 0, bytes), "cudaMemset");
  cuda::check(cudaStreamSynchronize(cudaStreamLegacy), "cudaStreamSynchronize");  // for any stream
}

inline DeviceMemory::~DeviceMemory() {
  if (data_ == nullptr) return;
  cuda::OnDevice const here(std::nothrow);
  std::lock_guard const turn(cuda::capture_or_wait());
  (void)cudaDeviceSynchronize();  // somebody's kernel may still be reading it
  (void)cudaFree(data_);
}

}  // namespace vlpt
