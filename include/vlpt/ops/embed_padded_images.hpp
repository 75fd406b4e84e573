#pragma once
#include "vlpt/ops/embed_patches.hpp"
#include "vlpt/ops/patch_choice.hpp"

namespace vlpt {

/// Images of many sizes, padded with zeros to one, to rows [class; patches] (ViLT, arXiv
/// 2102.03334): patches W^T + b, with positions stretched over each image's valid rectangle; the
/// class row has its own. images (batch, channels * height, width) -> tokens (batch, 1 +
/// choice.count, dim).
struct EmbedPaddedImages {
  EmbedPatches whole;  // of images as large as the position table
  Index most = 0;      // patches of an image, at most

  [[nodiscard]] constexpr Index side() const { return whole.image / whole.patch; }

  template <class F>
  using LinearFlow = EmbedPatches::LinearFlow<F>;
  template <class T>
  using Params = EmbedPatches::Params<T>;
  template <class T, class F>
  struct Cache {
    PatchChoice<T> choice;
    Linear::Cache<T, LinearFlow<F>> patches;
    Index grid = 0;  // patches of the padded image
  };
  template <class F>
  static constexpr bool learns = EmbedPatches::learns<F>;

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    whole.template visit<F>(p, v);
  }
  /// Rows that forward will give; images without memory (a plan) have as many as they may.
  template <class T, class K>
  constexpr Index choose(Stream<T const> images, K& k) const {
    k.grid = images.tokens / whole.channels / whole.patch * (images.dim / whole.patch);
    if (images.data != nullptr)
      k.choice.choose(images, whole.channels, whole.patch, side(), most);
    else
      k.choice.images = images.batch, k.choice.count = most < k.grid ? most : k.grid;
    return 1 + k.choice.count;
  }

  /// requires choose() on this cache before it.
  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, Stream<T const> images, Stream<T> tokens,
                         K& k) const {
    ArenaScope const scope(c.scratch);
    Index const batch = images.batch, n = k.choice.count, size = whole.linear().in;
    auto const cut = c.scratch.template stream<T>(batch, k.grid, size);
    auto const kept = c.template stream<LinearFlow<F>::learns>(batch, n, size);
    auto const rows = c.scratch.template stream<T>(batch, n, whole.dim);
    c.backend.patches(c.template bring<false>(images), whole.channels, whole.patch, cut);
    c.backend.gather(Stream<T const>(cut), k.choice.patches.data(), kept);
    whole.linear().template forward<LinearFlow<F>>(c, p.patches, Stream<T const>(kept), rows,
                                                   k.patches);
    Stream<T const> const table(p.positions, 1);
    c.backend.copy(Stream<T const>(p.class_row, 1), tokens.range(0, 1));
    c.backend.add(table.range(0, 1), tokens.range(0, 1));
    c.backend.copy(Stream<T const>(rows), tokens.range(1, n));
    for (Index i = 0; i < 4; ++i) {
      c.backend.gather(table, k.choice.corner(i), rows);
      c.backend.scale_rows(c.template bring<false>(k.choice.weight(i)), View<T const>(rows.flat()),
                           rows.flat());
      c.backend.add(Stream<T const>(rows), tokens.range(1, n));
    }
  }
  /// d_images is overwritten if the flow has something below.
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, K const& k, Stream<T const> d_tokens,
                          Stream<T> d_images, P& g) const {
    if constexpr (learns<F> || F::below) {
      ArenaScope const scope(c.scratch);
      Index const batch = d_tokens.batch, n = k.choice.count, size = whole.linear().in;
      auto const d_rows = c.scratch.template stream<T>(batch, n, whole.dim);
      c.backend.copy(d_tokens.range(1, n), d_rows);
      if constexpr (F::learns) {
        Stream<T> const d_table(g.positions, 1);
        c.backend.add(d_tokens.range(0, 1), Stream<T>(g.class_row, 1));
        c.backend.add(d_tokens.range(0, 1), d_table.range(0, 1));
        auto const part = c.scratch.template stream<T>(batch, n, whole.dim);
        for (Index i = 0; i < 4; ++i) {
          c.backend.scale_rows(c.template bring<false>(k.choice.weight(i)),
                               View<T const>(d_rows.flat()), part.flat());
          c.backend.scatter_add(Stream<T const>(part), k.choice.corner(i), d_table);
        }
      }
      Stream<T> d_kept;
      if constexpr (F::below) d_kept = c.scratch.template stream<T>(batch, n, size);
      whole.linear().template backward<LinearFlow<F>>(c, p.patches, k.patches,
                                                      Stream<T const>(d_rows), d_kept, g.patches);
      if constexpr (F::below) {
        auto const d_cut = c.scratch.template stream<T>(batch, k.grid, size);
        c.backend.fill(d_cut, T(0));
        c.backend.scatter_add(Stream<T const>(d_kept), k.choice.patches.data(), d_cut);
        c.backend.patches_reverse(Stream<T const>(d_cut), whole.channels, whole.patch, d_images);
      }
    }
  }
};

}  // namespace vlpt
