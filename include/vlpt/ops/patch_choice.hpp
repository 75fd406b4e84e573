#pragma once
#include <algorithm>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/view.hpp"

namespace vlpt {

/// Which patches of a batch of images, padded with zeros to one size, become rows, and where on a
/// square table of positions each stands. A patch is valid if the channels of its top-left pixel do
/// not sum to 0. Every image gives as many rows as the one with most valid patches, at most `most`:
/// its valid patches in raster order (evenly chosen if they are too many), then invalid ones.
template <class T>
struct PatchChoice {
  Index images = 0;
  Index count = 0;                   // rows of each image
  std::vector<Index> patches;        // (images, count): place in the padded image's grid
  std::vector<unsigned char> valid;  // (images, count)
  std::vector<Index> corners;        // (4, images, count): rows of a table [class; grid]
  std::vector<T> weights;            // (4, images, count): the table's grid is stretched over the
                                     // valid rectangle, aligned corners; 0 outside of it

  [[nodiscard]] constexpr Index const* corner(Index k) const {
    return corners.empty() ? nullptr : corners.data() + k * images * count;
  }
  [[nodiscard]] constexpr View<T const> weight(Index k) const {
    return {weights.empty() ? nullptr : weights.data() + k * images * count, images * count, 1};
  }

  /// pixels (images, channels * height, width); `side` rows and columns of the position table.
  void choose(Stream<T const> pixels, Index channels, Index patch, Index side, Index most) {
    Index const height = pixels.tokens / channels, rows = height / patch, cols = pixels.dim / patch;
    images = pixels.batch;
    auto const seen = [&](Index b, Index r, Index c) {
      T sum = T(0);
      for (Index i = 0; i < channels; ++i)
        sum += pixels.sample(b)(i * height + r * patch, c * patch);
      return sum != T(0);
    };
    count = 0;
    for (Index b = 0; b < images; ++b) {
      Index n = 0;
      for (Index i = 0; i < rows * cols; ++i) n += seen(b, i / cols, i % cols) ? 1 : 0;
      VLPT_CHECK(n > 0, "image ", b, " of the batch is empty: every patch of it is zero");
      count = std::max(count, std::min(n, most));
    }
    auto const all = static_cast<std::size_t>(images * count);
    patches.resize(all), valid.resize(all), corners.resize(4 * all), weights.resize(4 * all);
    for (Index b = 0; b < images; ++b) {
      Index high = 0, wide = 0;  // of the valid rectangle, as its first column and row show
      for (Index r = 0; r < rows; ++r) high += seen(b, r, 0) ? 1 : 0;
      for (Index c = 0; c < cols; ++c) wide += seen(b, 0, c) ? 1 : 0;
      kept_.clear(), padding_.clear();
      for (Index i = 0; i < rows * cols; ++i)
        (seen(b, i / cols, i % cols) ? kept_ : padding_).push_back(i);
      auto const n = static_cast<Index>(kept_.size());
      for (Index i = 0; i < count; ++i) {
        bool const real = i < n;
        Index const from = n > count ? i * n / count : i;  // evenly, if there is not room for all
        Index const place = real ? kept_[static_cast<std::size_t>(from)]
                                 : padding_[static_cast<std::size_t>(i - n)];
        auto const at = static_cast<std::size_t>(b * count + i);
        patches[at] = place, valid[at] = real ? 1 : 0;
        stand(at, all, place / cols, place % cols, high, wide, side);
      }
    }
  }

 private:
  /// The four rows of the table between which row r, column c of a high x wide grid stands.
  void stand(std::size_t at, std::size_t all, Index r, Index c, Index high, Index wide,
             Index side) {
    bool const inside = r < high && c < wide;
    double const y = stretched(r, high, side), x = stretched(c, wide, side);
    auto const top = static_cast<Index>(y), left = static_cast<Index>(x);
    double const down = y - static_cast<double>(top), right = x - static_cast<double>(left);
    for (Index k = 0; k < 4; ++k) {
      auto const to = at + static_cast<std::size_t>(k) * all;
      bool const low = k >= 2, far = k % 2 == 1;
      Index const row = std::min(low ? top + 1 : top, side - 1);
      Index const col = std::min(far ? left + 1 : left, side - 1);
      corners[to] = inside ? 1 + row * side + col : 0;
      weights[to] =
          inside ? static_cast<T>((low ? down : 1 - down) * (far ? right : 1 - right)) : T(0);
    }
  }
  static double stretched(Index i, Index n, Index side) {
    if (n <= 1) return 0;
    return static_cast<double>(i) * static_cast<double>(side - 1) / static_cast<double>(n - 1);
  }

  std::vector<Index> kept_, padding_;
};

}  // namespace vlpt
