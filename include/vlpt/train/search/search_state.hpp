#pragma once
#include <cmath>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "vlpt/io/safetensors.hpp"
#include "vlpt/io/safetensors_writer.hpp"

namespace vlpt {

/// Where a search stands: all that it remembers. Everything random in it is a function of its seed
/// and `numbers`, so a search that is put back goes on with the very same bits.
struct SearchState {
  std::vector<double> preferences{};  // of each module to be skipped
  Index epoch = 0;                    // the one that is running
  Index steps = 0;                    // of training since the last update
  Index numbers = 0;                  // random numbers used
  bool operator==(SearchState const&) const = default;
};

/// The state as tensors, to be saved with a run.
[[nodiscard]] inline std::vector<io::TensorBytes> tensors_of(SearchState const& s) {
  std::vector<std::int64_t> const place{s.epoch, s.steps, s.numbers};
  std::vector<io::TensorBytes> out;
  out.push_back(io::encode<double>("search.preferences",
                                   Shape{static_cast<Index>(s.preferences.size())}, s.preferences,
                                   io::Dtype::F64));
  out.push_back(io::encode<std::int64_t>("search.place", Shape{3}, place, io::Dtype::I64));
  return out;
}

/// The state that a file holds; CheckpointError if it is no state of a search over `modules`.
[[nodiscard]] inline SearchState search_state_of(io::Safetensors const& file, Index modules) {
  auto preferences = file.read<double>("search.preferences");
  auto const place = file.read<std::int64_t>("search.place");
  bool sane = preferences.size() == modules && place.size() == 3;
  for (double g : preferences.values) sane = sane && std::isfinite(g);
  for (std::int64_t x : place.values) sane = sane && x >= 0;
  if (!sane)
    throw CheckpointError(text(file.path().string(), ": search.preferences and search.place are ",
                               "damaged, or of a search over other than ", modules, " modules"));
  return {std::move(preferences.values), place[0], place[1], place[2]};
}

}  // namespace vlpt
