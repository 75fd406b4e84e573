#pragma once
#include "vlpt/blocks/dual_rows.hpp"
#include "vlpt/blocks/encoder_block.hpp"
#include "vlpt/ops/quick_gelu.hpp"
#include "vlpt/policies/prompt/none.hpp"

namespace vlpt::prompt {

/// Rows of both towers out of one small transformer block, once a step or load:
///   z = [text_in(context rows); image_in(image rows, layer by layer)];  z' = block(z), no mask;
///   context := text_out(z' first rows);  image rows := image_out(the rest).
/// A map is absent where the widths are equal. Without `mix` every row attends to itself alone.
template <RowSource Image, RowSource Text>
struct JointRows {
  using Block = EncoderBlock<QuickGelu, None>;
  using Learning = Flow<learn::All, true>;  // everything here learns, or nothing
  Image image;
  Text text;
  Index image_dim = 0, text_dim = 0, width = 0;
  bool mix = true;
  Index count = image.count;
  Block block{{.dim = width, .heads = 1, .hidden = 4 * width, .eps = 1e-5}, {}, 0};

  [[nodiscard]] constexpr Index inserted() const { return text.count; }
  template <class F>
  static constexpr bool learns = F::marked::learns;
  template <class F>
  using TextFlow = typename F::template child<"context">;
  template <class F>
  using JointFlow = typename F::template child<"joint">::marked;

  template <class T>
  struct Maps {
    Linear::Params<T> in, out;
  };
  template <class T>
  struct Params {
    typename Image::template Params<T> image;
    typename Text::template Params<T> text;
    Maps<T> image_maps, text_maps;
    typename Block::template Params<T> block;
  };
  template <class T>
  struct Prepared {
    GivenRows<T> given, context;
    typename Image::template Prepared<T> image;
    typename Text::template Prepared<T> text;
    Stream<T> in, out;  // (1, rows, width)
    typename Block::template Prepared<T> block;
    typename Block::template Cache<T, Learning> cache;
    typename Block::template Cache<T, InferFlow> run;
  };

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    image.template visit<F>(p.image, v);
    v.enter("context");
    text.template visit<TextFlow<F>>(p.text, v);
    v.leave();
    v.enter("joint");
    visit_maps<JointFlow<F>>("text_in", "text_out", text_dim, p.text_maps, v);
    visit_maps<JointFlow<F>>("image_in", "image_out", image_dim, p.image_maps, v);
    block.template visit<JointFlow<F>>(p.block, v);
    v.leave();
  }

