// The kernels of Cpu, once for all commands and policies.
#include "vlpt/kernels/cpu/instances.hpp"
