#pragma once
#include "vlpt/kernels/cpu.hpp"
#include "vlpt/kernels/dry_run.hpp"

// For programs of many sources: whoever includes this header does not compile the kernels of Cpu;
// one source of the program includes kernels/cpu/instances.hpp and does. Nothing else changes.

namespace vlpt {

extern template class DryRun<Cpu<float>>;
extern template class DryRun<Cpu<double>>;

extern template void DryRun<Cpu<float>>::activate<GeluFormula>(View<float const>,
                                                               View<float>) const;
extern template void DryRun<Cpu<float>>::activate_reverse<GeluFormula>(View<float const>,
                                                                       View<float const>,
                                                                       View<float>) const;
extern template void DryRun<Cpu<float>>::linear_activate<GeluFormula>(
    View<float const>, View<float const>, View<float const>, View<float>, View<float>) const;

extern template void DryRun<Cpu<double>>::activate<GeluFormula>(View<double const>,
                                                                View<double>) const;
extern template void DryRun<Cpu<double>>::activate_reverse<GeluFormula>(View<double const>,
                                                                        View<double const>,
                                                                        View<double>) const;
extern template void DryRun<Cpu<double>>::linear_activate<GeluFormula>(
    View<double const>, View<double const>, View<double const>, View<double>, View<double>) const;

extern template void DryRun<Cpu<float>>::activate<QuickGeluFormula>(View<float const>,
                                                                    View<float>) const;
extern template void DryRun<Cpu<float>>::activate_reverse<QuickGeluFormula>(View<float const>,
                                                                            View<float const>,
                                                                            View<float>) const;
extern template void DryRun<Cpu<float>>::linear_activate<QuickGeluFormula>(
    View<float const>, View<float const>, View<float const>, View<float>, View<float>) const;

extern template void DryRun<Cpu<double>>::activate<QuickGeluFormula>(View<double const>,
                                                                     View<double>) const;
extern template void DryRun<Cpu<double>>::activate_reverse<QuickGeluFormula>(View<double const>,
                                                                             View<double const>,
                                                                             View<double>) const;
extern template void DryRun<Cpu<double>>::linear_activate<QuickGeluFormula>(
    View<double const>, View<double const>, View<double const>, View<double>, View<double>) const;

}  // namespace vlpt
