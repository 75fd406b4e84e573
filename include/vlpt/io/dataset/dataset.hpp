#pragma once
#include <concepts>
#include <string>
#include <vector>

#include "vlpt/core/index.hpp"
#include "vlpt/io/image.hpp"

namespace vlpt::io {

/// Labelled images: label(i) is in [0, class_names().size()), image(i, out) fills an image that the
/// caller keeps, so that reading many needs no new memory.
template <class D>
concept Dataset = requires(D const& d, Index i, Image& out) {
  { d.size() } -> std::same_as<Index>;
  { d.label(i) } -> std::same_as<Index>;
  { d.class_names() } -> std::convertible_to<std::vector<std::string> const&>;
  { d.image(i, out) } -> std::same_as<void>;
};

}  // namespace vlpt::io
