#include "archs.hpp"

#include "../names.hpp"

namespace vlpt::cli {
namespace {

template <class A>
KnownArch vision(std::string meaning) {
  return {std::string(A::name), std::move(meaning), facts_of<A>()};
}
template <class A>
KnownArch dual(std::string meaning) {
  return {std::string(A::name), std::move(meaning), DualFacts{facts_of<A>(), text_facts_of<A>()}};
}
template <class A>
KnownArch two_stream(std::string meaning) {
  return {std::string(A::name), std::move(meaning), two_stream_facts<A>()};
}

/// Takes rows of texts from `least` to `most`; `why` says what bounds them.
Index text_rows(std::string const& name, Index rows, Index least, Index most, char const* why) {
  VLPT_CHECK(rows >= least && rows <= most, "--text takes ", least, " to ", most, " rows with ",
             name, ", ", why, "; got ", rows);
  return rows;
}

struct ReadRows {
  std::string const& name;
  std::optional<Index> text, image;

  Tokens operator()(VisionFacts& f) const {
    VLPT_CHECK(!text, "--text has no effect with ", name, ", which reads images alone");
    f = f.with_tokens(image.value_or(0));
    return {1, 0, f.tokens()};
  }
  Tokens operator()(DualFacts& f) const {
    f.image = f.image.with_tokens(image.value_or(0));
    if (text)
      f.text.tokens = text_rows(name, *text, 3, f.text.tokens,
                                "from start, name and end to the positions of its text tower");
    return {1, f.text.tokens, f.image.tokens()};
  }
  Tokens operator()(SingleStreamFacts& f) const {
    // APT's figures count a row more than there are positions of words.
    if (text)
      (void)text_rows(name, *text, 1, f.words + 1, "its positions of words and one row in front");
    return f.largest({1, text.value_or(0), image.value_or(0)});
  }
  Tokens operator()(TwoStreamFacts& f) const {
    constexpr Index unused = 2;  // RoBERTa counts positions from 2
    f.image = f.image.with_tokens(image.value_or(0));
    if (text)
      f.text.words = text_rows(name, *text, 2, f.text.positions - unused,
                               "which has so many positions of words");
    return {1, f.text.words, f.image.tokens()};
  }
};

struct Sizes {
  ArchSizes operator()(VisionFacts const& f) const {
    return {text(f.dim), text(f.depth), text(f.heads), {}};
  }
  ArchSizes operator()(DualFacts const& f) const {
    return {text(f.image.dim, " + ", f.text.dim),
            text(f.image.depth, " + ", f.text.depth),
            text(f.image.heads, " + ", f.text.heads),
            {}};
  }
  ArchSizes operator()(SingleStreamFacts const& f) const { return (*this)(f.vision); }
  ArchSizes operator()(TwoStreamFacts const& f) const {
    return {text(f.dim), text(f.depth, " + ", f.depth), text(f.heads), {}};
  }
};

}  // namespace

std::vector<KnownArch> const& archs() {
  static std::vector<KnownArch> const known{
      vision<arch::ViT_S16>("ViT-S/16, 224 pixels, the small ViT of MoCo v3"),
      vision<arch::ViT_B16>("ViT-B/16, 224 pixels"),
      vision<arch::ViT_L16>("ViT-L/16, 224 pixels"),
      dual<arch::ClipB32>("CLIP B/32, image and text tower"),
      dual<arch::ClipB16>("CLIP B/16, image and text tower"),
      dual<arch::ClipL14>("CLIP L/14, image and text tower"),
      {std::string(arch::ViLT_B32::name), "ViLT-B/32, shorter side 384, 200 patches chosen",
       single_stream_facts<arch::ViLT_B32>()},
      two_stream<arch::METER_B16_288>("METER, CLIP B/16 and RoBERTa, 288 pixels"),
      two_stream<arch::METER_B16_384>("METER, CLIP B/16 and RoBERTa, 384 pixels"),
      vision<arch::TinyViTMae>("examples/models/tiny-vit-mae, 28 pixels")};
  return known;
}

std::vector<std::string> arch_names() {
  std::vector<std::string> names;
  for (KnownArch const& a : archs()) names.push_back(a.name);
  return names;
}

KnownArch const& arch_named(std::string const& name) {
  require_known("arch", name, arch_names());
  for (KnownArch const& a : archs())
    if (a.name == name) return a;
  return archs().front();
}

ArchSizes sizes_of(ArchFacts const& facts) {
  ArchSizes sizes = std::visit(Sizes{}, facts);
  ArchFacts copy = facts;
  sizes.rows = read_rows(copy, "", {}, {});
  return sizes;
}

Index layers_of(ArchFacts const& facts) {
  if (auto const* const f = std::get_if<VisionFacts>(&facts)) return f->depth;
  if (auto const* const f = std::get_if<DualFacts>(&facts)) return f->image.depth + f->text.depth;
  if (auto const* const f = std::get_if<SingleStreamFacts>(&facts)) return f->vision.depth;
  return 2 * std::get<TwoStreamFacts>(facts).depth;
}

Index shortcut_of(ArchFacts const& facts) {
  return std::holds_alternative<TwoStreamFacts>(facts) ? 288 : 192;
}

Tokens read_rows(ArchFacts& facts, std::string const& name, std::optional<Index> text,
                 std::optional<Index> image) {
  return std::visit(ReadRows{name, text, image}, facts);
}

}  // namespace vlpt::cli
