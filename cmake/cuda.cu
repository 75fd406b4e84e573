// vlpt::cuda: the GPU's kernels, and what asks for them, compiled once.
#include "vlpt/kernels/cuda/instances.cuh"
