// vlpt::packed: the kernels of PackedCpu, compiled once.
#include "vlpt/kernels/packed/instances.hpp"
