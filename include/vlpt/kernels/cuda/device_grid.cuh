#pragma once
#include <cuda_runtime.h>

#include <type_traits>

#include "vlpt/kernels/cuda/combine.cuh"
#include "vlpt/kernels/cuda/device_units.cuh"

namespace vlpt::cuda {

/// The block of a thread of the device: a phase is this thread's part of it. What only a device
/// has is left out of the host's half of the compilation, which never calls it.
template <int threads>
class DeviceBlock : public DeviceUnits {
 public:
  template <class U>
  class Kept {
   public:
    __host__ __device__ U& operator[](int) { return value_; }
    __host__ __device__ U const& operator[](int) const { return value_; }

   private:
    U value_;
  };

  [[nodiscard]] __host__ __device__ Index index() const {
#if defined(__CUDA_ARCH__)
    return static_cast<Index>(blockIdx.x);
#else
    return 0;
#endif
  }
  template <class F>
  __host__ __device__ void each(F const& f) const {
    alone(f);
    wait();
  }
  __host__ __device__ void wait() const {
#if defined(__CUDA_ARCH__)
    __syncthreads();
#endif
  }
  __host__ __device__ void arrived() const {
#if defined(__CUDA_ARCH__)
    asm volatile("cp.async.wait_all;" ::: "memory");
#endif
    wait();
  }
  template <class F>
  __host__ __device__ void alone(F const& f) const {
#if defined(__CUDA_ARCH__)
    f(static_cast<int>(threadIdx.x));
#endif
  }
  template <class U>
  [[nodiscard]] __host__ __device__ Kept<U> kept() const {
    return {};
  }
  template <int width, class U>
  __host__ __device__ void sum(Kept<U>& kept) const {
    combine<width>(kept[0], Add{});
  }
  template <int width, class U>
  __host__ __device__ void max(Kept<U>& kept) const {
    combine<width>(kept[0], Larger{});
  }
  template <int M, int N, int K, class L, class A, class B, class P>
  __host__ __device__ void multiply([[maybe_unused]] L const& reach, [[maybe_unused]] A const& left,
                                    [[maybe_unused]] B const& right,
                                    [[maybe_unused]] P const& sum) const {
#if defined(__CUDA_ARCH__)
    int const t = static_cast<int>(threadIdx.x);
    Reach const wanted = reach(t);
    if (wanted.m >= M && wanted.n >= N && wanted.k >= K)
      multiply_first<M, N, K>({M, N, K}, left, right, sum, t);
    else if (wanted.m > 0)
      multiply_first<M, N, K>(wanted, left, right, sum, t);
#endif
  }

 private:
  template <int M, int N, int K, class A, class B, class P>
  static __host__ __device__ void multiply_first(Reach wanted, A const& left, B const& right,
                                                 P const& sum, int t) {
    unrolled<K>([&](int k) {
      if (k >= wanted.k) return;
      Values<Factor, M> a{};
      unrolled<M>([&](int m) {
        if (m < wanted.m) a[m] = left(t, m, k);
      });
      unrolled<N>([&](int n) {
        if (n >= wanted.n) return;
        Factor const b = right(t, n, k);
        unrolled<M>([&](int m) {
          if (m < wanted.m) DeviceUnits::multiply(a[m], b, sum(t, m, n));
        });
      });
    });
  }
  template <int width, class U, class F>
  static __host__ __device__ void combine(U& value, F const& f) {
    static_assert(threads % width == 0 && 32 % width == 0);
    for (int apart = width / 2; apart > 0; apart /= 2) value = f(value, partner(value, apart));
  }
  template <class S>
  static __host__ __device__ S partner(S value, [[maybe_unused]] int apart) {
#if defined(__CUDA_ARCH__)
    return __shfl_xor_sync(0xffffffffU, value, apart);
#else
    return value;
#endif
  }
  template <class S, int N>
  static __host__ __device__ Values<S, N> partner(Values<S, N> value, int apart) {
    for (int i = 0; i < N; ++i) value[i] = partner(value[i], apart);
    return value;
  }
};

/// How many blocks of a kernel a processor is to hold at least, which bounds the registers.
template <class K>
inline constexpr int resident = 1;
template <class K>
requires requires { K::resident; }
inline constexpr int resident<K> = K::resident;

/// The one kernel: a kernel of kernels/cuda for one thread.
template <class K>
__global__ void __launch_bounds__(K::threads, resident<K>) run_kernel(K const kernel) {
  extern __shared__ __align__(16) unsigned char bytes[];
  kernel(DeviceBlock<K::threads>(), *reinterpret_cast<typename K::Shared*>(bytes));
}

/// Starts a kernel in the order of a stream; what the runtime says of it.
template <class K>
[[nodiscard]] cudaError_t launch(K const& kernel, cudaStream_t stream) {
  using Shared = typename K::Shared;
  constexpr std::size_t unasked = std::size_t{48} << 10;  // more must be asked for, a kernel
  constexpr std::size_t size = std::is_empty_v<Shared> ? 0 : sizeof(Shared);
  if constexpr (size > unasked) {
    cudaError_t const error = cudaFuncSetAttribute(
        run_kernel<K>, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(size));
    if (error != cudaSuccess) return error;
  }
  Index const blocks = kernel.blocks();
  if (blocks > 0x7fffffff) return cudaErrorInvalidConfiguration;
  run_kernel<K><<<static_cast<unsigned>(blocks), K::threads, size, stream>>>(kernel);
  return cudaGetLastError();
}

}  // namespace vlpt::cuda
