#include "vlpt/io/packed_file.hpp"

#include "target.hpp"

namespace {

void read(std::string_view content) {
  auto const file = vlpt::io::PackedFile::open(vlpt::fuzz::file_of(content, "packed"));
  unsigned sum = 0;
  for (auto const& r : file.records())  // what it says lies in the file
    for (std::byte const b : r.bytes) sum += std::to_integer<unsigned>(b);
  [[maybe_unused]] static unsigned volatile sink;
  sink = sum;
}

vlpt::fuzz::Target const target{"packed_file", read};

}  // namespace
