#pragma once
#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "vlpt/kernels/packed/table.hpp"

// Compiled for AVX2 whatever the program is compiled for: chosen at run time.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#endif

namespace vlpt::packed::avx2 {

using Vec = __m256;
inline constexpr Index lanes = 8;
/// The most rows of a tile that is v vectors wide: 16 registers hold it, b's row and a's value.
inline constexpr Index most_vectors = 2;
inline constexpr Index most_rows[most_vectors] = {12, 6};

inline Vec load(float const* p) { return _mm256_loadu_ps(p); }
inline void store(float* p, Vec v) { _mm256_storeu_ps(p, v); }
inline __m256i first(Index n) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(n)),
                            _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
/// The first n lanes, n < lanes; the others are 0.
inline Vec load_first(float const* p, Index n) { return _mm256_maskload_ps(p, first(n)); }
inline void store_first(float* p, Vec v, Index n) { _mm256_maskstore_ps(p, first(n), v); }
inline Vec all(float x) { return _mm256_set1_ps(x); }
inline Vec fma(Vec a, Vec b, Vec c) { return _mm256_fmadd_ps(a, b, c); }
inline Vec fms(Vec a, Vec b, Vec c) { return _mm256_fmsub_ps(a, b, c); }
inline Vec fnma(Vec a, Vec b, Vec c) { return _mm256_fnmadd_ps(a, b, c); }
inline Vec max(Vec a, Vec b) { return _mm256_max_ps(a, b); }
inline Vec min(Vec a, Vec b) { return _mm256_min_ps(a, b); }
inline Vec abs(Vec a) { return _mm256_andnot_ps(all(-0.0F), a); }
inline Vec round(Vec a) {
  return _mm256_round_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}
/// a 2^n for whole n; 0 far below the smallest float. What is no number stays none.
inline Vec times_power(Vec a, Vec n) {
  Vec const low = _mm256_cmp_ps(n, all(-126), _CMP_LT_OQ);
  __m256i const bits = _mm256_slli_epi32(_mm256_cvtps_epi32(max(all(-126), n)), 23);
  Vec const scaled = _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(a), bits));
  return _mm256_andnot_ps(low, scaled);
}
inline Vec reciprocal(Vec a) { return all(1) / a; }
inline Vec where_negative(Vec x, Vec yes, Vec no) {
  return _mm256_blendv_ps(no, yes, _mm256_cmp_ps(x, _mm256_setzero_ps(), _CMP_LT_OQ));
}
inline float sum(Vec a) {
  __m128 s = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
  s = _mm_add_ps(s, _mm_movehl_ps(s, s));
  return _mm_cvtss_f32(_mm_add_ss(s, _mm_shuffle_ps(s, s, 1)));
}
inline float top(Vec a) {
  __m128 s = _mm_max_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
  s = _mm_max_ps(s, _mm_movehl_ps(s, s));
  return _mm_cvtss_f32(_mm_max_ss(s, _mm_shuffle_ps(s, s, 1)));
}
[[gnu::always_inline]] inline void fetch(float const* p) {
  _mm_prefetch(reinterpret_cast<char const*>(p), _MM_HINT_T1);
}

/// to(c, r) = from(r, c) of a square of `lanes`.
inline void transpose_square(float const* from, Index from_stride, float* to, Index to_stride) {
  __m256 a[8], b[8];
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) a[i] = load(from + i * from_stride);
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    b[2 * i] = _mm256_unpacklo_ps(a[2 * i], a[2 * i + 1]);
    b[2 * i + 1] = _mm256_unpackhi_ps(a[2 * i], a[2 * i + 1]);
  }
#pragma GCC unroll 2
  for (int i = 0; i < 2; ++i) {
    a[4 * i] = _mm256_shuffle_ps(b[4 * i], b[4 * i + 2], 0x44);
    a[4 * i + 1] = _mm256_shuffle_ps(b[4 * i], b[4 * i + 2], 0xee);
    a[4 * i + 2] = _mm256_shuffle_ps(b[4 * i + 1], b[4 * i + 3], 0x44);
    a[4 * i + 3] = _mm256_shuffle_ps(b[4 * i + 1], b[4 * i + 3], 0xee);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    store(to + i * to_stride, _mm256_permute2f128_ps(a[i], a[4 + i], 0x20));
    store(to + (4 + i) * to_stride, _mm256_permute2f128_ps(a[i], a[4 + i], 0x31));
  }
}

// bf16: two values of a word are two floats.
using Left = float;
struct Pair {
  Vec even, odd;
};
inline constexpr Index most_pair_rows[most_vectors] = {6, 4};
inline Pair load_pairs(std::uint32_t const* p) {
  __m256i const w = _mm256_loadu_si256(reinterpret_cast<__m256i const*>(p));
  __m256i const high = _mm256_set1_epi32(static_cast<int>(0xffff0000U));
  return {_mm256_castsi256_ps(_mm256_slli_epi32(w, 16)),
          _mm256_castsi256_ps(_mm256_and_si256(w, high))};
}
inline Pair left_pair(Left const* a) { return {all(a[0]), all(a[1])}; }
inline Vec dot(Vec s, Pair const& a, Pair const& b) {
  return fma(a.odd, b.odd, fma(a.even, b.even, s));
}
inline void store_left(Left* to, Vec a, Vec b) { store(to, a), store(to + lanes, b); }
inline Left left_value(float x) { return x; }

#include "vlpt/kernels/packed/kernels.inc"

}  // namespace vlpt::packed::avx2

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
