// The rate of multiply-adds from registers to registers: what no product can exceed.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

#include "vlpt/core/parallel.hpp"
#include "vlpt/kernels/packed/isa.hpp"
#include "works.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace peers {
namespace {

using vlpt::Index;

/// Operations of a kernel's turn, a multiply and an add being two, and turns that take about 1.5
/// ms.
struct Kernel {
  void (*run)(Index turns) = nullptr;
  double operations = 0;
};

volatile float kept_float;
volatile int kept_int;

#if defined(__x86_64__)
constexpr int chains = 16;  // as many sums as hide the latency of one

__attribute__((target("avx512f"))) void float_512(Index turns) {
  __m512 sums[chains];
  for (__m512& s : sums) s = _mm512_setzero_ps();
  __m512 a = _mm512_set1_ps(1e-6F);
  for (Index i = 0; i < turns; ++i) {
    asm volatile("" : "+v"(a));
#pragma GCC unroll 16
    for (int c = 0; c < chains; ++c) sums[c] = _mm512_fmadd_ps(a, a, sums[c]);
  }
  for (__m512 s : sums) kept_float = _mm512_cvtss_f32(s);
}

__attribute__((target("avx2,fma"))) void float_256(Index turns) {
  constexpr int few = 12;  // of sixteen registers
  __m256 sums[few];
  for (__m256& s : sums) s = _mm256_setzero_ps();
  __m256 a = _mm256_set1_ps(1e-6F);
  for (Index i = 0; i < turns; ++i) {
    asm volatile("" : "+x"(a));
#pragma GCC unroll 16
    for (int c = 0; c < few; ++c) sums[c] = _mm256_fmadd_ps(a, a, sums[c]);
  }
  for (__m256 s : sums) kept_float = _mm256_cvtss_f32(s);
}

__attribute__((target("avx512f,avx512bf16"))) void bf16_512(Index turns) {
  __m512 sums[chains];
  for (__m512& s : sums) s = _mm512_setzero_ps();
  __m512i a = _mm512_set1_epi32(0x35863586);  // 1e-6, twice
  for (Index i = 0; i < turns; ++i) {
    asm volatile("" : "+v"(a));
#pragma GCC unroll 16
    for (int c = 0; c < chains; ++c) sums[c] = _mm512_dpbf16_ps(sums[c], (__m512bh)a, (__m512bh)a);
  }
  for (__m512 s : sums) kept_float = _mm512_cvtss_f32(s);
}

__attribute__((target("avx512f,avx512vnni"))) void int8_512(Index turns) {
  __m512i sums[chains];
  for (__m512i& s : sums) s = _mm512_setzero_si512();
  __m512i a = _mm512_setzero_si512();
  for (Index i = 0; i < turns; ++i) {
    asm volatile("" : "+v"(a));
#pragma GCC unroll 16
    for (int c = 0; c < chains; ++c) sums[c] = _mm512_dpbusd_epi32(sums[c], a, a);
  }
  for (__m512i s : sums) kept_int = _mm512_cvtsi512_si32(s);
}

Kernel kernel_of(std::string const& dtype, vlpt::Isa isa) {
  using vlpt::Isa;
  if (dtype == "bf16" && isa >= Isa::avx512_bf16) return {bf16_512, chains * 64.};
  if (dtype == "int8" && isa >= Isa::avx512_vnni) return {int8_512, chains * 128.};
  if (dtype == "float" && isa >= Isa::avx512) return {float_512, chains * 32.};
  if (dtype == "float" && isa >= Isa::avx2) return {float_256, 12 * 16.};
  return {};
}
#else
Kernel kernel_of(std::string const&, vlpt::Isa) { return {}; }
#endif

}  // namespace

double probe(std::string const& dtype) {
  static vlpt::Team team(threads());
  Kernel const k = kernel_of(dtype, vlpt::best_isa());
  if (k.run == nullptr) return 0;
  constexpr Index turns = 1'000'000;                                 // about 2 ms
  team.run(team.threads(), [&](Index, int) { k.run(turns / 20); });  // wakes the threads
  using Clock = std::chrono::steady_clock;
  struct Share {
    double operations = 0;
    Clock::time_point begin = Clock::time_point::max(), end{};
  };
  std::vector<Share> shares(static_cast<std::size_t>(team.threads()));
  team.run(team.threads(), [&](Index, int thread) {
    Share& mine = shares[static_cast<std::size_t>(thread)];
    mine.begin = std::min(mine.begin, Clock::now());
    k.run(turns);
    mine.end = Clock::now(), mine.operations += k.operations * static_cast<double>(turns);
  });
  // The sum of the threads' own rates, so that one that began a little late does not lower it; but
  // not of threads that ran one after the other.
  auto const seconds = [](Clock::duration d) { return std::chrono::duration<double>(d).count(); };
  Share all{0, Clock::time_point::max(), {}};
  double rate = 0, longest = 0;
  for (Share const& s : shares) {
    if (s.operations == 0) continue;
    all.operations += s.operations;
    all.begin = std::min(all.begin, s.begin), all.end = std::max(all.end, s.end);
    longest = std::max(longest, seconds(s.end - s.begin));
    rate += s.operations / seconds(s.end - s.begin) * 1e-9;
  }
  double const span = seconds(all.end - all.begin);
  return span < 1.1 * longest ? rate : all.operations / span * 1e-9;
}

}  // namespace peers
