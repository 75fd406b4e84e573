// The kernels of Cpu, once for the program.
#include "vlpt/kernels/cpu/instances.hpp"
