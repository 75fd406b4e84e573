// IDX, plain or gzipped: a data set's images and labels.
#include "target.hpp"
#include "vlpt/io/dataset/idx_gz.hpp"

namespace {

void read(std::string_view content) {
  auto const path = vlpt::fuzz::file_of(content, "x-idx");
  try {
    (void)vlpt::io::read_idx(path, 1);
  } catch (vlpt::InputError const&) {
    (void)vlpt::io::read_idx(path, 3);
  }
}

vlpt::fuzz::Target const target{"idx", read};

}  // namespace
