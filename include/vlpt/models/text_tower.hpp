#pragma once
#include "vlpt/blocks/encoder_block.hpp"
#include "vlpt/blocks/stack.hpp"
#include "vlpt/models/text_layout.hpp"
#include "vlpt/ops/layer_norm.hpp"
#include "vlpt/policies/prompt/none.hpp"

namespace vlpt {

/// CLIP's text tower: causal layers, and of each text the row of its end token, normed and
/// projected.
///   texts, with rows inserted into them -> features (classes, projection.out)
/// It goes through the classes in chunks. What the reverse reads of more than one is not kept but
/// computed again, so memory does not grow with their number. The flow's `below` are the inserted
/// rows.
template <class Act, class Skip, class Rows>
struct TextTower {
  using Policy = typename Skip::template With<prompt::None>;  // with what skips put beside it
  using Layer = typename Skip::template Layer<EncoderBlock<Act, Policy>>;
  using Layers = Stack<Layer, Rows>;

  TextTowerFacts facts;
  Index first_layer = 0;  // the number of its first layer in a model of two towers
  EmbedTokens embed;
  Layers layers;
  LayerNorm norm;
  Linear projection;

  constexpr TextTower(TextTowerFacts const& f, Skip const& skip, Index features, Index before)
      : facts(f),
        first_layer(before),
        embed{f.vocabulary, f.tokens, f.dim},
        norm{f.dim, f.eps},
        projection{.in = f.dim, .out = features, .bias = false} {
    facts.check();
    Policy const policy = skip.with(prompt::None{});
    for (Index l = 0; l < f.depth; ++l) {
      auto at = f.at(l);
      EncoderBlock<Act, Policy> const block(at, policy, 0);
      at.layer += before;
      layers.layers.push_back(skip.layer(block, at));
    }
  }

  // ---- how learning flows through the stages ----
  template <class F>
  using EmbedFlow = typename F::template child<"embed">;
  template <class F>
  using LayersFlow =
      typename F::template child<"layers">::template with_below<F::below ||
                                                                EmbedTokens::learns<EmbedFlow<F>>>;
  template <class F>
  using NormFlow = typename F::template child<"norm">::template with_below<
      LayersFlow<F>::below || Layers::template learns<LayersFlow<F>>>;
  template <class F>
  using ProjectionFlow =
      typename F::template child<"projection">::template with_below<NormFlow<F>::reverses>;
  template <class F>
  static constexpr bool reverses = ProjectionFlow<F>::reverses;

  template <class T>
  struct Params {
    EmbedTokens::Params<T> embed;
    typename Layers::template Params<T> layers;
    LayerNorm::Params<T> norm;
    Linear::Params<T> projection;
  };
  template <class T>
  using Prepared = typename Layers::template Prepared<T>;
  template <class T, class F>
  struct Cache {
    typename Layers::template Cache<T, LayersFlow<F>> layers;
    LayerNorm::Cache<T, NormFlow<F>> norm;
    Linear::Cache<T, ProjectionFlow<F>> projection;
  };

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.enter("embed");
    embed.template visit<EmbedFlow<F>>(p.embed, v);
    v.leave();
    layers.template visit<LayersFlow<F>>(p.layers, v);
    v.enter("norm");
    norm.template visit<NormFlow<F>>(p.norm, v);
    v.leave();
    v.enter("projection");
    projection.template visit<ProjectionFlow<F>>(p.projection, v);
    v.leave();
  }
  template <class F, class B, class P, class R>
  constexpr void prepare(Context<B>& c, P const& p, R& r) const {
    layers.template prepare<LayersFlow<F>>(c, p.layers, r, GivenRows<typename B::Scalar>{},
                                           StackRun{});
  }

  /// features (classes, out) of all texts; inserted (1 or classes, layout.inserted(), dim). A flow
  /// that reverses keeps what it needs in k: requires that the texts are one chunk.
  template <class F, class B, class P, class R, class T, class K>
  constexpr void encode(Context<B>& c, P const& p, R const& r, TextLayout const& layout,
                        Stream<T const> inserted, View<T> features, K& k) const {
    for (Index i = 0; i < layout.chunks(); ++i) {
      ArenaScope const scope(c.scratch);
      auto const texts = layout.chunk(i);
      forward<F>(c, p, r, layout, texts, part(inserted, texts),
                 features.middle_rows(texts.first, texts.count), k);
    }
  }
  /// Adds to d_inserted and to g; k is what encode kept, or else room to compute one chunk again.
  template <class F, class B, class P, class R, class T, class K>
  constexpr void encode_reverse(Context<B>& c, P const& p, R& r, TextLayout const& layout,
                                Stream<T const> inserted, View<T const> d_features,
                                Stream<T> d_inserted, P& g, K& k, bool kept) const {
    if constexpr (reverses<F>)
      for (Index i = 0; i < layout.chunks(); ++i) {
        ArenaScope const tape(c.tape), scope(c.scratch);
        auto const texts = layout.chunk(i);
        if (!kept) {
          auto const features = c.scratch.template matrix<T>(texts.count, projection.out);
          auto const tap = c.tap;
          c.tap = {};  // it saw this run before
          forward<F>(c, p, r, layout, texts, part(inserted, texts), features, k);
          c.tap = tap;
        }
        backward<F>(c, p, r, layout, texts, k, d_features.middle_rows(texts.first, texts.count),
                    part(d_inserted, texts), g);
      }
  }

