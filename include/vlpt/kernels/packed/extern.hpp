#pragma once
#include "vlpt/kernels/dry_run.hpp"
#include "vlpt/kernels/packed.hpp"

// For programs of many sources: whoever includes this header does not compile the kernels of
// PackedCpu; one source of the program includes kernels/packed/instances.hpp and does.

namespace vlpt {

extern template class DryRun<PackedCpu<float>>;

extern template void DryRun<PackedCpu<float>>::activate<GeluFormula>(View<float const>,
                                                                     View<float>) const;
extern template void DryRun<PackedCpu<float>>::activate_reverse<GeluFormula>(View<float const>,
                                                                             View<float const>,
                                                                             View<float>) const;
extern template void DryRun<PackedCpu<float>>::linear_activate<GeluFormula>(
    View<float const>, View<float const>, View<float const>, View<float>, View<float>) const;

extern template void DryRun<PackedCpu<float>>::activate<QuickGeluFormula>(View<float const>,
                                                                          View<float>) const;
extern template void DryRun<PackedCpu<float>>::activate_reverse<QuickGeluFormula>(
    View<float const>, View<float const>, View<float>) const;
extern template void DryRun<PackedCpu<float>>::linear_activate<QuickGeluFormula>(
    View<float const>, View<float const>, View<float const>, View<float>, View<float>) const;

}  // namespace vlpt
