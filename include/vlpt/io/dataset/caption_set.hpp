#pragma once
#include <concepts>
#include <string>

#include "vlpt/core/index.hpp"
#include "vlpt/io/image.hpp"

namespace vlpt::io {

/// Pairs of a picture and a caption. A picture may have several captions, each a pair of its own:
/// picture_of(i), in [0, pictures()), is the same for them. image(i, out) fills an image that the
/// caller keeps.
template <class D>
concept CaptionSet = requires(D const& d, Index i, Image& out) {
  { d.size() } -> std::same_as<Index>;
  { d.image(i, out) } -> std::same_as<void>;
  { d.caption(i) } -> std::convertible_to<std::string const&>;
  { d.pictures() } -> std::same_as<Index>;
  { d.picture_of(i) } -> std::same_as<Index>;
};

}  // namespace vlpt::io
