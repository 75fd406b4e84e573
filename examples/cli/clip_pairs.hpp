#pragma once
#include <functional>
#include <string>
#include <vector>

#include "clip_tasks.hpp"
#include "vlpt/train/contrastive_pretraining.hpp"

namespace vlpt::cli {

/// What tiny-clip learns from: three in four pictures are emoji, the others garments as they are
/// or painted in a colour; each with a caption that no other picture of its batch has.
class ClipPairs {
 public:
  using Encode = std::function<std::vector<Index>(std::string const&)>;

  /// `side`: of the pictures that are drawn.
  ClipPairs(ClipSources sources, Encode encode, Index side);
  void draw(Random random, std::span<CaptionedImage> pairs) const;
  /// Emoji that are learnt from.
  [[nodiscard]] Index emoji() const { return static_cast<Index>(emoji_.size()); }

  /// The name of an emoji as captions have it.
  [[nodiscard]] static std::string plain_name(std::string name);

 private:
  struct Emoji {
    std::string name, kind;
    bool mirrors = true;  // whether the mirror image has the same name
    io::Image picture;
  };
  void draw_emoji(Emoji const& emoji, Random random, CaptionedImage& out) const;
  void draw_garment(std::size_t garment, Colour const* colour, Random random,
                    CaptionedImage& out) const;

  ClipSources sources_;
  Encode encode_;
  Index side_;
  std::vector<Emoji> emoji_;
  std::vector<std::vector<Index>> garments_;  // the pictures of each seen class
};

static_assert(PairSource<ClipPairs>);

}  // namespace vlpt::cli
