#pragma once
#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "vlpt/kernels/packed/table.hpp"

// Compiled for AVX-512 whatever the program is compiled for: chosen at run time.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))), \
                             apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,fma")
#endif

namespace vlpt::packed::avx512 {

using Vec = __m512;
inline constexpr Index lanes = 16;
/// The most rows of a tile that is v vectors wide: 32 registers hold it, b's row and a's value.
inline constexpr Index most_vectors = 4;
inline constexpr Index most_rows[most_vectors] = {14, 12, 8, 6};

// Masked forms, all lanes set: GCC 12 warns of its own plain ones, which begin with undefined
// lanes.
inline constexpr __mmask16 every = 0xffff;

inline Vec load(float const* p) { return _mm512_loadu_ps(p); }
inline void store(float* p, Vec v) { _mm512_storeu_ps(p, v); }
inline __mmask16 first(Index n) { return static_cast<__mmask16>((1U << n) - 1U); }
/// The first n lanes, n < lanes; the others are 0.
inline Vec load_first(float const* p, Index n) { return _mm512_maskz_loadu_ps(first(n), p); }
inline void store_first(float* p, Vec v, Index n) { _mm512_mask_storeu_ps(p, first(n), v); }
inline Vec all(float x) { return _mm512_set1_ps(x); }
inline Vec fma(Vec a, Vec b, Vec c) { return _mm512_fmadd_ps(a, b, c); }
inline Vec fms(Vec a, Vec b, Vec c) { return _mm512_fmsub_ps(a, b, c); }
inline Vec fnma(Vec a, Vec b, Vec c) { return _mm512_fnmadd_ps(a, b, c); }
inline Vec max(Vec a, Vec b) { return _mm512_maskz_max_ps(every, a, b); }
inline Vec min(Vec a, Vec b) { return _mm512_maskz_min_ps(every, a, b); }
inline Vec abs(Vec a) { return _mm512_abs_ps(a); }
inline Vec round(Vec a) { return _mm512_maskz_roundscale_ps(every, a, 0); }
/// a 2^n for whole n; 0 far below the smallest float.
inline Vec times_power(Vec a, Vec n) { return _mm512_maskz_scalef_ps(every, a, n); }
inline Vec reciprocal(Vec a) {
  Vec const r = _mm512_maskz_rcp14_ps(every, a);
  return r * fnma(a, r, all(2));
}
inline Vec where_negative(Vec x, Vec yes, Vec no) {
  return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_LT_OQ), no, yes);
}
inline __m256 low_half(Vec a) { return _mm512_castps512_ps256(a); }
inline __m256 high_half(Vec a) {
  return _mm256_castpd_ps(_mm512_maskz_extractf64x4_pd(0xf, _mm512_castps_pd(a), 1));
}
inline float sum(Vec a) {
  __m256 const h = _mm256_add_ps(low_half(a), high_half(a));
  __m128 s = _mm_add_ps(_mm256_castps256_ps128(h), _mm256_extractf128_ps(h, 1));
  s = _mm_add_ps(s, _mm_movehl_ps(s, s));
  return _mm_cvtss_f32(_mm_add_ss(s, _mm_shuffle_ps(s, s, 1)));
}
inline float top(Vec a) {
  __m256 const h = _mm256_max_ps(low_half(a), high_half(a));
  __m128 s = _mm_max_ps(_mm256_castps256_ps128(h), _mm256_extractf128_ps(h, 1));
  s = _mm_max_ps(s, _mm_movehl_ps(s, s));
  return _mm_cvtss_f32(_mm_max_ss(s, _mm_shuffle_ps(s, s, 1)));
}
[[gnu::always_inline]] inline void fetch(float const* p) {
  _mm_prefetch(reinterpret_cast<char const*>(p), _MM_HINT_T1);
}

/// to(c, r) = from(r, c) of a square of `lanes`.
inline void transpose_square(float const* from, Index from_stride, float* to, Index to_stride) {
  __m512 a[16], b[16];
#pragma GCC unroll 16
  for (int i = 0; i < 16; ++i) a[i] = load(from + i * from_stride);
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) {
    b[2 * i] = _mm512_maskz_unpacklo_ps(every, a[2 * i], a[2 * i + 1]);
    b[2 * i + 1] = _mm512_maskz_unpackhi_ps(every, a[2 * i], a[2 * i + 1]);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    a[4 * i] = _mm512_maskz_shuffle_ps(every, b[4 * i], b[4 * i + 2], 0x44);
    a[4 * i + 1] = _mm512_maskz_shuffle_ps(every, b[4 * i], b[4 * i + 2], 0xee);
    a[4 * i + 2] = _mm512_maskz_shuffle_ps(every, b[4 * i + 1], b[4 * i + 3], 0x44);
    a[4 * i + 3] = _mm512_maskz_shuffle_ps(every, b[4 * i + 1], b[4 * i + 3], 0xee);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    b[i] = _mm512_maskz_shuffle_f32x4(every, a[i], a[4 + i], 0x88);
    b[4 + i] = _mm512_maskz_shuffle_f32x4(every, a[i], a[4 + i], 0xdd);
    b[8 + i] = _mm512_maskz_shuffle_f32x4(every, a[8 + i], a[12 + i], 0x88);
    b[12 + i] = _mm512_maskz_shuffle_f32x4(every, a[8 + i], a[12 + i], 0xdd);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    store(to + i * to_stride, _mm512_maskz_shuffle_f32x4(every, b[i], b[8 + i], 0x88));
    store(to + (8 + i) * to_stride, _mm512_maskz_shuffle_f32x4(every, b[i], b[8 + i], 0xdd));
    store(to + (4 + i) * to_stride, _mm512_maskz_shuffle_f32x4(every, b[4 + i], b[12 + i], 0x88));
    store(to + (12 + i) * to_stride, _mm512_maskz_shuffle_f32x4(every, b[4 + i], b[12 + i], 0xdd));
  }
}

// bf16 without instructions for it: two values of a word are two floats.
using Left = float;
struct Pair {
  Vec even, odd;
};
inline constexpr Index most_pair_rows[most_vectors] = {12, 9, 6, 4};
inline Pair load_pairs(std::uint32_t const* p) {
  __m512i const w = _mm512_loadu_si512(p);
  __m512i const high = _mm512_set1_epi32(static_cast<int>(0xffff0000U));
  return {_mm512_castsi512_ps(_mm512_maskz_slli_epi32(every, w, 16)),
          _mm512_castsi512_ps(_mm512_and_si512(w, high))};
}
inline Pair left_pair(Left const* a) { return {all(a[0]), all(a[1])}; }
inline Vec dot(Vec s, Pair const& a, Pair const& b) {
  return fma(a.odd, b.odd, fma(a.even, b.even, s));
}
inline void store_left(Left* to, Vec a, Vec b) { store(to, a), store(to + lanes, b); }
inline Left left_value(float x) { return x; }

#include "vlpt/kernels/packed/kernels.inc"

}  // namespace vlpt::packed::avx512

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
