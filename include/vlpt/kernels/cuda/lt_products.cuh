#pragma once
#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <optional>
#include <type_traits>

#include "vlpt/core/real.hpp"
#include "vlpt/kernels/cuda/chosen.hpp"
#include "vlpt/kernels/cuda/device.cuh"
#include "vlpt/kernels/cuda/device_memory.cuh"
#include "vlpt/kernels/cuda/settings.hpp"

namespace vlpt::cuda {

/// Products by cuBLASLt on one stream. The algorithm of a product is chosen when the first one like
/// it is asked for, and kept.
template <class T>
class LtProducts {
 public:
  static constexpr std::size_t workspace_bytes = std::size_t{32} << 20;

  LtProducts(CudaSettings const& settings, cudaStream_t stream, std::byte* workspace)
      : settings_(settings), stream_(stream), workspace_(workspace) {
    cublasLtHandle_t handle = nullptr;
    check(cublasLtCreate(&handle), "cublasLtCreate");
    handle_.reset(handle);
  }

  /// Whether cuBLASLt adds this bias itself: it does so in floats and halves, and its kernels may
  /// read 16 bytes of it at once.
  [[nodiscard]] static bool adds_bias(T const* bias) {
    return std::is_same_v<Sum<T>, float> && alignment_of(bias) >= 16;
  }
  /// Whether cuBLASLt has an algorithm for this, its bias and its GELU included. Nothing runs.
  [[nodiscard]] bool knows(ColumnProduct<T> const& p) {
    return known_.of(key_of(p), [&] {
      Prepared described = describe(p);
      return candidates_for(described, p).second > 0;
    });
  }
  /// Whether cuBLASLt ends this product in its GELU, the tanh form, if the settings want that.
  [[nodiscard]] bool ends_in_gelu(ColumnProduct<T> const& p) {
    bool const keeps = p.before.data != nullptr;
    return settings_.tanh_gelu && std::is_same_v<Sum<T>, float> &&
           (p.bias == nullptr || adds_bias(p.bias)) &&
           (!keeps || (alignment_of(p.before.data) >= 16 && p.before.ld % 8 == 0)) && knows(p);
  }
  /// requires adds_bias(p.bias) where there is one, ends_in_gelu(p) where it asks for that, and no
  /// operand that is empty.
  void operator()(ColumnProduct<T> const& p) {
    Prepared& prepared = chosen_.of(key_of(p), [&] { return prepare(p); });
    set_addresses(prepared, p);
    check(run(prepared, prepared.algorithm, prepared.workspace, p, p.d.data), "cublasLtMatmul");
  }

 private:
  struct Prepared {
    cublasLtMatmulDescOpaque_t product{};
    cublasLtMatrixLayoutOpaque_t a{}, b{}, c{}, d{};
    cublasLtMatmulAlgo_t algorithm{};
    std::size_t workspace = 0;
  };
  struct Destroy {
    void operator()(cublasLtHandle_t handle) const noexcept { (void)cublasLtDestroy(handle); }
  };
  static constexpr cudaDataType sums = std::is_same_v<T, double> ? CUDA_R_64F : CUDA_R_32F;
  static constexpr cudaDataType type = std::is_same_v<T, bf16> ? CUDA_R_16BF : sums;
  using Candidates = std::array<cublasLtMatmulHeuristicResult_t, 8>;

  [[nodiscard]] cublasComputeType_t compute_type() const {
    if (std::is_same_v<T, double>) return CUBLAS_COMPUTE_64F;
    bool const rounds = settings_.tf32 && std::is_same_v<T, float>;
    return rounds ? CUBLAS_COMPUTE_32F_FAST_TF32 : CUBLAS_COMPUTE_32F;
  }
  template <class U>
  static void set(cublasLtMatmulDescOpaque_t& product, cublasLtMatmulDescAttributes_t what,
                  U const& value) {
    check(cublasLtMatmulDescSetAttribute(&product, what, &value, sizeof(value)),
          "cublasLtMatmulDescSetAttribute");
  }
  template <class U>
  static void set(cublasLtMatmulPreferenceOpaque_t& preference,
                  cublasLtMatmulPreferenceAttributes_t what, U const& value) {
    check(cublasLtMatmulPreferenceSetAttribute(&preference, what, &value, sizeof(value)),
          "cublasLtMatmulPreferenceSetAttribute");
  }
  static void lay_out(cublasLtMatrixLayoutOpaque_t& layout, Columns<T const> const& m) {
    check(cublasLtMatrixLayoutInit(&layout, type, static_cast<std::uint64_t>(m.rows),
                                   static_cast<std::uint64_t>(m.cols), m.ld),
          "cublasLtMatrixLayoutInit");
  }
  static void set_addresses(Prepared& prepared, ColumnProduct<T> const& p) {
    if (p.bias != nullptr) set(prepared.product, CUBLASLT_MATMUL_DESC_BIAS_POINTER, p.bias);
    if (p.before.data != nullptr)
      set(prepared.product, CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER, p.before.data);
  }
  [[nodiscard]] static cublasLtEpilogue_t end_of(ColumnProduct<T> const& p) {
    bool const bias = p.bias != nullptr, keeps = p.before.data != nullptr;
    if (!p.gelu) return bias ? CUBLASLT_EPILOGUE_BIAS : CUBLASLT_EPILOGUE_DEFAULT;
    if (!keeps) return bias ? CUBLASLT_EPILOGUE_GELU_BIAS : CUBLASLT_EPILOGUE_GELU;
    return bias ? CUBLASLT_EPILOGUE_GELU_AUX_BIAS : CUBLASLT_EPILOGUE_GELU_AUX;
  }
  [[nodiscard]] static Columns<T const> read(Columns<T> const& m) {
    return {m.data, m.rows, m.cols, m.ld};
  }