 private:
  using Chunk = TextLayout::Chunk;

  /// The chunk's samples of rows that each text has for itself, or the rows that all share.
  template <class T>
  static constexpr Stream<T> part(Stream<T> s, Chunk const& texts) {
    if (s.batch <= 1) return s;
    T* const first = s.data == nullptr ? nullptr : s.data + texts.first * s.batch_stride;
    return {first, texts.count, s.tokens, s.dim, s.batch_stride, s.stride};
  }
  [[nodiscard]] constexpr StackRun run(TextLayout const& layout, Chunk const& texts) const {
    return {.tokens = layout.tokens(),
            .first_prompt = 0,
            .read = texts.read,
            .first_layer = first_layer};
  }

  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, R const& r, TextLayout const& layout,
                         Chunk const& texts, Stream<T const> inserted, View<T> features,
                         K& k) const {
    Index const n = texts.count, dim = facts.dim;
    StackRun const here = run(layout, texts);
    constexpr bool keep = LayersFlow<F>::below || Layers::template learns<LayersFlow<F>>;
    auto const x = c.template stream<keep>(n, here.tokens, dim);
    embed.template forward<EmbedFlow<F>>(c, p.embed, layout.rows(texts), inserted, x);
    c.observe(TapPoint::tokens, first_layer, x);
    auto const last = c.scratch.template stream<T>(n, Layers::out_tokens(here), dim);
    layers.template forward<LayersFlow<F>>(c, p.layers, r, GivenRows<T>{}, Stream<T const>(x), last,
                                           k.layers, here);
    auto const ended = c.template stream<NormFlow<F>::reverses>(n, 1, dim);
    c.backend.gather(Stream<T const>(last), layout.ends(texts), ended);
    auto const normed = c.template stream<ProjectionFlow<F>::learns>(n, 1, dim);
    norm.template forward<NormFlow<F>>(c, p.norm, Stream<T const>(ended), normed, k.norm);
    projection.template forward<ProjectionFlow<F>>(c, p.projection, Stream<T const>(normed),
                                                   Stream<T>(features, n), k.projection);
  }
  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, R& r, TextLayout const& layout,
                          Chunk const& texts, K const& k, View<T const> d_features,
                          Stream<T> d_inserted, P& g) const {
    Index const n = texts.count, dim = facts.dim;
    StackRun const here = run(layout, texts);
    auto const d_normed = c.scratch.template stream<T>(n, 1, dim);
    projection.template backward<ProjectionFlow<F>>(
        c, p.projection, k.projection, Stream<T const>(d_features, n), d_normed, g.projection);
    auto const d_ended = c.scratch.template stream<T>(n, 1, dim);
    norm.template backward<NormFlow<F>>(c, p.norm, k.norm, Stream<T const>(d_normed), d_ended,
                                        g.norm);
    if constexpr (NormFlow<F>::below) {
      auto const d_last = c.scratch.template stream<T>(n, Layers::out_tokens(here), dim);
      c.backend.fill(d_last, T(0));
      c.backend.scatter_add(Stream<T const>(d_ended), layout.ends(texts), d_last);
      Stream<T> d_x;
      if constexpr (LayersFlow<F>::below) d_x = c.scratch.template stream<T>(n, here.tokens, dim);
      layers.template backward<LayersFlow<F>>(c, p.layers, r, GivenRows<T>{}, k.layers,
                                              Stream<T const>(d_last), d_x, g.layers, here);
      if constexpr (LayersFlow<F>::below) {
        c.observe(TapPoint::tokens_gradient, first_layer, d_x);
        embed.template backward<EmbedFlow<F>>(c, layout.rows(texts), Stream<T const>(d_x),
                                              d_inserted, g.embed);
      }
    }
  }
};

}  // namespace vlpt
