// A number that goes to a device and back, where there is one; elsewhere it has to link.
#include <cstdlib>
#include <iostream>
#include <vlpt/kernels/cuda.hpp>

float doubled_on_a_device(float value) {
  vlpt::Cuda<float> const backend;
  vlpt::DeviceMemory const memory(sizeof(float));
  backend.bring(std::as_bytes(std::span(&value, 1)), memory.data());
  backend.scale(2, vlpt::Stream<float>(reinterpret_cast<float*>(memory.data()), 1, 1, 1));
  backend.fetch(memory.data(), std::as_writable_bytes(std::span(&value, 1)));
  return value;
}

[[maybe_unused]] static bool const works = [] {
  if (vlpt::cuda::devices() == 0)
    std::cout << "no CUDA device: vlpt::cuda was linked, not run\n";
  else if (doubled_on_a_device(21) != 42)
    std::abort();
  return true;
}();
