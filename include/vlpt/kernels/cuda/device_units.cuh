#pragma once
#include <cuda_runtime.h>

#include "vlpt/kernels/cuda/matrix_units.cuh"

namespace vlpt::cuda {

/// The matrix units of a device: all lanes of a warp come here together. What only a device has is
/// left out of the host's half of the compilation, which never calls it.
struct DeviceUnits : MatrixUnits {
  [[nodiscard]] static __host__ __device__ std::uint32_t pair([[maybe_unused]] float low,
                                                              [[maybe_unused]] float high) {
    std::uint32_t both = 0;
#if defined(__CUDA_ARCH__)
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(both) : "f"(high), "f"(low));
#endif
    return both;
  }
  /// 2^x by the unit of special functions.
  [[nodiscard]] static __host__ __device__ float power_of_two([[maybe_unused]] float x) {
    float y = 0;
#if defined(__CUDA_ARCH__)
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
#endif
    return y;
  }
  static __host__ __device__ void bring([[maybe_unused]] void* to,
                                        [[maybe_unused]] void const* from) {
#if defined(__CUDA_ARCH__)
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(
                     static_cast<unsigned>(__cvta_generic_to_shared(to))),
                 "l"(__cvta_generic_to_global(from))
                 : "memory");
#endif
  }
  // Lanes 8 q to 8 q + 7 give the addresses of the rows of the q-th quarter that is loaded.
  [[nodiscard]] static __host__ __device__ Factor left(bf16 const* p, int pitch, int lane) {
    return quarters<false>(p + lane % 16 * pitch + lane / 16 * 8);
  }
  [[nodiscard]] static __host__ __device__ Factor right(bf16 const* p, int pitch, int lane) {
    return quarters<true>(p + lane % 16 * pitch + lane / 16 * 8);
  }
  /// Quarters come in the order of a right factor, whose registers must be neighbours.
  [[nodiscard]] static __host__ __device__ Factor right_turned(bf16 const* p, int pitch, int lane) {
    return quarters<false>(p + (lane % 8 + lane / 16 * 8) * pitch + lane / 8 % 2 * 8);
  }
  static __host__ __device__ void multiply([[maybe_unused]] Factor const& a,
                                           [[maybe_unused]] Factor const& b,
                                           [[maybe_unused]] Product& p) {
#if defined(__CUDA_ARCH__)
    unrolled<2>([&](int n) {  // volatile, as all that a whole warp has to come to
      asm volatile(
          "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
          "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
          : "+f"(p[4 * n]), "+f"(p[4 * n + 1]), "+f"(p[4 * n + 2]), "+f"(p[4 * n + 3])
          : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[2 * n]), "r"(b[2 * n + 1]));
    });
#endif
  }

 private:
  /// Four quarters of 8 x 8, each perhaps with its rows and columns exchanged.
  template <bool turned>
  [[nodiscard]] static __host__ __device__ Factor quarters([[maybe_unused]] bf16 const* row) {
    Factor f{};
#if defined(__CUDA_ARCH__)
    auto const from = static_cast<unsigned>(__cvta_generic_to_shared(row));
    if constexpr (turned)
      asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
                   : "=r"(f[0]), "=r"(f[1]), "=r"(f[2]), "=r"(f[3])
                   : "r"(from)
                   : "memory");
    else
      asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                   : "=r"(f[0]), "=r"(f[1]), "=r"(f[2]), "=r"(f[3])
                   : "r"(from)
                   : "memory");
#endif
    return f;
  }
};

}  // namespace vlpt::cuda
