#pragma once
#include <array>
#include <cstdlib>
#include <string_view>

#include "vlpt/core/error.hpp"

namespace vlpt {

/// What a processor can do, each level with all before it. portable: what Eigen makes of it.
enum class Isa { portable, avx2, avx512, avx512_vnni, avx512_bf16 };

inline constexpr std::array<std::string_view, 5> isa_names{"portable", "avx2", "avx512",
                                                           "avx512_vnni", "avx512_bf16"};

[[nodiscard]] constexpr std::string_view name_of(Isa isa) {
  return isa_names[static_cast<std::size_t>(isa)];
}

/// The highest level of this processor, whatever VLPT_ISA says.
[[nodiscard]] inline Isa best_isa() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return Isa::portable;
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") ||
      !__builtin_cpu_supports("avx512dq") || !__builtin_cpu_supports("avx512vl"))
    return Isa::avx2;
  if (!__builtin_cpu_supports("avx512vnni")) return Isa::avx512;
  return __builtin_cpu_supports("avx512bf16") ? Isa::avx512_bf16 : Isa::avx512_vnni;
#else
  return Isa::portable;
#endif
}

/// The level to run at: the best one, or a lower one that the environment's VLPT_ISA names.
/// Throws InputError for a name that is none, or a level that this processor lacks.
[[nodiscard]] inline Isa chosen_isa() {
  Isa const best = best_isa();
  char const* const wanted = std::getenv("VLPT_ISA");
  if (wanted == nullptr || *wanted == '\0') return best;
  for (std::size_t i = 0; i < isa_names.size(); ++i) {
    if (isa_names[i] != wanted) continue;
    auto const isa = static_cast<Isa>(i);
    if (isa > best)
      throw InputError(text("VLPT_ISA asks for ", wanted, ", this processor has ", name_of(best)));
    return isa;
  }
  throw InputError(text("VLPT_ISA is \"", wanted,
                        "\"; it may be portable, avx2, avx512, avx512_vnni or avx512_bf16"));
}

}  // namespace vlpt
