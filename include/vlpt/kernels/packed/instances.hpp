#pragma once
#include "vlpt/kernels/dry_run.hpp"
#include "vlpt/kernels/packed.hpp"

// The kernels of PackedCpu, compiled here: in one source of a program whose others include
// kernels/packed/extern.hpp.

namespace vlpt {

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

}  // namespace vlpt
