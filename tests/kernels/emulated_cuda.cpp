// The kernels of the emulated device, compiled once for all that include emulated_cuda.hpp.
#include "vlpt/kernels/cuda/host_machine.hpp"

namespace vlpt {

template class cuda::ElementPrimitives<float, cuda::HostMachine<float>>;
template class cuda::RowPrimitives<float, cuda::HostMachine<float>>;
template class cuda::LossPrimitives<float, cuda::HostMachine<float>>;
template class cuda::AttentionPrimitives<float, cuda::HostMachine<float>>;
template class cuda::ElementPrimitives<double, cuda::HostMachine<double>>;
template class cuda::RowPrimitives<double, cuda::HostMachine<double>>;
template class cuda::LossPrimitives<double, cuda::HostMachine<double>>;
template class cuda::AttentionPrimitives<double, cuda::HostMachine<double>>;
template class cuda::ElementPrimitives<bf16, cuda::HostMachine<bf16>>;
template class cuda::RowPrimitives<bf16, cuda::HostMachine<bf16>>;
template class cuda::LossPrimitives<bf16, cuda::HostMachine<bf16>>;
template class cuda::AttentionPrimitives<bf16, cuda::HostMachine<bf16>>;

}  // namespace vlpt
