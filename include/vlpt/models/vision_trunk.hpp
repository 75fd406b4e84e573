#pragma once
#include "vlpt/autodiff/stage_scope.hpp"
#include "vlpt/autodiff/trainable.hpp"
#include "vlpt/blocks/encoder_block.hpp"
#include "vlpt/blocks/facts.hpp"
#include "vlpt/blocks/side_stack.hpp"
#include "vlpt/blocks/skip_policy.hpp"
#include "vlpt/models/arch/vision.hpp"
#include "vlpt/ops/embed_patches.hpp"

namespace vlpt {

/// A Vision Transformer from images to features, given its prompt rows: embedding, layers, pooling,
/// norm and, for CLIP, projection.
///   images (batch, channels * image, image) -> features (batch, facts.features())
template <class Act, PromptPolicy Prompt, class Skip, class Rows>
struct VisionTrunk {
  using Policy = typename Skip::template With<Prompt>;  // with what skips put beside it
  using Layer = typename Skip::template Layer<EncoderBlock<Act, Policy>>;
  using Layers = typename StackFor<Layer, Rows, Policy>::Type;

  VisionFacts facts;
  EmbedPatches embed;
  LayerNorm pre_norm, norm;
  Layers layers;
  Linear projection;

  /// `layers_of_model`: of all towers, of which this one's are the first; 0: there is no other.
  constexpr VisionTrunk(VisionFacts const& f, Prompt const& prompt, Skip const& skip,
                        double dropout, Index layers_of_model = 0)
      : facts(f),
        embed{f.image, f.channels, f.patch, f.dim, f.patch_bias, f.learned_positions},
        pre_norm{f.dim, f.eps},
        norm{f.dim, f.eps},
        projection{.in = f.dim, .out = f.projection, .bias = false} {
    facts.check();
    skip.check(layers_of_model > 0 ? layers_of_model : f.depth);
    Policy const policy = skip.with(prompt);
    Index const running = running_layers(skip, 0, f.depth);
    for (Index l = 0; l < f.depth; ++l) {
      auto const at = f.at(l, running);
      add_layer(layers, skip.layer(EncoderBlock<Act, Policy>(at, policy, dropout), at), policy, at,
                skip.runs(l));
    }
  }

