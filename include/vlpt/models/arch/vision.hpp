#pragma once
#include "vlpt/blocks/facts.hpp"
#include "vlpt/ops/any_gelu.hpp"

namespace vlpt::arch {

// An architecture is a named struct of constexpr facts. Change one by inheriting:
//   struct Small : arch::ViT_B16 { static constexpr vlpt::Index depth = 6; };

/// What most Vision Transformers share.
struct Vision {
  using Activation = Gelu;
  static constexpr Index image = 224;
  static constexpr Index channels = 3;
  static constexpr Index patch = 16;
  static constexpr Index projection = 0;
  static constexpr double eps = 1e-6;
  static constexpr bool patch_bias = true;
  static constexpr bool qkv_bias = true;
  static constexpr bool pre_norm = false;
  static constexpr bool learned_positions = true;
  static constexpr Pool pool = Pool::class_row;
};

/// ViT-B/16 at 224 pixels (Dosovitskiy et al., arXiv 2010.11929): 86 M parameters, 197 tokens.
struct ViT_B16 : Vision {
  static constexpr std::string_view name = "vit-b16";
  static constexpr Index dim = 768, depth = 12, heads = 12, hidden = 3072;
};

/// The small ViT of MoCo v3: twelve heads of width 32.
struct ViT_S16 : Vision {
  static constexpr std::string_view name = "vit-s16";
  static constexpr Index dim = 384, depth = 12, heads = 12, hidden = 1536;
};

/// ViT-L/16 at 224 pixels.
struct ViT_L16 : Vision {
  static constexpr std::string_view name = "vit-l16";
  static constexpr Index dim = 1024, depth = 24, heads = 16, hidden = 4096;
};

/// CLIP B/16: the image tower has a norm before the blocks, QuickGELU, a projection to 512. Text is
/// the other tower, for DualEncoder.
struct ClipB16 : Vision {
  using Activation = QuickGelu;
  static constexpr std::string_view name = "clip-b16";
  static constexpr Index dim = 768, depth = 12, heads = 12, hidden = 3072;
  static constexpr Index projection = 512;
  static constexpr double eps = 1e-5;
  static constexpr bool patch_bias = false;
  static constexpr bool pre_norm = true;
  struct Text {
    static constexpr Index vocabulary = 49408, tokens = 77;
    static constexpr Index dim = 512, depth = 12, heads = 8, hidden = 2048;
  };
};

/// CLIP B/32.
struct ClipB32 : ClipB16 {
  static constexpr std::string_view name = "clip-b32";
  static constexpr Index patch = 32;
};

/// CLIP L/14.
struct ClipL14 : ClipB16 {
  static constexpr std::string_view name = "clip-l14";
  static constexpr Index patch = 14, dim = 1024, depth = 24, heads = 16, hidden = 4096;
  static constexpr Index projection = 768;
  struct Text : ClipB16::Text {
    static constexpr Index dim = 768, heads = 12, hidden = 3072;
  };
};

/// The backbone under examples/models: masked autoencoding on Fashion-MNIST.
struct TinyViTMae : Vision {
  static constexpr std::string_view name = "tiny-vit-mae";
  static constexpr Index image = 28, channels = 1, patch = 4;
  static constexpr Index dim = 128, depth = 8, heads = 4, hidden = 512;
  static constexpr double eps = 1e-12;
  static constexpr bool learned_positions = false;
  static constexpr Pool pool = Pool::mean_all;
};

/// The two towers under examples/models: contrastive pretraining on named emoji.
struct TinyClip : ClipB16 {
  static constexpr std::string_view name = "tiny-clip";
  static constexpr Index image = 36, patch = 6;
  static constexpr Index dim = 128, depth = 5, heads = 4, hidden = 512;
  static constexpr Index projection = 128;
  struct Text {
    static constexpr Index vocabulary = 1400, tokens = 24;
    static constexpr Index dim = 128, depth = 3, heads = 4, hidden = 512;
  };
};

/// Facts that are known at run time only: a checkpoint whose sizes no type names.
template <class Act = Gelu>
struct Dynamic : Vision {
  using Activation = Act;
  static constexpr std::string_view name = "dynamic";
  static constexpr Index image = 0, dim = 0, depth = 0, heads = 1, hidden = 0;
};
/// The same of two towers: a CLIP of any size.
template <class Act = QuickGelu>
struct DynamicDual : Dynamic<Act> {
  static constexpr std::string_view name = "dynamic-dual";
  struct Text {
    static constexpr Index vocabulary = 0, tokens = 0, dim = 0, depth = 0, heads = 1, hidden = 0;
  };
};

}  // namespace vlpt::arch

namespace vlpt {

template <class A>
concept HasActivation = requires {
  typename A::Activation;
};

template <class A>
concept HasImageSizes = requires {
  { A::image } -> std::convertible_to<Index>;
  { A::channels } -> std::convertible_to<Index>;
  { A::patch } -> std::convertible_to<Index>;
};

template <class A>
concept HasBlockSizes = requires {
  { A::dim } -> std::convertible_to<Index>;
  { A::depth } -> std::convertible_to<Index>;
  { A::heads } -> std::convertible_to<Index>;
  { A::hidden } -> std::convertible_to<Index>;
};

/// A named struct of facts about a Vision Transformer.
template <class A>
concept Arch = HasActivation<A> && HasImageSizes<A> && HasBlockSizes<A>;

/// The facts as a value.
template <Arch A>
[[nodiscard]] constexpr VisionFacts facts_of() {
  static_assert(A::dim % A::heads == 0, "heads must divide dim");
  return {.image = A::image,
          .channels = A::channels,
          .patch = A::patch,
          .dim = A::dim,
          .depth = A::depth,
          .heads = A::heads,
          .hidden = A::hidden,
          .projection = A::projection,
          .eps = A::eps,
          .patch_bias = A::patch_bias,
          .qkv_bias = A::qkv_bias,
          .pre_norm = A::pre_norm,
          .learned_positions = A::learned_positions,
          .pool = A::pool,
          .gelu = gelu_kind_of<typename A::Activation>};
}

}  // namespace vlpt
