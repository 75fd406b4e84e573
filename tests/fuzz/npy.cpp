#include "vlpt/io/npy.hpp"

#include <cstdint>

#include "target.hpp"

namespace {

/// As each element type in turn; the last refusal counts.
void read(std::string_view content) {
  auto const path = vlpt::fuzz::file_of(content, "x.npy");
  auto const is = [&]<class T>(T) {
    try {
      (void)vlpt::io::load_npy<T>(path);
      return true;
    } catch (vlpt::InputError const&) {
      return false;
    }
  };
  if (!is(0.0F) && !is(0.0) && !is(std::int64_t{})) (void)vlpt::io::load_npy<std::uint8_t>(path);
}

vlpt::fuzz::Target const target{"npy", read};

}  // namespace
