// The kernels of emulated/golden/backends.hpp, compiled once.
#include "vlpt/kernels/cuda/host_machine.hpp"

namespace vlpt {

template class cuda::ElementPrimitives<double, cuda::HostMachine<double>>;
template class cuda::RowPrimitives<double, cuda::HostMachine<double>>;
template class cuda::LossPrimitives<double, cuda::HostMachine<double>>;
template class cuda::AttentionPrimitives<double, cuda::HostMachine<double>>;
template class cuda::ElementPrimitives<float, cuda::HostMachine<float>>;
template class cuda::RowPrimitives<float, cuda::HostMachine<float>>;
template class cuda::LossPrimitives<float, cuda::HostMachine<float>>;
template class cuda::AttentionPrimitives<float, cuda::HostMachine<float>>;

}  // namespace vlpt
