#pragma once
#include <boost/mpl/list.hpp>

#include "kernels/emulated_cuda.hpp"
#include "vlpt/kernels/packed.hpp"

namespace vlpt::test {

/// The packed kernels of one instruction set, or of the best one below it that this machine has.
template <Isa Wanted, class Weight = float>
struct PackedOn : PackedCpu<Weight> {
  PackedOn() : PackedCpu<Weight>(0, std::min(Wanted, best_isa())) {}
};

/// Every backend and scalar that a test of a primitive runs on. Reference<double> is the truth.
using Backends = boost::mpl::list<
    Reference<float>, Reference<double>, Cpu<float>, Cpu<double>, PackedOn<Isa::avx2>,
    PackedOn<Isa::avx512>, EmulatedIn<float, cuda::Order::backward>,
    EmulatedIn<double, cuda::Order::shuffled>, EmulatedIn<bf16, cuda::Order::forward>>;
using Truth = Reference<double>;

}  // namespace vlpt::test
