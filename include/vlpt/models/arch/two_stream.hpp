#pragma once
#include "vlpt/models/arch/vision.hpp"
#include "vlpt/models/arch/words.hpp"

namespace vlpt {

/// What a two-stream model is made of: a text tower, an image tower without pooling, and `depth`
/// layers of either stream that read the other.
struct TwoStreamFacts {
  VisionFacts image;
  WordsFacts text;
  Index dim = 0, depth = 0, heads = 1, hidden = 0;
  Index types = 2;  // rows of the modality table: text, image, and one for each further image
  double eps = 1e-12;
  PromptPlace place = PromptPlace::front;  // the code's: the poolers then read a prompt

  [[nodiscard]] constexpr Index features() const { return 2 * dim; }
  constexpr bool operator==(TwoStreamFacts const&) const = default;
  /// What a policy is told at layer i of 2 depth, the text's being first: its number in its stream,
  /// of whose layers `running` are not skipped.
  [[nodiscard]] constexpr LayerFacts at(Index i, Index running) const {
    VisionFacts cross = image;  // VPT's bound is that of the patch projection
    cross.dim = dim, cross.heads = heads, cross.hidden = hidden, cross.eps = eps;
    cross.gelu = GeluKind::exact;
    LayerFacts f = cross.at(i % depth, running);
    f.qkv_bias = true;
    f.depth = depth, f.modality = i < depth ? Modality::text : Modality::image;
    return f;
  }
  /// Throws InputError that names the field in the way.
  constexpr void check() const {
    image.check();
    if (place == PromptPlace::end)
      throw InputError("prompts stand in front of a stream or behind its class row");
    if (dim <= 0 || heads <= 0 || dim % heads != 0)
      throw InputError(vlpt::text("width ", dim, " does not divide into ", heads, " heads"));
    if (text.dim <= 0 || text.heads <= 0 || text.dim % text.heads != 0)
      throw InputError(vlpt::text("the text's width ", text.dim, " does not divide into ",
                                  text.heads, " heads"));
    if (depth <= 0 || hidden <= 0 || text.depth <= 0 || text.vocabulary <= 0 || text.words <= 1 ||
        types < 2)
      throw InputError(vlpt::text("depth ", depth, ", MLP width ", hidden, ", the text's depth ",
                                  text.depth, " and vocabulary ", text.vocabulary,
                                  " must be positive, and words (", text.words,
                                  ") and modality types (", types, ") at least 2"));
  }
};

}  // namespace vlpt

namespace vlpt::arch {

/// METER with CLIP's B/16 (its last block is never built) and RoBERTa-base, at 288 pixels
/// (Dou et al., arXiv 2111.02387). `dim`, `depth`, ... are those of the layers that cross.
struct METER_B16_288 {
  using Activation = Gelu;
  using ImageActivation = QuickGelu;
  static constexpr std::string_view name = "meter-b16-288";
  static constexpr Index image = 288, channels = 3, patch = 16;
  static constexpr Index image_dim = 768, image_depth = 11, image_heads = 12, image_hidden = 3072;
  static constexpr Index vocabulary = 50265, positions = 514, words = 50;
  static constexpr Index text_dim = 768, text_depth = 12, text_heads = 12, text_hidden = 3072;
  static constexpr Index dim = 768, depth = 6, heads = 12, hidden = 3072, types = 2;
  static constexpr double image_eps = 1e-5, text_eps = 1e-5, eps = 1e-12;
};

/// The same at 384 pixels.
struct METER_B16_384 : METER_B16_288 {
  static constexpr std::string_view name = "meter-b16-384";
  static constexpr Index image = 384;
};

/// Two streams whose facts are known at run time only.
template <class Act = Gelu, class ImageAct = QuickGelu>
struct DynamicTwoStream : Dynamic<Act> {
  using ImageActivation = ImageAct;
  static constexpr std::string_view name = "dynamic-two-stream";
  static constexpr Index image_dim = 0, image_depth = 0, image_heads = 1, image_hidden = 0;
  static constexpr Index vocabulary = 0, positions = 0, words = 0, types = 2;
  static constexpr Index text_dim = 0, text_depth = 0, text_heads = 1, text_hidden = 0;
  static constexpr double image_eps = 1e-5, text_eps = 1e-5;
};

}  // namespace vlpt::arch

namespace vlpt {

template <class A>
concept HasImageTower = requires {
  typename A::ImageActivation;
  { A::image_dim } -> std::convertible_to<Index>;
  { A::image_depth } -> std::convertible_to<Index>;
  { A::image_heads } -> std::convertible_to<Index>;
  { A::image_hidden } -> std::convertible_to<Index>;
};

template <class A>
concept HasTextTower = requires {
  { A::vocabulary } -> std::convertible_to<Index>;
  { A::words } -> std::convertible_to<Index>;
  { A::text_dim } -> std::convertible_to<Index>;
  { A::text_depth } -> std::convertible_to<Index>;
  { A::text_heads } -> std::convertible_to<Index>;
  { A::text_hidden } -> std::convertible_to<Index>;
};

/// A named struct of facts about a two-stream model.
template <class A>
concept TwoStreamArch = Arch<A> && HasImageTower<A> && HasTextTower<A>;

/// The facts as a value.
template <TwoStreamArch A>
[[nodiscard]] constexpr TwoStreamFacts two_stream_facts() {
  static_assert(A::dim % A::heads == 0, "heads must divide dim");
  static_assert(A::image_dim % A::image_heads == 0, "image_heads must divide image_dim");
  static_assert(A::text_dim % A::text_heads == 0, "text_heads must divide text_dim");
  return {.image = {.image = A::image,
                    .channels = A::channels,
                    .patch = A::patch,
                    .dim = A::image_dim,
                    .depth = A::image_depth,
                    .heads = A::image_heads,
                    .hidden = A::image_hidden,
                    .eps = A::image_eps,
                    .patch_bias = false,
                    .pre_norm = true,
                    .gelu = gelu_kind_of<typename A::ImageActivation>},
          .text = {.vocabulary = A::vocabulary,
                   .positions = A::positions,
                   .words = A::words,
                   .dim = A::text_dim,
                   .depth = A::text_depth,
                   .heads = A::text_heads,
                   .hidden = A::text_hidden,
                   .eps = A::text_eps},
          .dim = A::dim,
          .depth = A::depth,
          .heads = A::heads,
          .hidden = A::hidden,
          .types = A::types,
          .eps = A::eps};
}

}  // namespace vlpt
