// vlpt::nccl: sums over the GPUs of a machine.
#include <cuda_runtime.h>
#include <nccl.h>

#include <cstring>
#include <source_location>

#include "vlpt/core/error.hpp"
#include "vlpt/kernels/cuda/communicator.hpp"

namespace vlpt {

namespace {

void check(ncclResult_t result, char const* call,
           std::source_location const& at = std::source_location::current()) {
  if (result != ncclSuccess)
    throw RunError(text(at.file_name(), ":", at.line(), ": ", call, ": ",
                        ncclGetErrorString(result), ": ", ncclGetLastError(nullptr)));
}

/// Makes a device current for a scope, for NCCL takes that one.
class OnDevice {
 public:
  explicit OnDevice(int device) {
    if (cudaGetDevice(&before_) != cudaSuccess || cudaSetDevice(device) != cudaSuccess)
      throw RunError(
          text("there is no CUDA device ", device, ": ", cudaGetErrorString(cudaGetLastError())));
  }
  ~OnDevice() { (void)cudaSetDevice(before_); }
  OnDevice(OnDevice const&) = delete;
  OnDevice& operator=(OnDevice const&) = delete;

 private:
  int before_ = 0;
};

template <class T>
constexpr ncclDataType_t type_of = std::is_same_v<T, double> ? ncclDouble
                                   : std::is_same_v<T, bf16> ? ncclBfloat16
                                                             : ncclFloat;

}  // namespace

Communicator::Id Communicator::make_id() {
  ncclUniqueId made{};
  check(ncclGetUniqueId(&made), "ncclGetUniqueId");
  Id id{};
  static_assert(sizeof(made) == sizeof(id));
  std::memcpy(&id, &made, sizeof(id));
  return id;
}

Communicator::Communicator(Id const& id, int rank, int ranks, int device) : ranks_(ranks) {
  VLPT_CHECK(rank >= 0 && rank < ranks, "a communicator of ", ranks, " processes has no rank ",
             rank);
  OnDevice const here(device);
  ncclUniqueId same{};
  std::memcpy(&same, &id, sizeof(id));
  check(ncclCommInitRank(&communicator_, ranks, same, rank), "ncclCommInitRank");
}

Communicator::~Communicator() {
  if (communicator_ != nullptr) (void)ncclCommDestroy(communicator_);
}

template <class T>
void Communicator::sum(Cuda<T> const& backend, std::span<T> values) const {
  if (values.empty()) return;
  OnDevice const here(backend.device());
  check(ncclAllReduce(values.data(), values.data(), values.size(), type_of<T>, ncclSum,
                      communicator_, static_cast<cudaStream_t>(backend.stream())),
        "ncclAllReduce");
}
template void Communicator::sum(Cuda<float> const&, std::span<float>) const;
template void Communicator::sum(Cuda<double> const&, std::span<double>) const;
template void Communicator::sum(Cuda<bf16> const&, std::span<bf16>) const;

}  // namespace vlpt
