// The kernels of Cpu, once for all cases.
#include "vlpt/kernels/cpu/instances.hpp"
