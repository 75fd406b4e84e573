// The main of a fuzzer: hands each input of libFuzzer to the one target that it is linked with.
#include <cstddef>
#include <cstdint>

#include "target.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  auto const* const text = static_cast<char const*>(static_cast<void const*>(data));
  (*vlpt::fuzz::Target::all().front())({text, size});
  return 0;
}