  // ---- how learning flows through the stages ----
  template <class F>
  using EmbedFlow = typename F::template child<"embed">;
  template <class F>
  using PreNormFlow = typename F::template child<"pre_norm">::template with_below<
      F::below || EmbedPatches::learns<EmbedFlow<F>>>;
  template <class F>
  using LayersFlow =
      typename F::template child<"layers">::template with_below<PreNormFlow<F>::below ||
                                                                PreNormFlow<F>::learns>;
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
    EmbedPatches::Params<T> embed;
    LayerNorm::Params<T> pre_norm, norm;
    typename Layers::template Params<T> layers;
    Linear::Params<T> projection;
  };
  template <class T>
  using Prepared = typename Layers::template Prepared<T>;
  template <class T, class F>
  struct Cache {
    EmbedPatches::Cache<T, EmbedFlow<F>> embed;
    LayerNorm::Cache<T, PreNormFlow<F>> pre_norm;
    typename Layers::template Cache<T, LayersFlow<F>> layers;
    LayerNorm::Cache<T, NormFlow<F>> norm;
    Linear::Cache<T, ProjectionFlow<F>> projection;
  };

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    visit_part(v, "embed", [&] { embed.template visit<EmbedFlow<F>>(p.embed, v); });
    if (facts.pre_norm)
      visit_part(v, "pre_norm", [&] { pre_norm.template visit<PreNormFlow<F>>(p.pre_norm, v); });
    layers.template visit<LayersFlow<F>>(p.layers, v);
    visit_part(v, "norm", [&] { norm.template visit<NormFlow<F>>(p.norm, v); });
    if (facts.projection > 0)
      visit_part(v, "projection",
                 [&] { projection.template visit<ProjectionFlow<F>>(p.projection, v); });
  }

  template <class F, class B, class P, class R, class T>
  constexpr void prepare(Context<B>& c, P const& p, R& r, GivenRows<T> const& given) const {
    layers.template prepare<LayersFlow<F>>(c, p.layers, r, given, stack_run(facts, given.count));
  }
  template <class F, class B, class P, class R, class T>
  constexpr void prepare_backward(Context<B>& c, P const& p, R& r, GivenRows<T> const& given,
                                  P& g) const {
    layers.template prepare_backward<LayersFlow<F>>(c, p.layers, r, given, g.layers,
                                                    stack_run(facts, given.count));
  }

  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, R const& r, GivenRows<T> const& given,
                         Stream<T const> images, View<T> features, K& k) const {
    ArenaScope const scope(c.scratch);
    StageScope stage(c);
    Index const batch = images.batch, dim = facts.dim, n = facts.tokens();
    StackRun const run = stack_run(facts, given.count);
    constexpr bool keep_tokens = LayersFlow<F>::below || Layers::template learns<LayersFlow<F>>;
    auto x = c.template stream < keep_tokens || PreNormFlow<F>::reverses > (batch, n, dim);
    stage.next("embed");
    embed.template forward<EmbedFlow<F>>(c, p.embed, images, x, k.embed);
    if (facts.pre_norm) {
      auto const y = c.template stream<keep_tokens>(batch, n, dim);
      stage.next("pre_norm");
      pre_norm.template forward<PreNormFlow<F>>(c, p.pre_norm, Stream<T const>(x), y, k.pre_norm);
      x = y;
    }
    c.observe(TapPoint::tokens, 0, x);
    auto const last = c.scratch.template stream<T>(batch, Layers::out_tokens(run), dim);
    stage.end();
    layers.template forward<LayersFlow<F>>(c, p.layers, r, given, Stream<T const>(x), last,
                                           k.layers, run);
    auto const pooled = c.template matrix<NormFlow<F>::reverses>(batch, dim);
    c.backend.mean_rows(read_rows(last, run), pooled);
    auto const normed =
        facts.projection == 0 ? features : c.template matrix<ProjectionFlow<F>::learns>(batch, dim);
    stage.next("norm");
    norm.template forward<NormFlow<F>>(c, p.norm, Stream<T const>(pooled, batch),
                                       Stream<T>(normed, batch), k.norm);
    stage.next("projection");
    if (facts.projection > 0)
      projection.template forward<ProjectionFlow<F>>(c, p.projection,
                                                     Stream<T const>(normed, batch),
                                                     Stream<T>(features, batch), k.projection);
  }

  /// d_images is overwritten if the flow has something below.
  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, R& r, GivenRows<T> const& given, K const& k,
                          View<T const> d_features, Stream<T> d_images, P& g) const {
    ArenaScope const scope(c.scratch);
    StageScope stage(c);
    Index const batch = d_features.rows, dim = facts.dim, n = facts.tokens();
    StackRun const run = stack_run(facts, given.count);
    View<T const> d_normed = d_features;
    if (facts.projection > 0) {
      View<T> const d = c.scratch.template matrix<T>(batch, dim);
      stage.next("projection");
      projection.template backward<ProjectionFlow<F>>(c, p.projection, k.projection,
                                                      Stream<T const>(d_features, batch),
                                                      Stream<T>(d, batch), g.projection);
      d_normed = d;
    }
    auto const d_pooled = c.scratch.template matrix<T>(batch, dim);
    stage.next("norm");
    norm.template backward<NormFlow<F>>(c, p.norm, k.norm, Stream<T const>(d_normed, batch),
                                        Stream<T>(d_pooled, batch), g.norm);
    if constexpr (NormFlow<F>::below) {
      auto const d_last = c.scratch.template stream<T>(batch, Layers::out_tokens(run), dim);
      if (Rows::all) c.backend.fill(d_last, T(0));
      c.backend.mean_rows_reverse(View<T const>(d_pooled), read_rows(d_last, run));
      Stream<T> d_x;
      if constexpr (LayersFlow<F>::below) d_x = c.scratch.template stream<T>(batch, n, dim);
      stage.end();
      layers.template backward<LayersFlow<F>>(c, p.layers, r, given, k.layers,
                                              Stream<T const>(d_last), d_x, g.layers, run);
      if constexpr (LayersFlow<F>::below) {
        c.observe(TapPoint::tokens_gradient, 0, d_x);
        if (facts.pre_norm) {
          auto const d = c.scratch.template stream<T>(batch, n, dim);
          stage.next("pre_norm");
          pre_norm.template backward<PreNormFlow<F>>(c, p.pre_norm, k.pre_norm,
                                                     Stream<T const>(d_x), d, g.pre_norm);
          d_x = d;
        }
        stage.next("embed");
        embed.template backward<EmbedFlow<F>>(c, p.embed, k.embed, Stream<T const>(d_x), d_images,
                                              g.embed);
      }
    }
  }

 private:
  /// The rows that are pooled, among those that the last layer gives.
  template <class T>
  static constexpr Stream<T> read_rows(Stream<T> last, StackRun const& run) {
    return last.range(Rows::all ? run.read.first : 0, run.read.count);
  }
};

}  // namespace vlpt
