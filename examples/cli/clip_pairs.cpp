#include "clip_pairs.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "vlpt/io/dataset/warp.hpp"

namespace vlpt::cli {
namespace {

/// A number between two, by the i-th of the random ones.
double between(Random random, std::uint64_t i, double low, double high) {
  return low + (high - low) * random.uniform(i);
}

/// Brightness and contrast, not hue: captions name colours.
void jitter(io::Image& image, Random random) {
  double const contrast = between(random, 0, 0.75, 1.2), light = between(random, 1, -25, 25);
  for (std::uint8_t& v : image.pixels)
    v = static_cast<std::uint8_t>(std::clamp((v - 128) * contrast + 128 + light, 0.0, 255.0));
}

io::Warp some_warp(Random random, double turn, double scale, double move) {
  double const grown = std::log(scale);
  return {.turn = between(random, 2, -turn, turn),
          .scale = std::exp(between(random, 3, -grown, grown)),
          .right = between(random, 4, -move, move),
          .down = between(random, 5, -move, move)};
}

bool same_in_a_mirror(io::EmojiName const& e) {
  if (e.group == "Symbols" || e.subgroup == "time") return false;
  for (char const* word : {"left", "right", "waxing", "waning", "quarter", "medal"})
    if (e.name.find(word) != std::string::npos) return false;
  return true;
}

/// Every second caption ends with a full stop, as those of CoOp's classes do.
std::string ended(std::string caption, Random random) {
  return random.uniform(10) < 0.5 ? caption + '.' : caption;
}

}  // namespace

std::string ClipPairs::plain_name(std::string name) {
  for (auto const& [quote, plain] : {std::pair{"\u2019", "'"}, {"\u201c", ""}, {"\u201d", ""}})
    for (auto at = name.find(quote); at != std::string::npos; at = name.find(quote))
      name.replace(at, 3, plain);
  return name;
}

ClipPairs::ClipPairs(ClipSources sources, Encode encode, Index side)
    : sources_(std::move(sources)), encode_(std::move(encode)), side_(side) {
  auto const held_out = held_out_emoji(*sources_.emoji);
  io::Image picture;
  for (Index i = 0; i < sources_.emoji->size(); ++i) {
    io::EmojiName const& e = (*sources_.emoji)[i];
    if (held_out_group(e.group) || std::ranges::count(held_out, i) > 0) continue;
    sources_.emoji->image(i, picture);
    emoji_.push_back({plain_name(e.name), kind_of(e.subgroup), same_in_a_mirror(e),
                      io::resize(picture, 2 * side, 2 * side, io::Filter::bilinear)});
  }
  auto const classes = seen_garments();
  garments_.resize(classes.size());
  for (Index i = 0; i < sources_.train->size(); ++i)
    if (auto const at = std::ranges::find(classes, sources_.train->label(i)); at != classes.end())
      garments_[static_cast<std::size_t>(at - classes.begin())].push_back(i);
}

void ClipPairs::draw_emoji(Emoji const& emoji, Random random, CaptionedImage& out) const {
  io::Warp w = some_warp(random, 0.25, 1.25, 0.08);
  w.mirror = emoji.mirrors && random.uniform(6) < 0.5;
  out.image = io::warp(emoji.picture, w, side_);
  jitter(out.image, random);
  constexpr std::array sentences{"an emoji of ", "a picture of ", "a drawing of ", ""};
  std::string caption = sentences[static_cast<std::size_t>(random.below(7, 4))] + emoji.name;
  if (!emoji.kind.empty() && random.uniform(8) < 0.4) caption += ", a kind of " + emoji.kind;
  out.words = encode_(ended(caption, random));
}

void ClipPairs::draw_garment(std::size_t garment, Colour const* colour, Random random,
                             CaptionedImage& out) const {
  auto const& all = garments_[garment];
  io::Image picture;
  sources_.train->image(
      all[static_cast<std::size_t>(random.below(9, static_cast<Index>(all.size())))], picture);
  picture = colour == nullptr ? io::convert(picture, 3) : painted(picture, *colour);
  io::Warp w = some_warp(random, 0.1, 1.1, 0.05);
  w.mirror = random.uniform(6) < 0.5;
  w.background = colour == nullptr ? 0 : 255;
  out.image = io::warp(picture, w, side_);
  jitter(out.image, random);
  constexpr std::array sentences{"a photo of a ", "a picture of a ", "a "};
  std::string caption = sentences[static_cast<std::size_t>(random.below(7, 3))];
  if (colour != nullptr) caption += std::string(colour->name) + ' ';
  caption += garment_names()[static_cast<std::size_t>(seen_garments()[garment])];
  out.words = encode_(ended(caption, random));
}

void ClipPairs::draw(Random random, std::span<CaptionedImage> pairs) const {
  std::size_t const plain = garments_.size(), all = plain * (1 + colours.size());
  std::size_t const garments = std::min(std::max(pairs.size() / 4, plain), all);
  VLPT_CHECK(pairs.size() > garments && pairs.size() - garments <= emoji_.size(), "a batch of ",
             pairs.size(), " pairs is none of ", garments, " garments and at most ", emoji_.size(),
             " different emoji");
  std::size_t const emoji = pairs.size() - garments;
  auto const order = random.fork(1).permutation(static_cast<Index>(emoji_.size()));
  auto const mixed = random.fork(2).permutation(static_cast<Index>(all - plain));
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    Random const own = random.fork(3 + i);
    if (i < emoji) {
      draw_emoji(emoji_[static_cast<std::size_t>(order[i])], own, pairs[i]);
    } else if (i < emoji + plain) {
      draw_garment(i - emoji, nullptr, own, pairs[i]);
    } else {
      auto const at = static_cast<std::size_t>(mixed[i - emoji - plain]);
      draw_garment(at % plain, &colours[at / plain], own, pairs[i]);
    }
  }
}

}  // namespace vlpt::cli
