#pragma once
#include "vlpt/kernels/cpu.hpp"
#include "vlpt/kernels/dry_run.hpp"

// The kernels of Cpu, compiled here: in one source of a program whose others include
// kernels/cpu/extern.hpp.

namespace vlpt {

template class DryRun<Cpu<float>>;
template class DryRun<Cpu<double>>;

template void DryRun<Cpu<float>>::activate<GeluFormula>(View<float const>, View<float>) const;
template void DryRun<Cpu<float>>::activate_reverse<GeluFormula>(View<float const>,
                                                                View<float const>,
                                                                View<float>) const;
template void DryRun<Cpu<float>>::linear_activate<GeluFormula>(View<float const>, View<float const>,
                                                               View<float const>, View<float>,
                                                               View<float>) const;

template void DryRun<Cpu<double>>::activate<GeluFormula>(View<double const>, View<double>) const;
template void DryRun<Cpu<double>>::activate_reverse<GeluFormula>(View<double const>,
                                                                 View<double const>,
                                                                 View<double>) const;
template void DryRun<Cpu<double>>::linear_activate<GeluFormula>(View<double const>,
                                                                View<double const>,
                                                                View<double const>, View<double>,
                                                                View<double>) const;

template void DryRun<Cpu<float>>::activate<QuickGeluFormula>(View<float const>, View<float>) const;
template void DryRun<Cpu<float>>::activate_reverse<QuickGeluFormula>(View<float const>,
                                                                     View<float const>,
                                                                     View<float>) const;
template void DryRun<Cpu<float>>::linear_activate<QuickGeluFormula>(View<float const>,
                                                                    View<float const>,
                                                                    View<float const>, View<float>,
                                                                    View<float>) const;

template void DryRun<Cpu<double>>::activate<QuickGeluFormula>(View<double const>,
                                                              View<double>) const;
template void DryRun<Cpu<double>>::activate_reverse<QuickGeluFormula>(View<double const>,
                                                                      View<double const>,
                                                                      View<double>) const;
template void DryRun<Cpu<double>>::linear_activate<QuickGeluFormula>(
    View<double const>, View<double const>, View<double const>, View<double>, View<double>) const;

}  // namespace vlpt
