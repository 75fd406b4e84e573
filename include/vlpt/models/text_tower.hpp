#pragma once
#include "vlpt/autodiff/stage_scope.hpp"
#include "vlpt/blocks/encoder_block.hpp"
#include "vlpt/blocks/stack.hpp"
#include "vlpt/models/text_layout.hpp"
#include "vlpt/ops/layer_norm.hpp"
#include "vlpt/policies/prompt/none.hpp"

namespace vlpt {

/// CLIP's text tower: causal layers, and of each text the row of its end token, normed and
/// projected.
///   texts, with rows inserted into them -> features (classes, projection.out)
/// The rows that all texts start with run once. It goes through the classes in chunks; where they
/// are too many to run at once, what the reverse reads is not kept but computed again, so memory
/// does not grow with their number. The flow's `below` are the inserted rows.
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
  struct ChunkCache {
    typename Layers::template Cache<T, LayersFlow<F>> layers;
    LayerNorm::Cache<T, NormFlow<F>> norm;
    Linear::Cache<T, ProjectionFlow<F>> projection;
  };
  template <class T, class F>
  struct Cache {
    SharedPrefix<T> prefix;
    typename Layers::template Cache<T, LayersFlow<F>> prefix_layers;
    std::vector<ChunkCache<T, F>> chunks;  // of each that is kept, or of the one at hand
  };

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    visit_part(v, "embed", [&] { embed.template visit<EmbedFlow<F>>(p.embed, v); });
    layers.template visit<LayersFlow<F>>(p.layers, v);
    visit_part(v, "norm", [&] { norm.template visit<NormFlow<F>>(p.norm, v); });
    visit_part(v, "projection",
               [&] { projection.template visit<ProjectionFlow<F>>(p.projection, v); });
  }
  template <class F, class B, class P, class R>
  constexpr void prepare(Context<B>& c, P const& p, R& r) const {
    layers.template prepare<LayersFlow<F>>(c, p.layers, r, GivenRows<typename B::Scalar>{},
                                           StackRun{});
  }

  /// features (classes, out) of all texts; inserted (1 or classes, layout.inserted(), dim). A flow
  /// that reverses keeps what it needs in k: requires that the texts are few enough (kept()).
  template <class F, class B, class P, class R, class T, class K>
  constexpr void encode(Context<B>& c, P const& p, R const& r, TextLayout const& layout,
                        Stream<T const> inserted, View<T> features, K& k) const {
    ArenaScope const room(c.scratch);
    auto const rows = layout.places().placed(c, inserted);
    Stream<T> const wanted(features, features.rows);
    auto const out = layout.places().room(c, wanted);
    forward_prefix<F>(c, p, r, layout, rows, k);
    k.chunks.resize(at(reverses<F> ? layout.chunks() : 1));
    for (Index i = 0; i < layout.chunks(); ++i) {
      ArenaScope const scope(c.scratch);
      forward<F>(c, p, r, layout, i, rows, of(out.flat(), layout.chunk(i)), k.prefix,
                 k.chunks[at(reverses<F> ? i : 0)]);
    }
    layout.places().take_back(c, Stream<T const>(out), wanted);
  }
  /// Adds to d_inserted and to g; k is what encode kept, or else room to compute one chunk again.
  template <class F, class B, class P, class R, class T, class K>
  constexpr void encode_reverse(Context<B>& c, P const& p, R& r, TextLayout const& layout,
                                Stream<T const> inserted, View<T const> d_features,
                                Stream<T> d_inserted, P& g, K& k, bool kept) const {
    if constexpr (reverses<F>) {
      ArenaScope const tape(c.tape), scope(c.scratch);
      auto const again = [&](auto const& run) {
        auto const tap = c.tap;
        c.tap = {};  // it saw this run before
        run();
        c.tap = tap;
      };
      auto const& places = layout.places();
      auto const rows = places.placed(c, inserted);
      auto const d_out = places.placed(c, Stream<T const>(d_features, d_features.rows)).flat();
      auto const d_rows = places.cleared(c, d_inserted);
      if (!kept) {
        k.chunks.resize(1);
        again([&] { forward_prefix<F>(c, p, r, layout, rows, k); });
      }
      clear_prefix<F>(c, layout, d_rows, k);
      for (Index i = 0; i < layout.chunks(); ++i) {
        ArenaScope const tape_of_chunk(c.tape), scope_of_chunk(c.scratch);
        auto const& texts = layout.chunk(i);
        auto& own = k.chunks[at(kept ? i : 0)];
        auto const features = c.scratch.template matrix<T>(kept ? 0 : texts.count, projection.out);
        if (!kept) again([&] { forward<F>(c, p, r, layout, i, rows, features, k.prefix, own); });
        backward<F>(c, p, r, layout, i, k.prefix, own, of(d_out, texts), d_rows, g);
      }
      backward_prefix<F>(c, p, r, layout, k, d_rows, g);
      places.add_back(c, Stream<T const>(d_rows), d_inserted);
    }
  }

 private:
  static constexpr std::size_t at(Index i) { return static_cast<std::size_t>(i); }
  /// Whether the reverse goes into the layers.
  template <class F>
  static constexpr bool layers_reverse =
      LayersFlow<F>::below || Layers::template learns<LayersFlow<F>>;

  /// The chunk's samples of rows that each text has for itself, or the rows that all share.
  template <class T>
  static constexpr Stream<T> part(Stream<T> s, TextChunk const& texts) {
    if (s.batch <= 1) return s;
    T* const first = s.data == nullptr ? nullptr : s.data + texts.first * s.batch_stride;
    return {first, texts.count, s.tokens, s.dim, s.batch_stride, s.stride};
  }
  template <class T>
  static constexpr View<T> of(View<T> features, TextChunk const& texts) {
    return features.middle_rows(texts.first, texts.count);
  }
  /// The rows of these texts behind their prefix.
  [[nodiscard]] constexpr StackRun run(TextChunk const& texts, Index prefix) const {
    return {.tokens = texts.tokens - prefix,
            .first_prompt = 0,
            .read = {texts.read.first - prefix, texts.read.count},
            .first_layer = first_layer};
  }
  /// Of the prefix nothing is read in the end: its last layer gives keys and values alone.
  [[nodiscard]] constexpr StackRun prefix_run(Index rows) const {
    return {.tokens = rows, .first_prompt = 0, .read = {}, .first_layer = first_layer};
  }

  // ---- the rows that all texts start with, if any: one sequence ----
  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward_prefix(Context<B>& c, P const& p, R const& r, TextLayout const& layout,
                                Stream<T const> inserted, K& k) const {
    k.prefix = {};
    Index const rows = layout.prefix(inserted.batch <= 1);
    if (rows == 0) return;
    k.prefix.kv = c.template stream<layers_reverse<F>>(facts.depth, rows, 2 * facts.dim);
    ArenaScope const scope(c.scratch);
    StageScope stage(c);
    auto const x = c.template stream<layers_reverse<F>>(1, rows, facts.dim);
    stage.next("embed");
    embed.template forward<EmbedFlow<F>>(c, p.embed, layout.first_text(), part(inserted, {0, 1}),
                                         x);
    c.observe(TapPoint::tokens, first_layer, x);
    auto const nothing = c.scratch.template stream<T>(1, 0, facts.dim);
    stage.end();
    layers.template forward<LayersFlow<F>>(c, p.layers, r, GivenRows<T>{}, Stream<T const>(x),
                                           nothing, k.prefix_layers, prefix_run(rows),
                                           k.prefix.own());
  }
  /// Room for what the texts' reverse gives to the prefix, unless nothing in it learns.
  template <class F, class B, class T, class K>
  constexpr void clear_prefix(Context<B>& c, TextLayout const& layout, Stream<T> d_inserted,
                              K& k) const {
    k.prefix.d_kv = {};
    if constexpr (!layers_reverse<F>) return;
    bool const learns = Layers::template learns<LayersFlow<F>> ||
                        EmbedTokens::learns<EmbedFlow<F>> ||
                        layout.prefix(d_inserted.batch <= 1) > layout.prefix(false);
    if (k.prefix.kv.empty() || !learns) return;
    auto const& kv = k.prefix.kv;
    k.prefix.d_kv = c.scratch.template stream<T>(kv.batch, kv.tokens, kv.dim);
    c.backend.fill(k.prefix.d_kv, T(0));
  }
  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward_prefix(Context<B>& c, P const& p, R& r, TextLayout const& layout,
                                 K const& k, Stream<T> d_inserted, P& g) const {
    if (k.prefix.d_kv.empty()) return;
    ArenaScope const scope(c.scratch);
    StageScope stage(c);
    Index const rows = k.prefix.rows();
    auto const nothing = c.scratch.template stream<T>(1, 0, facts.dim);
    Stream<T> d_x;
    if constexpr (LayersFlow<F>::below) d_x = c.scratch.template stream<T>(1, rows, facts.dim);
    stage.end();
    layers.template backward<LayersFlow<F>>(c, p.layers, r, GivenRows<T>{}, k.prefix_layers,
                                            Stream<T const>(nothing), d_x, g.layers,
                                            prefix_run(rows), k.prefix.own());
    if constexpr (LayersFlow<F>::below) {
      c.observe(TapPoint::tokens_gradient, first_layer, d_x);
      stage.next("embed");
      embed.template backward<EmbedFlow<F>>(c, layout.first_text(), Stream<T const>(d_x),
                                            part(d_inserted, {0, 1}), g.embed);
    }
  }

  // ---- what follows it in each text of a chunk ----
  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, R const& r, TextLayout const& layout,
                         Index chunk, Stream<T const> inserted, View<T> features,
                         SharedPrefix<T> const& prefix, K& k) const {
    TextChunk const& texts = layout.chunk(chunk);
    Index const n = texts.count, dim = facts.dim, before = prefix.rows();
    StackRun const here = run(texts, before);
    StageScope stage(c);
    auto const x = c.template stream<layers_reverse<F>>(n, here.tokens, dim);
    stage.next("embed");
    embed.template forward<EmbedFlow<F>>(c, p.embed, layout.rows(chunk, before),
                                         part(inserted, texts), x);
    c.observe(TapPoint::tokens, first_layer, x);
    auto const last = c.scratch.template stream<T>(n, Layers::out_tokens(here), dim);
    stage.end();
    layers.template forward<LayersFlow<F>>(c, p.layers, r, GivenRows<T>{}, Stream<T const>(x), last,
                                           k.layers, here, prefix);
    auto const ended = c.template stream<NormFlow<F>::reverses>(n, 1, dim);
    c.backend.gather(Stream<T const>(last), layout.ends(chunk), ended);
    auto const normed = c.template stream<ProjectionFlow<F>::learns>(n, 1, dim);
    stage.next("norm");
    norm.template forward<NormFlow<F>>(c, p.norm, Stream<T const>(ended), normed, k.norm);
    stage.next("projection");
    projection.template forward<ProjectionFlow<F>>(c, p.projection, Stream<T const>(normed),
                                                   Stream<T>(features, n), k.projection);
  }
  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, R& r, TextLayout const& layout, Index chunk,
                          SharedPrefix<T> const& prefix, K const& k, View<T const> d_features,
                          Stream<T> d_inserted, P& g) const {
    TextChunk const& texts = layout.chunk(chunk);
    Index const n = texts.count, dim = facts.dim, before = prefix.rows();
    StackRun const here = run(texts, before);
    StageScope stage(c);
    auto const d_normed = c.scratch.template stream<T>(n, 1, dim);
    stage.next("projection");
    projection.template backward<ProjectionFlow<F>>(
        c, p.projection, k.projection, Stream<T const>(d_features, n), d_normed, g.projection);
    auto const d_ended = c.scratch.template stream<T>(n, 1, dim);
    stage.next("norm");
    norm.template backward<NormFlow<F>>(c, p.norm, k.norm, Stream<T const>(d_normed), d_ended,
                                        g.norm);
    if constexpr (NormFlow<F>::below) {
      auto const d_last = c.scratch.template stream<T>(n, Layers::out_tokens(here), dim);
      c.backend.fill(d_last, T(0));
      c.backend.scatter_add(Stream<T const>(d_ended), layout.ends(chunk), d_last);
      Stream<T> d_x;
      if constexpr (LayersFlow<F>::below) d_x = c.scratch.template stream<T>(n, here.tokens, dim);
      stage.end();
      layers.template backward<LayersFlow<F>>(c, p.layers, r, GivenRows<T>{}, k.layers,
                                              Stream<T const>(d_last), d_x, g.layers, here, prefix);
      if constexpr (LayersFlow<F>::below) {
        c.observe(TapPoint::tokens_gradient, first_layer, d_x);
        stage.next("embed");
        embed.template backward<EmbedFlow<F>>(c, layout.rows(chunk, before), Stream<T const>(d_x),
                                              part(d_inserted, texts), g.embed);
      }
    }
  }
};

}  // namespace vlpt
