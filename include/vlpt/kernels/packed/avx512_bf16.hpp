#pragma once
#include "vlpt/kernels/packed/avx512.hpp"
#if defined(__x86_64__)
#include <cstring>

#include "vlpt/core/bf16.hpp"

// Products of bf16 by the instructions for them; everything else is that of AVX-512.
#if defined(__clang__)
#pragma clang attribute push(                                                     \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,fma"))), \
    apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,fma")
#endif

namespace vlpt::packed::avx512_bf16 {

using avx512::all;
using avx512::expect;
using avx512::fetch;
using avx512::finish;
using avx512::lanes;
using avx512::load;
using avx512::load_first;
using avx512::most_vectors;
using avx512::put;
using avx512::Target;
using avx512::Vec;

using Left = std::uint16_t;
using Pair = __m512i;
inline constexpr Index most_pair_rows[most_vectors] = {14, 12, 8, 6};
inline Pair load_pairs(std::uint32_t const* p) { return _mm512_loadu_si512(p); }
inline Pair left_pair(Left const* a) {
  int word;
  std::memcpy(&word, a, sizeof word);
  return _mm512_set1_epi32(word);
}
inline Vec dot(Vec s, Pair a, Pair b) {
  return _mm512_dpbf16_ps(s, reinterpret_cast<__m512bh>(a), reinterpret_cast<__m512bh>(b));
}
inline void store_left(Left* to, Vec a, Vec b) {
  _mm512_storeu_si512(to, reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(b, a)));
}
inline Left left_value(float x) { return bf16(x).bits; }

#include "vlpt/kernels/packed/pairs.inc"

}  // namespace vlpt::packed::avx512_bf16

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
