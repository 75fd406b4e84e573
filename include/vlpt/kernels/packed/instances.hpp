#pragma once
#include "vlpt/kernels/packed.hpp"
#include "vlpt/kernels/packed/avx2.hpp"
#include "vlpt/kernels/packed/avx512.hpp"
#include "vlpt/kernels/packed/avx512_bf16.hpp"
#include "vlpt/kernels/packed/avx512_vnni.hpp"

// The kernels of PackedCpu, compiled here: in one source of a program that does not link
// vlpt::packed, which is this header compiled.

namespace vlpt {

packed::Table const* packed::table_for([[maybe_unused]] Isa isa) {
#if defined(__x86_64__)
  if (isa >= Isa::avx512) return &avx512::table;
  if (isa == Isa::avx2) return &avx2::table;
#endif
  return nullptr;
}

packed::PairTable const* packed::pair_table_for([[maybe_unused]] Isa isa) {
#if defined(__x86_64__)
  if (isa >= Isa::avx512_bf16) return &avx512_bf16::pair_table;
  if (isa >= Isa::avx512) return &avx512::pair_table;
  if (isa == Isa::avx2) return &avx2::pair_table;
#endif
  return nullptr;
}

packed::QuadTable const* packed::quad_table_for([[maybe_unused]] Isa isa) {
#if defined(__x86_64__)
  if (isa >= Isa::avx512_vnni) return &avx512_vnni::quad_table;
#endif
  return nullptr;
}

template class DryRun<PackedCpu<float>>;
template void DryRun<PackedCpu<float>>::activate<GeluFormula>(View<float const>, View<float>) const;
template void DryRun<PackedCpu<float>>::activate_reverse<GeluFormula>(View<float const>,
                                                                      View<float const>,
                                                                      View<float>) const;
template void DryRun<PackedCpu<float>>::linear_activate<GeluFormula>(View<float const>,
                                                                     View<float const>,
                                                                     View<float const>, View<float>,
                                                                     View<float>) const;
template void DryRun<PackedCpu<float>>::activate<QuickGeluFormula>(View<float const>,
                                                                   View<float>) const;
template void DryRun<PackedCpu<float>>::activate_reverse<QuickGeluFormula>(View<float const>,
                                                                           View<float const>,
                                                                           View<float>) const;
template void DryRun<PackedCpu<float>>::linear_activate<QuickGeluFormula>(
    View<float const>, View<float const>, View<float const>, View<float>, View<float>) const;

template class DryRun<PackedCpu<bf16>>;
template void DryRun<PackedCpu<bf16>>::activate<GeluFormula>(View<float const>, View<float>) const;
template void DryRun<PackedCpu<bf16>>::activate_reverse<GeluFormula>(View<float const>,
                                                                     View<float const>,
                                                                     View<float>) const;
template void DryRun<PackedCpu<bf16>>::linear_activate<GeluFormula>(View<float const>,
                                                                    View<float const>,
                                                                    View<float const>, View<float>,
                                                                    View<float>) const;
template void DryRun<PackedCpu<bf16>>::activate<QuickGeluFormula>(View<float const>,
                                                                  View<float>) const;
template void DryRun<PackedCpu<bf16>>::activate_reverse<QuickGeluFormula>(View<float const>,
                                                                          View<float const>,
                                                                          View<float>) const;
template void DryRun<PackedCpu<bf16>>::linear_activate<QuickGeluFormula>(
    View<float const>, View<float const>, View<float const>, View<float>, View<float>) const;

template class DryRun<PackedCpu<std::int8_t>>;
template void DryRun<PackedCpu<std::int8_t>>::activate<GeluFormula>(View<float const>,
                                                                    View<float>) const;
template void DryRun<PackedCpu<std::int8_t>>::activate_reverse<GeluFormula>(View<float const>,
                                                                            View<float const>,
                                                                            View<float>) const;
template void DryRun<PackedCpu<std::int8_t>>::linear_activate<GeluFormula>(
    View<float const>, View<float const>, View<float const>, View<float>, View<float>) const;
template void DryRun<PackedCpu<std::int8_t>>::activate<QuickGeluFormula>(View<float const>,
                                                                         View<float>) const;
template void DryRun<PackedCpu<std::int8_t>>::activate_reverse<QuickGeluFormula>(View<float const>,
                                                                                 View<float const>,
                                                                                 View<float>) const;
template void DryRun<PackedCpu<std::int8_t>>::linear_activate<QuickGeluFormula>(
    View<float const>, View<float const>, View<float const>, View<float>, View<float>) const;

}  // namespace vlpt
