#pragma once
#include <string>
#include <vector>

#include "vlpt/core/shape.hpp"

namespace vlpt::io {

/// One tensor that a model asks for: its canonical name (naming/naming.hpp) and its shape.
struct ManifestEntry {
  std::string name;
  Shape shape;
};

using Manifest = std::vector<ManifestEntry>;

}  // namespace vlpt::io
