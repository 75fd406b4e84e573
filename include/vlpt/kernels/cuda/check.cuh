#pragma once
#include <cublasLt.h>
#include <cuda_runtime.h>

#include <source_location>

#include "vlpt/core/error.hpp"

namespace vlpt::cuda {

/// Throws RunError unless a call of CUDA succeeded: which, where, and what CUDA says of it. Kernels
/// fail later than they are asked for: then it names a call after theirs.
inline void check(cudaError_t error, char const* call,
                  std::source_location const& at = std::source_location::current()) {
  if (error == cudaSuccess) return;
  (void)cudaGetLastError();  // said; it is not to be found again by the next call
  throw RunError(text(at.file_name(), ":", at.line(), ": ", call, ": ", cudaGetErrorString(error),
                      " (", cudaGetErrorName(error), ")"));
}
inline void check(cublasStatus_t status, char const* call,
                  std::source_location const& at = std::source_location::current()) {
  if (status != CUBLAS_STATUS_SUCCESS)
    throw RunError(text(at.file_name(), ":", at.line(), ": ", call, ": ",
                        cublasLtGetStatusString(status), " (", cublasLtGetStatusName(status), ")"));
}

}  // namespace vlpt::cuda
