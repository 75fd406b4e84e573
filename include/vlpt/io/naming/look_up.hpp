#pragma once
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vlpt/io/checkpoint.hpp"
#include "vlpt/io/naming/naming.hpp"

namespace vlpt::io {

/// Where a checkpoint has a tensor, under whichever spelling of a family's name for it.
[[nodiscard]] inline TensorRecord const* find_canonical(Checkpoint const& checkpoint,
                                                        Naming const& naming,
                                                        std::string_view canonical) {
  auto const source = naming.source(canonical);
  if (!source) return nullptr;
  for (std::string const& spelling : naming.spellings(source->names.front()))
    if (auto const* const record = checkpoint.find(spelling).record) return record;
  return nullptr;
}

/// One extent of a tensor that a file must have; a CheckpointError names one that it lacks. A
/// tensor of no values is no model's: its other extents could be anything.
[[nodiscard]] inline Index extent_of(Checkpoint const& checkpoint, Naming const& naming,
                                     std::string_view canonical, int axis) {
  auto const* const record = find_canonical(checkpoint, naming, canonical);
  if (record != nullptr && record->shape.rank > axis && record->shape.size() > 0)
    return record->shape[axis];
  auto const source = naming.source(canonical);
  std::string const name = source ? source->names.front() : std::string(canonical);
  throw CheckpointError(record == nullptr
                            ? text(checkpoint.path().string(), ": tensor ", name, " is missing")
                            : text(checkpoint.path().string(), ": tensor ", name, " has shape ",
                                   record->shape, ", which has no extent ", axis, " or no values"));
}

/// Heads of a transformer of this width: as many as are asked for, or, where no file says, each is
/// 64 wide; a CheckpointError says what to ask for where that does not divide.
[[nodiscard]] inline Index heads_of(Checkpoint const& checkpoint, Index asked, Index width,
                                    char const* option) {
  Index const n = asked > 0 ? asked : width / 64;
  if (n <= 0 || width % n != 0 || (asked == 0 && width % 64 != 0))
    throw CheckpointError(text(checkpoint.path().string(), ": ", n, " heads of a width of ", width,
                               ": shapes do not show how many there are; ", option, " says it"));
  return n;
}

/// How many different layers the names of a file speak of, in the part ("text.") that is asked for.
[[nodiscard]] inline Index layers_in(Checkpoint const& checkpoint, Naming const& naming,
                                     std::string const& part = "") {
  std::set<std::string, std::less<>> found;
  for (Rule const& rule : naming.rules) {
    if (!rule.canonical.starts_with(part + "layers.*.")) continue;
    for (std::string const& pattern : naming.spellings(rule.names.front()))
      for (auto const& [name, where] : checkpoint.entries())
        if (auto const stars = match_name(pattern, name)) found.emplace(stars->front());
  }
  return static_cast<Index>(found.size());
}

/// The first of some tables whose class row the file has; the first table where none is.
[[nodiscard]] inline Naming naming_of(Checkpoint const& checkpoint, std::vector<Naming> known,
                                      std::string const& class_row) {
  for (Naming& n : known)
    if (find_canonical(checkpoint, n, class_row) != nullptr) return std::move(n);
  return std::move(known.front());
}

}  // namespace vlpt::io
