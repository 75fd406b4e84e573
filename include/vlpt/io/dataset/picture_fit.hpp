#pragma once
#include <algorithm>
#include <utility>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/io/image.hpp"
#include "vlpt/io/resize.hpp"

namespace vlpt::io {

/// How a picture of any size becomes one that a model takes: it is scaled, then its centre is cut
/// out. Sizes and offsets are, to the pixel, those of the code that each family is published with.
struct PictureFit {
  enum class Scale {
    stretch,   ///< to a square, whatever the shape was (ViT, MAE)
    shortest,  ///< so that the shorter side fits, the shape kept (CLIP, METER, timm)
    multiple,  ///< so too, the longer at most 1333/800 of it, both cut to a multiple (ViLT)
  };
  /// Where half a pixel goes when the centre is cut out: down (Hugging Face), or to the even number
  /// (torchvision: OpenAI's CLIP, open_clip, timm, METER).
  enum class Half { down, even };

  Scale scale = Scale::stretch;
  Index to = 0;  ///< the side, or the shorter one, that is scaled to; 0: the size of the model
  Half half = Half::down;
  Index multiple = 32;

  [[nodiscard]] bool operator==(PictureFit const&) const = default;
  [[nodiscard]] bool own_size() const { return scale == Scale::multiple; }

  /// The longer side of the largest picture that Scale::multiple makes: 608 for a size of 384.
  [[nodiscard]] Index longest(Index size) const {
    return static_cast<Index>(1333.0 / 800.0 * static_cast<double>(to > 0 ? to : size)) / multiple *
           multiple;
  }
  /// Width and height after scaling, for a model of that size.
  [[nodiscard]] std::pair<Index, Index> scaled(Index width, Index height, Index size) const {
    Index const side = to > 0 ? to : size, low = std::min(width, height);
    if (scale == Scale::stretch) return {side, side};
    if (scale == Scale::shortest)
      return width <= height ? std::pair{side, side * height / low}
                             : std::pair{side * width / low, side};
    auto const most =
        static_cast<double>(static_cast<Index>(1333.0 / 800.0 * static_cast<double>(side)));
    double const by = static_cast<double>(side) / static_cast<double>(low);
    double w = by * static_cast<double>(width), h = by * static_cast<double>(height);
    (height < width ? h : w) = static_cast<double>(side);
    if (double const longer = std::max(w, h); longer > most)
      w = most / longer * w, h = most / longer * h;
    auto const cut = [this](double x) { return static_cast<Index>(x + 0.5) / multiple * multiple; };
    return {cut(w), cut(h)};
  }

  /// The picture scaled and cut to size x size, or, with Scale::multiple, to a size of its own.
  /// Where it is smaller than what is cut out, black is added around it. InputError for one so long
  /// and thin that nothing of it would be left.
  [[nodiscard]] Image apply(Image const& in, Index size, Filter filter) const {
    VLPT_CHECK(in.width > 0 && in.height > 0, "an image of ", in.width, " x ", in.height,
               " has no pixels");
    auto const [width, height] = scaled(in.width, in.height, size);
    VLPT_CHECK(width > 0 && height > 0, "an image of ", in.width, " x ", in.height,
               " is too long and thin for this model");
    if (own_size()) return resize(in, width, height, filter);
    Index const left = margin(width, size), top = margin(height, size);
    Box const kept{std::max<Index>(left, 0), std::max<Index>(top, 0), std::min(width, size),
                   std::min(height, size)};
    Image part = resize(in, width, height, filter, kept);
    if (part.width == size && part.height == size) return part;
    Image out;
    out.resize(size, size, in.channels);
    std::ranges::fill(out.pixels, std::uint8_t{0});
    Index const x = std::max<Index>(-left, 0), y = std::max<Index>(-top, 0);
    for (Index i = 0; i < part.height; ++i)
      std::copy_n(part.row(i), part.width * in.channels, out.row(y + i) + x * in.channels);
    return out;
  }

 private:
  /// Pixels before the `kept` ones in the middle of `all`; negative: pixels to add before them.
  [[nodiscard]] Index margin(Index all, Index kept) const {
    Index const rest = all - kept;
    if (half == Half::down) return rest >= 0 ? rest / 2 : -((1 - rest) / 2);
    if (rest < 0) return -(-rest / 2);
    return rest / 2 + (rest % 4 == 3 ? 1 : 0);
  }
};

}  // namespace vlpt::io
