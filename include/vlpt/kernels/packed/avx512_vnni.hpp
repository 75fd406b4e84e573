#pragma once
#include "vlpt/kernels/packed/avx512.hpp"
#if defined(__x86_64__)
#include <cstring>

// Products of int8 by the instructions for them; everything else is that of AVX-512.
#if defined(__clang__)
#pragma clang attribute push(                                                     \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,fma"))), \
    apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,fma")
#endif

namespace vlpt::packed::avx512_vnni {

using avx512::all;
using avx512::every;
using avx512::expect;
using avx512::fetch;
using avx512::finish;
using avx512::lanes;
using avx512::load;
using avx512::load_first;
using avx512::max;
using avx512::put;
using avx512::Target;
using avx512::Vec;

inline constexpr Index most_quad_rows[3] = {14, 12, 8};

#include "vlpt/kernels/packed/quads.inc"

}  // namespace vlpt::packed::avx512_vnni

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