  /// All of a product but its algorithm.
  [[nodiscard]] Prepared describe(ColumnProduct<T> const& p) const {
    Prepared prepared;
    check(cublasLtMatmulDescInit(&prepared.product, compute_type(), sums),
          "cublasLtMatmulDescInit");
    set(prepared.product, CUBLASLT_MATMUL_DESC_TRANSA, p.turns_a ? CUBLAS_OP_T : CUBLAS_OP_N);
    set(prepared.product, CUBLASLT_MATMUL_DESC_TRANSB, p.turns_b ? CUBLAS_OP_T : CUBLAS_OP_N);
    set(prepared.product, CUBLASLT_MATMUL_DESC_EPILOGUE, end_of(p));
    if (p.before.data != nullptr)
      set(prepared.product, CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD,
          static_cast<std::int64_t>(p.before.ld));
    set_addresses(prepared, p);
    lay_out(prepared.a, p.a), lay_out(prepared.b, p.b);
    lay_out(prepared.c, p.adds() ? p.c : read(p.d)), lay_out(prepared.d, read(p.d));
    return prepared;
  }
  [[nodiscard]] Prepared prepare(ColumnProduct<T> const& p) {
    Prepared prepared = describe(p);
    auto const [candidates, found] = candidates_for(prepared, p);
    if (found == 0)
      throw RunError(text("cuBLASLt has no algorithm for a product of ", p.d.rows, " x ", p.depth(),
                          " x ", p.d.cols, " with rows ", p.a.ld, ", ", p.b.ld, ", ", p.d.ld,
                          " apart, on alignments ", alignment_of(p.a.data), ", ",
                          alignment_of(p.b.data), ", ", alignment_of(p.d.data)));
    auto const& best =
        candidates[settings_.deterministic || found == 1 ? 0
                                                         : fastest(prepared, p, candidates, found)];
    prepared.algorithm = best.algo, prepared.workspace = best.workspaceSize;
    return prepared;
  }

  /// Those that there are, and how many.
  [[nodiscard]] std::pair<Candidates, int> candidates_for(Prepared& prepared,
                                                          ColumnProduct<T> const& p) const {
    cublasLtMatmulPreferenceOpaque_t preference{};
    check(cublasLtMatmulPreferenceInit(&preference), "cublasLtMatmulPreferenceInit");
    set(preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, workspace_bytes);
    if (settings_.deterministic)  // partial sums, if any, are added in the type of the sums
      set(preference, CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK,
          static_cast<std::uint32_t>(CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE));
    auto const aligned = [&](cublasLtMatmulPreferenceAttributes_t what, void const* address) {
      set(preference, what, static_cast<std::uint32_t>(alignment_of(address)));
    };
    aligned(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, p.a.data);
    aligned(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES, p.b.data);
    aligned(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, p.adds() ? p.c.data : p.d.data);
    aligned(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES, p.d.data);
    Candidates candidates{};
    int found = 0;
    auto const status = cublasLtMatmulAlgoGetHeuristic(
        handle_.get(), &prepared.product, &prepared.a, &prepared.b, &prepared.c, &prepared.d,
        &preference, static_cast<int>(candidates.size()), candidates.data(), &found);
    if (status == CUBLAS_STATUS_NOT_SUPPORTED) return {candidates, 0};
    check(status, "cublasLtMatmulAlgoGetHeuristic");
    return {candidates, found};
  }

  /// Which candidate takes the least time, each writing aside.
  [[nodiscard]] std::size_t fastest(Prepared& prepared, ColumnProduct<T> const& p,
                                    Candidates const& candidates, int found) {
    DeviceMemory const aside(static_cast<std::size_t>(p.d.ld * p.d.cols) * sizeof(T));
    T* const to = reinterpret_cast<T*>(aside.data());
    CudaEvent const start(cudaEventDefault), end(cudaEventDefault);
    std::size_t best = 0;
    float least = std::numeric_limits<float>::infinity();
    for (std::size_t i = 0; i < static_cast<std::size_t>(found); ++i) {
      auto const& algorithm = candidates[i].algo;
      std::size_t const workspace = candidates[i].workspaceSize;
      if (run(prepared, algorithm, workspace, p, to) != CUBLAS_STATUS_SUCCESS) continue;
      start.record(stream_);
      for (int time = 0; time < 3; ++time)
        check(run(prepared, algorithm, workspace, p, to), "cublasLtMatmul");
      end.record(stream_), end.wait();
      float took = 0;
      check(cudaEventElapsedTime(&took, start.get(), end.get()), "cudaEventElapsedTime");
      if (took < least) least = took, best = i;
    }
    return best;
  }

  [[nodiscard]] cublasStatus_t run(Prepared& prepared, cublasLtMatmulAlgo_t const& algorithm,
                                   std::size_t workspace, ColumnProduct<T> const& p, T* to) const {
    Sum<T> const one(1), zero(0);
    return cublasLtMatmul(handle_.get(), &prepared.product, &one, p.a.data, &prepared.a, p.b.data,
                          &prepared.b, p.adds() ? &one : &zero, p.adds() ? p.c.data : to,
                          &prepared.c, to, &prepared.d, &algorithm, workspace_, workspace, stream_);
  }

  CudaSettings settings_;
  cudaStream_t stream_;
  std::byte* workspace_;
  std::unique_ptr<cublasLtContext, Destroy> handle_;
  Chosen<Prepared> chosen_;
  Chosen<bool> known_;
};

}  // namespace vlpt::cuda
