#pragma once
#include "vlpt/blocks/layer_facts.hpp"
#include "vlpt/blocks/prompt_place.hpp"
#include "vlpt/core/error.hpp"
#include "vlpt/core/gelu_kind.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/core/square_root.hpp"

namespace vlpt {

/// Which rows of the last layer become the features. "original" VPT pooling is class_row for
/// supervised and MoCo v3 backbones and mean_all (prompts included) for MAE.
enum class Pool { class_row, mean_all, mean_image, mean_prompts };

/// What a policy or a block may know of a Vision Transformer: plain values, known to the compiler
/// (arch::ViT_B16) or read from a file (arch::Dynamic).
struct VisionFacts {
  Index image = 0;  // pixels a side
  Index channels = 3;
  Index patch = 0;  // pixels a side
  Index dim = 0;
  Index depth = 0;
  Index heads = 1;
  Index hidden = 0;      // of the MLP
  Index projection = 0;  // width of CLIP's joint space; 0: none
  double eps = 1e-6;     // of every layer norm
  bool patch_bias = true;
  bool qkv_bias = true;
  bool pre_norm = false;          // CLIP's norm between embedding and blocks
  bool learned_positions = true;  // false: fixed sine-cosine table (MoCo v3, MAE)
  Pool pool = Pool::class_row;
  PromptPlace place = PromptPlace::after_class;
  GeluKind gelu = GeluKind::exact;  // of every MLP

  [[nodiscard]] constexpr Index patches() const { return (image / patch) * (image / patch); }
  /// Rows of the embedding: the class row and one for each patch.
  [[nodiscard]] constexpr Index tokens() const { return patches() + 1; }
  /// The same at the resolution that gives so many rows; 0: as it is.
  [[nodiscard]] constexpr VisionFacts with_tokens(Index rows) const {
    if (rows == 0) return *this;
    Index side = 1;
    while (side * side < rows - 1) ++side;
    if (rows < 2 || side * side != rows - 1)
      throw InputError(text("an image of ", rows, " rows is no square of patches and a class row; ",
                            (side - 1) * (side - 1) + 1, " and ", side * side + 1, " are"));
    VisionFacts f = *this;
    f.image = side * patch;
    return f;
  }
  [[nodiscard]] constexpr Index patch_size() const { return channels * patch * patch; }
  [[nodiscard]] constexpr Index features() const { return projection > 0 ? projection : dim; }
  constexpr bool operator==(VisionFacts const&) const = default;
  /// What a policy is told at a layer of this model, of which `running` layers are not skipped.
  /// VPT's bound is that of the patch projection: 0.0625 for ViT-B/16 (arXiv 2203.12119).
  [[nodiscard]] constexpr LayerFacts at(Index layer, Index running) const {
    return {.dim = dim,
            .heads = heads,
            .hidden = hidden,
            .eps = eps,
            .qkv_bias = qkv_bias,
            .depth = depth,
            .layer = layer,
            .running = running,
            .prompt_bound = square_root(6.0 / static_cast<double>(patch_size() + dim)),
            .gelu = gelu};
  }

  /// Throws InputError that names the field in the way.
  constexpr void check() const {
    if (patch <= 0 || image <= 0 || image % patch != 0)
      throw InputError(text("image size ", image, " is no multiple of patch size ", patch));
    if (dim <= 0 || heads <= 0 || dim % heads != 0)
      throw InputError(text("width ", dim, " does not divide into ", heads, " heads"));
    if (place == PromptPlace::front && pool == Pool::mean_all)
      throw InputError(
          "prompts in front of the class row do not stand beside the patches: no mean of "
          "both can be read");
    if (depth <= 0 || hidden <= 0 || channels <= 0)
      throw InputError(text("depth ", depth, ", MLP width ", hidden, " and channels ", channels,
                            " must all be positive"));
  }
};

}  // namespace vlpt
