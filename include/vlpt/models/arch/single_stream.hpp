#pragma once
#include "vlpt/core/tokens.hpp"
#include "vlpt/models/arch/vision.hpp"

namespace vlpt {

/// What a single-stream model is made of: a Vision Transformer that reads words as well.
struct SingleStreamFacts {
  VisionFacts vision{.place = PromptPlace::end};
  Index canvas = 0;       // pixels a side of the largest padded image
  Index max_patches = 0;  // of an image; of more, as many are chosen evenly
  Index vocabulary = 0;
  Index words = 0;  // of the longest text, padding included
  Index segments = 2;
  Index types = 2;  // rows of the modality table: text, image, and one for each further image
  double text_eps = 1e-12;
  Index law_patch = 16;  // that VPT's law for prompts counts, as APT's code; 0: the model's own

  [[nodiscard]] constexpr Index features() const { return vision.dim; }
  constexpr bool operator==(SingleStreamFacts const&) const = default;
  /// What a policy is told at a layer, of which `running` are not skipped.
  [[nodiscard]] constexpr LayerFacts at(Index layer, Index running) const {
    VisionFacts law = vision;
    if (law_patch > 0) law.patch = law_patch;
    return law.at(layer, running);
  }
  /// The same with a row of the modality table for each of n images.
  [[nodiscard]] constexpr SingleStreamFacts with_images(Index n) const {
    SingleStreamFacts f = *this;
    if (f.types < 1 + n) f.types = 1 + n;
    return f;
  }
  /// Patches of the largest padded image.
  [[nodiscard]] constexpr Index canvas_patches() const {
    Index const side = vision.patch > 0 ? canvas / vision.patch : 0;
    return side * side;
  }
  /// Rows of the largest input, class row counted: `room`, and where it is 0 as many as these facts
  /// allow.
  [[nodiscard]] constexpr Tokens largest(Tokens room) const {
    Index const all = canvas_patches();
    Index const most = max_patches < all ? max_patches : all;
    if (room.image > 1 + all)
      throw InputError(
          text("a canvas of ", canvas, " pixels has ", all, " patches, not ", room.image - 1));
    return {1, room.text > 0 ? room.text : words, room.image > 0 ? room.image : 1 + most};
  }
  /// Throws InputError that names the field in the way.
  constexpr void check() const {
    vision.check();
    if (vision.place != PromptPlace::end)
      throw InputError("prompts stand behind the words and patches of a single stream");
    if (canvas < vision.patch || canvas % vision.patch != 0)
      throw InputError(
          text("a canvas of ", canvas, " pixels is no multiple of patch size ", vision.patch));
    if (vocabulary <= 0 || words <= 0 || segments <= 0 || types < 2 || max_patches <= 0)
      throw InputError(text("vocabulary ", vocabulary, ", words ", words, ", segments ", segments,
                            ", patches ", max_patches,
                            " must all be positive, and modality types (", types, ") at least 2"));
  }
};

}  // namespace vlpt

namespace vlpt::arch {

/// ViLT-B/32 (Kim et al., arXiv 2102.03334): one stream of words and patches, shorter side 384.
struct ViLT_B32 : Vision {
  static constexpr std::string_view name = "vilt-b32";
  static constexpr Index image = 384, patch = 32;
  static constexpr Index dim = 768, depth = 12, heads = 12, hidden = 3072;
  static constexpr Index canvas = 608, max_patches = 200;
  static constexpr Index vocabulary = 30522, words = 40, segments = 2, types = 2;
  static constexpr double text_eps = 1e-12;
};

/// A single stream whose facts are known at run time only.
template <class Act = Gelu>
struct DynamicSingleStream : Dynamic<Act> {
  static constexpr std::string_view name = "dynamic-single-stream";
  static constexpr Index canvas = 0, max_patches = 0;
  static constexpr Index vocabulary = 0, words = 0, segments = 2, types = 2;
  static constexpr double text_eps = 1e-12;
};

/// The small one of examples/models/tiny-vilt, for pictures of 64 x 64.
struct TinyViLT : Vision {
  static constexpr std::string_view name = "tiny-vilt";
  static constexpr Index image = 64, patch = 16;
  static constexpr double eps = 1e-12;
  static constexpr Index dim = 128, depth = 8, heads = 4, hidden = 512;
  static constexpr Index canvas = 96, max_patches = 36;
  static constexpr Index vocabulary = 129, words = 24, segments = 2, types = 2;
  static constexpr double text_eps = 1e-12;
};

}  // namespace vlpt::arch

namespace vlpt {

template <class A>
concept HasTextSizes = requires {
  { A::vocabulary } -> std::convertible_to<Index>;
  { A::words } -> std::convertible_to<Index>;
  { A::segments } -> std::convertible_to<Index>;
  { A::types } -> std::convertible_to<Index>;
  { A::canvas } -> std::convertible_to<Index>;
  { A::max_patches } -> std::convertible_to<Index>;
};

/// A named struct of facts about a single-stream model.
template <class A>
concept SingleStreamArch = Arch<A> && HasTextSizes<A>;

/// The facts as a value.
template <SingleStreamArch A>
[[nodiscard]] constexpr SingleStreamFacts single_stream_facts() {
  VisionFacts vision = facts_of<A>();
  vision.place = PromptPlace::end;
  return {.vision = vision,
          .canvas = A::canvas,
          .max_patches = A::max_patches,
          .vocabulary = A::vocabulary,
          .words = A::words,
          .segments = A::segments,
          .types = A::types,
          .text_eps = A::text_eps};
}

}  // namespace vlpt
