// Without a device there is nothing to test: the program says so and ends before its main.
#include <cstdlib>
#include <iostream>

#include "vlpt/kernels/cuda.hpp"

[[maybe_unused]] static bool const found = [] {
  constexpr int skipped = 77;
  if (vlpt::cuda::devices() == 0) {
    std::cout << "skipped: there is no CUDA device, or no driver for it" << std::endl;
    std::exit(skipped);
  }
  return true;
}();
