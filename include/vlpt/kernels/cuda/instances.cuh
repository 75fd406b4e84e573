#pragma once
#include "vlpt/kernels/activation.hpp"
#include "vlpt/kernels/cuda/definitions.cuh"
#include "vlpt/kernels/update.hpp"

// Cuda<float> and Cuda<double>, compiled here: in one source of a program that nvcc compiles, which
// does not link vlpt::cuda, or as that library.

namespace vlpt {

template class Cuda<float>;
template void Cuda<float>::activate<GeluFormula>(View<float const>, View<float>) const;
template void Cuda<float>::activate_reverse<GeluFormula>(View<float const>, View<float const>,
                                                         View<float>) const;
template void Cuda<float>::linear_activate<GeluFormula>(View<float const>, View<float const>,
                                                        View<float const>, View<float>,
                                                        View<float>) const;
template void Cuda<float>::activate<QuickGeluFormula>(View<float const>, View<float>) const;
template void Cuda<float>::activate_reverse<QuickGeluFormula>(View<float const>, View<float const>,
                                                              View<float>) const;
template void Cuda<float>::linear_activate<QuickGeluFormula>(View<float const>, View<float const>,
                                                             View<float const>, View<float>,
                                                             View<float>) const;
template void Cuda<float>::activate<ReluFormula>(View<float const>, View<float>) const;
template void Cuda<float>::activate_reverse<ReluFormula>(View<float const>, View<float const>,
                                                         View<float>) const;
template void Cuda<float>::linear_activate<ReluFormula>(View<float const>, View<float const>,
                                                        View<float const>, View<float>,
                                                        View<float>) const;
template void Cuda<float>::activate<TanhFormula>(View<float const>, View<float>) const;
template void Cuda<float>::activate_reverse<TanhFormula>(View<float const>, View<float const>,
                                                         View<float>) const;
template void Cuda<float>::linear_activate<TanhFormula>(View<float const>, View<float const>,
                                                        View<float const>, View<float>,
                                                        View<float>) const;
template void Cuda<float>::activate<SigmoidFormula>(View<float const>, View<float>) const;
template void Cuda<float>::activate_reverse<SigmoidFormula>(View<float const>, View<float const>,
                                                            View<float>) const;
template void Cuda<float>::linear_activate<SigmoidFormula>(View<float const>, View<float const>,
                                                           View<float const>, View<float>,
                                                           View<float>) const;
template void Cuda<float>::activate<ExpFormula>(View<float const>, View<float>) const;
template void Cuda<float>::activate_reverse<ExpFormula>(View<float const>, View<float const>,
                                                        View<float>) const;
template void Cuda<float>::linear_activate<ExpFormula>(View<float const>, View<float const>,
                                                       View<float const>, View<float>,
                                                       View<float>) const;
template void Cuda<float>::activate<TemperatureFormula>(View<float const>, View<float>) const;
template void Cuda<float>::activate_reverse<TemperatureFormula>(View<float const>,
                                                                View<float const>,
                                                                View<float>) const;
template void Cuda<float>::linear_activate<TemperatureFormula>(View<float const>, View<float const>,
                                                               View<float const>, View<float>,
                                                               View<float>) const;
template void Cuda<float>::update<AdamWLaw<float>>(AdamWLaw<float> const&, View<float>, View<float>,
                                                   View<float const>, View<float>,
                                                   View<float>) const;
template void Cuda<float>::update<SGDLaw<float>>(SGDLaw<float> const&, View<float>, View<float>,
                                                 View<float const>, View<float>, View<float>) const;
template void Cuda<float>::update<ClampLaw<float>>(ClampLaw<float> const&, View<float>, View<float>,
                                                   View<float const>, View<float>,
                                                   View<float>) const;

template class Cuda<double>;
template void Cuda<double>::activate<GeluFormula>(View<double const>, View<double>) const;
template void Cuda<double>::activate_reverse<GeluFormula>(View<double const>, View<double const>,
                                                          View<double>) const;
template void Cuda<double>::linear_activate<GeluFormula>(View<double const>, View<double const>,
                                                         View<double const>, View<double>,
                                                         View<double>) const;
template void Cuda<double>::activate<QuickGeluFormula>(View<double const>, View<double>) const;
template void Cuda<double>::activate_reverse<QuickGeluFormula>(View<double const>,
                                                               View<double const>,
                                                               View<double>) const;
template void Cuda<double>::linear_activate<QuickGeluFormula>(View<double const>,
                                                              View<double const>,
                                                              View<double const>, View<double>,
                                                              View<double>) const;
template void Cuda<double>::activate<ReluFormula>(View<double const>, View<double>) const;
template void Cuda<double>::activate_reverse<ReluFormula>(View<double const>, View<double const>,
                                                          View<double>) const;
template void Cuda<double>::linear_activate<ReluFormula>(View<double const>, View<double const>,
                                                         View<double const>, View<double>,
                                                         View<double>) const;
template void Cuda<double>::activate<TanhFormula>(View<double const>, View<double>) const;
template void Cuda<double>::activate_reverse<TanhFormula>(View<double const>, View<double const>,
                                                          View<double>) const;
template void Cuda<double>::linear_activate<TanhFormula>(View<double const>, View<double const>,
                                                         View<double const>, View<double>,
                                                         View<double>) const;
template void Cuda<double>::activate<SigmoidFormula>(View<double const>, View<double>) const;
template void Cuda<double>::activate_reverse<SigmoidFormula>(View<double const>, View<double const>,
                                                             View<double>) const;
template void Cuda<double>::linear_activate<SigmoidFormula>(View<double const>, View<double const>,
                                                            View<double const>, View<double>,
                                                            View<double>) const;
template void Cuda<double>::activate<ExpFormula>(View<double const>, View<double>) const;
template void Cuda<double>::activate_reverse<ExpFormula>(View<double const>, View<double const>,
                                                         View<double>) const;
template void Cuda<double>::linear_activate<ExpFormula>(View<double const>, View<double const>,
                                                        View<double const>, View<double>,
                                                        View<double>) const;
template void Cuda<double>::activate<TemperatureFormula>(View<double const>, View<double>) const;
template void Cuda<double>::activate_reverse<TemperatureFormula>(View<double const>,
                                                                 View<double const>,
                                                                 View<double>) const;
template void Cuda<double>::linear_activate<TemperatureFormula>(View<double const>,
                                                                View<double const>,
                                                                View<double const>, View<double>,
                                                                View<double>) const;
template void Cuda<double>::update<AdamWLaw<double>>(AdamWLaw<double> const&, View<double>,
                                                     View<double>, View<double const>, View<double>,
                                                     View<double>) const;
template void Cuda<double>::update<SGDLaw<double>>(SGDLaw<double> const&, View<double>,
                                                   View<double>, View<double const>, View<double>,
                                                   View<double>) const;
template void Cuda<double>::update<ClampLaw<double>>(ClampLaw<double> const&, View<double>,
                                                     View<double>, View<double const>, View<double>,
                                                     View<double>) const;

template class Cuda<bf16>;
template void Cuda<bf16>::activate<GeluFormula>(View<bf16 const>, View<bf16>) const;
template void Cuda<bf16>::activate_reverse<GeluFormula>(View<bf16 const>, View<bf16 const>,
                                                        View<bf16>) const;
template void Cuda<bf16>::linear_activate<GeluFormula>(View<bf16 const>, View<bf16 const>,
                                                       View<bf16 const>, View<bf16>,
                                                       View<bf16>) const;
template void Cuda<bf16>::activate<QuickGeluFormula>(View<bf16 const>, View<bf16>) const;
template void Cuda<bf16>::activate_reverse<QuickGeluFormula>(View<bf16 const>, View<bf16 const>,
                                                             View<bf16>) const;
template void Cuda<bf16>::linear_activate<QuickGeluFormula>(View<bf16 const>, View<bf16 const>,
                                                            View<bf16 const>, View<bf16>,
                                                            View<bf16>) const;
template void Cuda<bf16>::activate<ReluFormula>(View<bf16 const>, View<bf16>) const;
template void Cuda<bf16>::activate_reverse<ReluFormula>(View<bf16 const>, View<bf16 const>,
                                                        View<bf16>) const;
template void Cuda<bf16>::linear_activate<ReluFormula>(View<bf16 const>, View<bf16 const>,
                                                       View<bf16 const>, View<bf16>,
                                                       View<bf16>) const;
template void Cuda<bf16>::activate<TanhFormula>(View<bf16 const>, View<bf16>) const;
template void Cuda<bf16>::activate_reverse<TanhFormula>(View<bf16 const>, View<bf16 const>,
                                                        View<bf16>) const;
template void Cuda<bf16>::linear_activate<TanhFormula>(View<bf16 const>, View<bf16 const>,
                                                       View<bf16 const>, View<bf16>,
                                                       View<bf16>) const;
template void Cuda<bf16>::activate<SigmoidFormula>(View<bf16 const>, View<bf16>) const;
template void Cuda<bf16>::activate_reverse<SigmoidFormula>(View<bf16 const>, View<bf16 const>,
                                                           View<bf16>) const;
template void Cuda<bf16>::linear_activate<SigmoidFormula>(View<bf16 const>, View<bf16 const>,
                                                          View<bf16 const>, View<bf16>,
                                                          View<bf16>) const;
template void Cuda<bf16>::activate<ExpFormula>(View<bf16 const>, View<bf16>) const;
template void Cuda<bf16>::activate_reverse<ExpFormula>(View<bf16 const>, View<bf16 const>,
                                                       View<bf16>) const;
template void Cuda<bf16>::linear_activate<ExpFormula>(View<bf16 const>, View<bf16 const>,
                                                      View<bf16 const>, View<bf16>,
                                                      View<bf16>) const;
template void Cuda<bf16>::activate<TemperatureFormula>(View<bf16 const>, View<bf16>) const;
template void Cuda<bf16>::activate_reverse<TemperatureFormula>(View<bf16 const>, View<bf16 const>,
                                                               View<bf16>) const;
template void Cuda<bf16>::linear_activate<TemperatureFormula>(View<bf16 const>, View<bf16 const>,
                                                              View<bf16 const>, View<bf16>,
                                                              View<bf16>) const;
template void Cuda<bf16>::update<AdamWLaw<float>>(AdamWLaw<float> const&, View<bf16>, View<float>,
                                                  View<bf16 const>, View<float>, View<float>) const;
template void Cuda<bf16>::update<SGDLaw<float>>(SGDLaw<float> const&, View<bf16>, View<float>,
                                                View<bf16 const>, View<float>, View<float>) const;
template void Cuda<bf16>::update<ClampLaw<float>>(ClampLaw<float> const&, View<bf16>, View<float>,
                                                  View<bf16 const>, View<float>, View<float>) const;

}  // namespace vlpt
