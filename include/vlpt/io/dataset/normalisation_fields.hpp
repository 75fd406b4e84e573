#pragma once
#include <cmath>
#include <string>

#include "vlpt/core/index.hpp"
#include "vlpt/io/dataset/preprocess.hpp"
#include "vlpt/io/field_reader.hpp"

namespace vlpt::io {

/// Reads mean and std under the names that a family gives them; the number of channels is the
/// number of means. CheckpointError names the one that is missing or odd.
inline void read_normalisation(FieldReader const& field, char const* mean, char const* std,
                               Preprocess& p) {
  field.numbers(mean, p.mean);
  field.numbers(std, p.std);
  p.channels = static_cast<Index>(p.mean.size());
  if (p.channels != 1 && p.channels != 3) field.fail(mean, "a list of 1 or 3 numbers");
  if (p.std.size() != p.mean.size()) field.fail(std, text("as long as ", mean));
  for (double m : p.mean)
    if (!(std::abs(m) <= 10)) field.fail(mean, "a list of numbers from -10 to 10");
  for (double s : p.std)
    if (!(s >= 1e-3 && s <= 100)) field.fail(std, "a list of numbers from 0.001 to 100");
}

/// Reads the name of a filter, "bilinear" or "bicubic".
inline void read_filter(FieldReader const& field, char const* name, Filter& filter) {
  std::string word;
  field.word(name, word);
  if (word != "bilinear" && word != "bicubic") field.fail(name, "\"bilinear\" or \"bicubic\"");
  filter = word == "bilinear" ? Filter::bilinear : Filter::bicubic;
}

}  // namespace vlpt::io
