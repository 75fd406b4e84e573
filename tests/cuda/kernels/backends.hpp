#pragma once
#include <boost/mpl/list.hpp>

#include "cuda/mirrored_backend.hpp"
#include "vlpt/kernels/cuda.hpp"
#include "vlpt/kernels/packed.hpp"

// In place of tests/kernels/backends.hpp: the tests of primitives, on a device.

namespace vlpt::test {

using Backends =
    boost::mpl::list<Mirrored<Cuda<float>>, Mirrored<Cuda<double>>, Mirrored<Cuda<bf16>>>;
using Truth = Reference<double>;

}  // namespace vlpt::test
