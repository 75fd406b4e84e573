// The kernels of Cpu, once for all tests of a program.
#include "vlpt/kernels/cpu/instances.hpp"
