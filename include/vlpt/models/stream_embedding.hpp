#pragma once
#include <algorithm>
#include <vector>

#include "vlpt/blocks/cross_stack.hpp"
#include "vlpt/models/arch/two_stream.hpp"
#include "vlpt/ops/linear.hpp"

namespace vlpt {

/// What two towers give, as two streams of one width:
///   x = [first_row; text's rows Wt^T + b] + type 0;  y = image's rows Wi^T + b + type k.
/// The modality table and the first row (token4classifier in APT's code, which replaces the text's
/// own, where there is one) learn with a policy; the image tower wants no gradient.
struct StreamEmbedding {
  Index text_dim = 0, image_dim = 0, dim = 0, types = 2;
  bool replaces_first = true;

  [[nodiscard]] constexpr Linear text() const { return {.in = text_dim, .out = dim}; }
  [[nodiscard]] constexpr Linear image() const { return {.in = image_dim, .out = dim}; }

  template <class F>
  using TextFlow = typename F::template child<"text">;
  template <class F>
  using ImageFlow = typename F::template child<"image">::template with_below<false>;
  template <class F>
  using FirstFlow = typename F::marked::template child<"first_row">;
  template <class F>
  using TypesFlow = typename F::marked::template child<"types">;
  template <class F>
  static constexpr bool learns =
      TextFlow<F>::learns || ImageFlow<F>::learns || FirstFlow<F>::learns || TypesFlow<F>::learns;

  template <class T>
  struct Params {
    Linear::Params<T> text, image;
    View<T> first_row, types;
  };
  template <class T, class F>
  struct Cache {
    Linear::Cache<T, TextFlow<F>> text;
    Linear::Cache<T, ImageFlow<F>> image;
    std::vector<Index> types;  // (pairs, image rows)
    Index text_rows = 0;       // that the text's tower gave
  };

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.enter("text");
    text().template visit<TextFlow<F>>(p.text, v);
    v.leave();
    v.enter("image");
    image().template visit<ImageFlow<F>>(p.image, v);
    v.leave();
    if (replaces_first)
      v.template tensor<FirstFlow<F>::learns>("first_row", p.first_row, Shape{1, dim},
                                              Init::normal(0.02), false);
    v.template tensor<TypesFlow<F>::learns>("types", p.types, Shape{types, dim}, Init::normal(0.02),
                                            false);
  }

  /// towers[0] has the text's rows from the second one on; the first one too where it stays, or
  /// where every row is computed, to be replaced. `image_types` (pairs), null: 1, 2, ...
  /// within a sample of `images` pairs.
  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, OfStreams<Stream<T const>> towers,
                         Index const* image_types, Index images, OfStreams<Stream<T>> out,
                         K& k) const {
    ArenaScope const scope(c.scratch);
    auto const& [x, y] = out;
    Stream<T const> const table(p.types, 1);
    Index const own = replaces_first ? 1 : 0, rest = x.tokens - own;
    k.text_rows = towers[0].tokens;
    auto const rows = c.scratch.template stream<T>(x.batch, k.text_rows, dim);
    text().template forward<TextFlow<F>>(c, p.text, towers[0], rows, k.text);
    if (replaces_first) c.backend.copy(Stream<T const>(p.first_row, 1), x.range(0, 1));
    c.backend.copy(Stream<T const>(rows.range(k.text_rows - rest, rest)), x.range(own, rest));
    for (Index i = 0; i < x.tokens; ++i) c.backend.add(table.range(0, 1), x.range(i, 1));

    if (y.data != nullptr) fill(k.types, image_types, images, y);
    auto const type = c.scratch.template stream<T>(y.batch, y.tokens, dim);
    image().template forward<ImageFlow<F>>(c, p.image, towers[1], y, k.image);
    c.backend.gather(table, k.types.data(), type);
    c.backend.add(Stream<T const>(type), y);
  }
  /// d_text, as towers[0], is overwritten if the flow has something below.
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, K const& k, OfStreams<Stream<T const>> d_out,
                          Stream<T> d_text, P& g) const {
    ArenaScope const scope(c.scratch);
    auto const& [dx, dy] = d_out;
    Index const own = replaces_first ? 1 : 0, rest = dx.tokens - own;
    if constexpr (FirstFlow<F>::learns)
      if (replaces_first) c.backend.add(dx.range(0, 1), Stream<T>(g.first_row, 1));
    if constexpr (TypesFlow<F>::learns) {
      Stream<T> const table(g.types, 1);
      for (Index i = 0; i < dx.tokens; ++i) c.backend.add(dx.range(i, 1), table.range(0, 1));
      c.backend.scatter_add(dy, k.types.data(), table);
    }
    if constexpr (TextFlow<F>::reverses) {
      auto const rows = c.scratch.template stream<T>(dx.batch, k.text_rows, dim);
      c.backend.fill(rows.range(0, 1), T(0));
      c.backend.copy(dx.range(own, rest), rows.range(k.text_rows - rest, rest));
      text().template backward<TextFlow<F>>(c, p.text, k.text, Stream<T const>(rows), d_text,
                                            g.text);
    }
    image().template backward<ImageFlow<F>>(c, p.image, k.image, dy, Stream<T>{}, g.image);
  }

 private:
  /// The type of every row of the images' stream.
  template <class T>
  static void fill(std::vector<Index>& types, Index const* given, Index images, Stream<T> y) {
    types.resize(static_cast<std::size_t>(y.rows()));
    for (Index b = 0; b < y.batch; ++b)
      std::fill_n(types.begin() + b * y.tokens, y.tokens,
                  given == nullptr ? 1 + b % images : given[b]);
  }
};

}  // namespace vlpt