  template <class F, class B, class P, class R>
  constexpr void prepare(vlpt::Context<B>& c, P const& p, R& r, Index) const {
    using T = typename B::Scalar;
    image.template prepare<F>(c, p.image, r.image, 1);
    text.template prepare<TextFlow<F>>(c, p.text, r.text, 1);
    block.template prepare<JointFlow<F>>(c, p.block, r.block, Stream<T const>{});
    auto const context = r.text.given.rows, rows = r.image.given.rows;
    Index const n = context.tokens, m = rows.tokens;
    r.in = c.tape.template stream<T>(1, n + m, width);
    r.out = c.tape.template stream<T>(1, n + m, width);
    map(c, p.text_maps.in, Stream<T const>(context), r.in.range(0, n));
    map(c, p.image_maps.in, Stream<T const>(rows), r.in.range(n, m));
    c.observe(TapPoint::joint_in, 0, r.in);
    auto const in = Stream<T const>(arranged(r.in));
    if constexpr (learns<F>)
      block.template forward<Learning>(c, p.block, r.block, in, arranged(r.out), r.cache,
                                       BlockRun<T>{});
    else
      block.template forward<InferFlow>(c, p.block, r.block, in, arranged(r.out), r.run,
                                        BlockRun<T>{});
    c.observe(TapPoint::joint_out, 0, r.out);
    r.context = given<learns<F>>(c, r.text.given);
    r.given = given<learns<F>>(c, r.image.given);
    map(c, p.text_maps.out, Stream<T const>(r.out.range(0, n)), r.context.rows);
    map(c, p.image_maps.out, Stream<T const>(r.out.range(n, m)), r.given.rows);
  }
  template <class F, class B, class P, class R>
  constexpr void prepare_backward(vlpt::Context<B>& c, P const& p, R& r, P& g) const {
    if constexpr (learns<F>) {
      using T = typename B::Scalar;
      ArenaScope const scope(c.scratch);
      Index const n = r.context.rows.tokens, m = r.given.rows.tokens;
      auto const d_out = c.scratch.template stream<T>(1, n + m, width);
      auto const d_in = c.scratch.template stream<T>(1, n + m, width);
      c.backend.fill(d_out, T(0));
      map_reverse(c, p.text_maps.out, r.out.range(0, n), r.context.d_rows, d_out.range(0, n),
                  g.text_maps.out);
      map_reverse(c, p.image_maps.out, r.out.range(n, m), r.given.d_rows, d_out.range(n, m),
                  g.image_maps.out);
      block.template backward<Learning>(c, p.block, r.block, r.cache,
                                        Stream<T const>(arranged(d_out)), arranged(d_in), g.block,
                                        BlockRun<T>{});
      map_reverse(c, p.text_maps.in, r.text.given.rows, d_in.range(0, n), r.text.given.d_rows,
                  g.text_maps.in);
      map_reverse(c, p.image_maps.in, r.image.given.rows, d_in.range(n, m), r.image.given.d_rows,
                  g.image_maps.in);
      c.backend.fill(r.context.d_rows, T(0));
      c.backend.fill(r.given.d_rows, T(0));
      image.template prepare_backward<F>(c, p.image, r.image, g.image);
      text.template prepare_backward<TextFlow<F>>(c, p.text, r.text, g.text);
    }
  }

 private:
  template <class F, class P, class V>
  constexpr void visit_maps(std::string_view in, std::string_view out, Index dim, P& p,
                            V& v) const {
    if (dim == width) return;
    v.enter(in);
    Linear{.in = dim, .out = width}.template visit<F>(p.in, v);
    v.leave();
    v.enter(out);
    Linear{.in = width, .out = dim}.template visit<F>(p.out, v);
    v.leave();
  }
  /// One sequence of all rows, or a sequence of its own for each.
  template <class T>
  [[nodiscard]] constexpr Stream<T> arranged(Stream<T> rows) const {
    return mix ? rows : Stream<T>{rows.data, rows.tokens, 1, rows.dim};
  }
  template <bool Learns, class B, class T>
  static constexpr GivenRows<T> given(vlpt::Context<B>& c, GivenRows<T> const& like) {
    auto const rows = [&] { return c.tape.template stream<T>(1, like.rows.tokens, like.rows.dim); };
    GivenRows<T> out{like.count, rows(), {}};
    if constexpr (Learns) {
      out.d_rows = rows();
      c.backend.fill(out.d_rows, T(0));
    }
    return out;
  }
  template <class B, class M, class T>
  static constexpr void map(vlpt::Context<B>& c, M const& maps, Stream<T const> x, Stream<T> y) {
    if (x.dim == y.dim)
      c.backend.copy(x, y);
    else
      c.backend.linear(x.flat(), maps.weight, maps.bias, y.flat());
  }
  /// Adds to d_x.
  template <class B, class M, class T>
  static constexpr void map_reverse(vlpt::Context<B>& c, M const& maps, Stream<T> x, Stream<T> d_y,
                                    Stream<T> d_x, M& g) {
    if (d_x.dim == d_y.dim) return c.backend.add(Stream<T const>(d_y), d_x);
    ArenaScope const scope(c.scratch);
    auto const d = c.scratch.template stream<T>(1, d_x.tokens, d_x.dim);
    View<T const> const d_out(d_y.flat());
    c.backend.linear_weight(d_out, View<T const>(x.flat()), g.weight, g.bias);
    c.backend.linear_input(d_out, maps.weight, d.flat());
    c.backend.add(Stream<T const>(d), d_x);
  }
};

}  // namespace vlpt::prompt
