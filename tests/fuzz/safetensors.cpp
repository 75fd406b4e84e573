#include "vlpt/io/safetensors.hpp"

#include <cstdint>

#include "target.hpp"

namespace {

void read(std::string_view content) {
  auto const file = vlpt::io::Safetensors::open(vlpt::fuzz::file_of(content, "x.safetensors"));
  for (auto const& r : file.records())
    if (vlpt::io::facts(r.dtype).floating)
      (void)file.read<double>(r);
    else
      (void)file.read<std::int64_t>(r);
}

vlpt::fuzz::Target const target{"safetensors", read};

}  // namespace
