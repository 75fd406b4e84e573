#pragma once
#include "vlpt/ops/linear.hpp"

namespace vlpt {

/// Images to tokens: x = [class_row; patches W^T + b] + positions.
/// images (batch, channels * image, image) -> tokens (batch, 1 + patches, dim).
struct EmbedPatches {
  Index image = 0, channels = 0, patch = 0, dim = 0;
  bool bias = true;
  bool learned_positions = true;  // a fixed table is a parameter that never learns

  [[nodiscard]] constexpr Index patches() const { return (image / patch) * (image / patch); }
  [[nodiscard]] constexpr Linear linear() const {
    return {.in = channels * patch * patch,
            .out = dim,
            .bias = bias,
            .weight_init = Init::xavier_uniform()};
  }
  template <class F>
  using LinearFlow = typename F::template child<"patches">;

  template <class T>
  struct Params {
    Linear::Params<T> patches;
    View<T> class_row, positions;
  };
  template <class T, class F>
  struct Cache {
    Linear::Cache<T, LinearFlow<F>> patches;
  };
  template <class F>
  static constexpr bool learns = F::learns || LinearFlow<F>::learns;

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.enter("patches");
    linear().template visit<LinearFlow<F>>(p.patches, v);
    v.leave();
    v.template tensor<F::learns>("class_row", p.class_row, Shape{1, dim}, Init::normal(0.02),
                                 false);
    Shape const table{1 + patches(), dim};
    if (learned_positions)
      v.template tensor<F::learns>("positions", p.positions, table, Init::normal(0.02), false);
    else
      v.template tensor<false>("positions", p.positions, table, Init::zero(), false);
  }

  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, Stream<T const> images, Stream<T> tokens,
                         K& k) const {
    ArenaScope const scope(c.scratch);
    Index const batch = images.batch, n = patches();
    auto const cut = c.template stream<LinearFlow<F>::learns>(batch, n, linear().in);
    auto const rows = c.scratch.template stream<T>(batch, n, dim);
    c.backend.patches(c.template bring<false>(images), channels, patch, cut);
    linear().template forward<LinearFlow<F>>(c, p.patches, Stream<T const>(cut), rows, k.patches);
    c.backend.copy(Stream<T const>(p.positions, 1), tokens);
    c.backend.add(Stream<T const>(p.class_row, 1), tokens.range(0, 1));
    c.backend.add(Stream<T const>(rows), tokens.range(1, n));
  }
  /// d_images is overwritten if the flow has something below.
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, K const& k, Stream<T const> d_tokens,
                          Stream<T> d_images, P& g) const {
    if constexpr (learns<F> || F::below) {
      ArenaScope const scope(c.scratch);
      Index const batch = d_tokens.batch, n = patches();
      if constexpr (F::learns) {
        c.backend.add(d_tokens.range(0, 1), Stream<T>(g.class_row, 1));
        if (!g.positions.empty()) c.backend.add(d_tokens, Stream<T>(g.positions, 1));
      }
      auto const d_rows = c.scratch.template stream<T>(batch, n, dim);
      c.backend.copy(d_tokens.range(1, n), d_rows);
      Stream<T> d_cut;
      if constexpr (F::below) d_cut = c.scratch.template stream<T>(batch, n, linear().in);
      linear().template backward<LinearFlow<F>>(c, p.patches, k.patches, Stream<T const>(d_rows),
                                                d_cut, g.patches);
      if constexpr (F::below)
        c.backend.patches_reverse(Stream<T const>(d_cut), channels, patch, d_images);
    }
  }
};

}  // namespace vlpt
