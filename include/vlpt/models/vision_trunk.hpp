#pragma once
#include "vlpt/autodiff/frozen_rows.hpp"
#include "vlpt/autodiff/stage_scope.hpp"
#include "vlpt/autodiff/trainable.hpp"
#include "vlpt/blocks/encoder_block.hpp"
#include "vlpt/blocks/facts.hpp"
#include "vlpt/blocks/side_stack.hpp"
#include "vlpt/blocks/skip_policy.hpp"
#include "vlpt/models/arch/vision.hpp"
#include "vlpt/ops/embed_patches.hpp"

namespace vlpt {

/// How far a trunk precedes its first learner: layers, all of them and the pooling, all of it.
enum class FrozenPart { nothing, layers, pooled, features };

/// A Vision Transformer from images to features, given its prompt rows: embedding, layers, pooling,
/// norm and, for CLIP, projection.
///   images (batch, channels * image, image) -> features (batch, facts.features())
template <class Act, PromptPolicy Prompt, class Skip, class Rows>
struct VisionTrunk {
  using Policy = typename Skip::template With<Prompt>;  // with what skips put beside it
  using Layer = typename Skip::template Layer<EncoderBlock<Act, Policy>>;
  using Layers = typename StackFor<Layer, Rows, Policy>::Type;
  static constexpr bool searches = requires { requires Skip::searches; };
  static constexpr bool beside = has(Policy::sites, Site::side);

  VisionFacts facts;
  bool draws = false;  // whether frozen layers draw dropout while training
  EmbedPatches embed;
  LayerNorm pre_norm, norm;
  Layers layers;
  Linear projection;

  /// `layers_of_model`: of all towers, of which this one's are the first; 0: there is no other.
  constexpr VisionTrunk(VisionFacts const& f, Prompt const& prompt, Skip const& skip,
                        double dropout, Index layers_of_model = 0)
      : facts(f),
        draws(dropout > 0),
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
    auto const x = embedded<F>(c, p, images, k, Stream<T>{});
    auto const pooled = pool<F>(c, p, r, given, x, View<T>{}, k, stack_run(facts, given.count));
    finish<F>(c, p, View<T const>(pooled), features, k);
  }
  /// The same from what precedes the first learner, which stays until the reverse has run.
  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, R const& r, GivenRows<T> const& given,
                         FrozenRows<T> const& frozen, View<T> features, K& k) const {
    ArenaScope const scope(c.scratch);
    FrozenPart const part = frozen_part<F>();
    if (part == FrozenPart::features)
      return c.backend.copy(Stream<T const>(frozen.values, 1), Stream<T>(features, 1));
    if (part == FrozenPart::pooled) return finish<F>(c, p, frozen.values, features, k);
    Index const streams = frozen_streams();
    Stream<T const> const x(frozen.values.data, frozen.batch, streams * facts.tokens(), facts.dim);
    StackRun run = stack_run(facts, given.count);
    run.entered = streams > 1 ? streams - 1 : frozen_layers<F, T>();
    auto const pooled = pool<F>(c, p, r, given, x, View<T>{}, k, run);
    finish<F>(c, p, View<T const>(pooled), features, k);
  }

  // ---- what precedes the first learner ----
  /// How far everything is the same after any step, if images are.
  template <class F>
  [[nodiscard]] constexpr FrozenPart frozen_part() const {
    if constexpr (LayersFlow<F>::below) return FrozenPart::nothing;
    if (draws || NormFlow<F>::below) return FrozenPart::layers;
    return reverses<F> ? FrozenPart::pooled : FrozenPart::features;
  }
  /// Values of a sample that it gives; 0: nothing precedes the first learner.
  template <class F>
  [[nodiscard]] constexpr Index frozen_width() const {
    FrozenPart const part = frozen_part<F>();
    if (part == FrozenPart::nothing) return 0;
    if (part == FrozenPart::features) return facts.features();
    return part == FrozenPart::layers ? frozen_streams() * facts.tokens() * facts.dim : facts.dim;
  }
  /// rows (batch, frozen_width()) of images. Prepares what it reads itself.
  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward_frozen(Context<B>& c, P const& p, R& r, Stream<T const> images,
                                View<T> rows, K& k) const {
    ArenaScope const scope(c.scratch);
    GivenRows<T> const none{};
    StackRun const run = stack_run(facts, 0);
    Index const first = frozen_layers<F, T>(), streams = frozen_streams();
    if (frozen_part<F>() == FrozenPart::layers) {
      Stream<T> const out(rows.data, images.batch, streams * facts.tokens(), facts.dim);
      bool const direct = first == 0 && streams == 1;
      auto const x = embedded<F>(c, p, images, k, direct ? out : Stream<T>{});
      if constexpr (beside)
        if (!direct) layers.forward_frozen(c, p.layers, r, x, out, k.layers, run);
      if constexpr (Layers::template may_begin_later<LayersFlow<F>>)
        if (first > 0) {
          prepare_frozen(c, layers.layers, first, p.layers.layers, r.layers);
          run_frozen(c, layers.layers, first, p.layers.layers, r.layers, x, out, k.layers.frozen,
                     run);
        }
      return;
    }
    layers.template prepare<LayersFlow<F>>(c, p.layers, r, none, run);
    auto const x = embedded<F>(c, p, images, k, Stream<T>{});
    bool const all = frozen_part<F>() == FrozenPart::features;
    auto const pooled = pool<F>(c, p, r, none, x, all ? View<T>{} : rows, k, run);
    if (all) finish<F>(c, p, View<T const>(pooled), rows, k);
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
  /// Whether the reverse reads the tokens, if no layer precedes the first learner.
  template <class F>
  static constexpr bool keeps_tokens =
      LayersFlow<F>::below || Layers::template learns<LayersFlow<F>>;
  /// The streams of tokens that end the frozen part within the layers: a side network reads many.
  [[nodiscard]] constexpr Index frozen_streams() const {
    return beside && !draws && !searches ? facts.depth + 1 : 1;
  }
  /// The layers before that end.
  template <class F, class T>
  [[nodiscard]] constexpr Index frozen_layers() const {
    return draws || searches ? 0 : layers.template first_learner<LayersFlow<F>, T>();
  }
  /// The tokens of images, in `out` if there is one.
  template <class F, class B, class P, class T, class K>
  constexpr Stream<T const> embedded(Context<B>& c, P const& p, Stream<T const> images, K& k,
                                     Stream<T> out) const {
    StageScope stage(c, "embed");
    bool const kept = keeps_tokens<F> && frozen_layers<F, T>() == 0;
    auto const room = [&] {
      return (kept ? c.tape : c.scratch)
          .template stream<T>(images.batch, facts.tokens(), facts.dim);
    };
    Stream<T> x = facts.pre_norm || out.empty() ? room() : out;
    embed.template forward<EmbedFlow<F>>(c, p.embed, images, x, k.embed);
    if (facts.pre_norm) {
      auto const y = out.empty() ? room() : out;
      stage.next("pre_norm");
      pre_norm.template forward<PreNormFlow<F>>(c, p.pre_norm, Stream<T const>(x), y, k.pre_norm);
      x = y;
    }
    c.observe(TapPoint::tokens, 0, x);
    return x;
  }
  /// The mean of the rows that are read of what the layers give; in `out` if there is one.
  template <class F, class B, class P, class R, class T, class K>
  constexpr View<T> pool(Context<B>& c, P const& p, R const& r, GivenRows<T> const& given,
                         Stream<T const> x, View<T> out, K& k, StackRun const& run) const {
    auto const last = c.scratch.template stream<T>(x.batch, Layers::out_tokens(run), x.dim);
    layers.template forward<LayersFlow<F>>(c, p.layers, r, given, x, last, k.layers, run);
    if (out.empty()) out = c.template matrix<NormFlow<F>::reverses>(x.batch, x.dim);
    c.backend.mean_rows(read_rows(last, run), out);
    return out;
  }
  /// From pooled rows to features.
  template <class F, class B, class P, class T, class K>
  constexpr void finish(Context<B>& c, P const& p, View<T const> pooled, View<T> features,
                        K& k) const {
    Index const batch = pooled.rows;
    auto const normed = facts.projection == 0
                            ? features
                            : c.template matrix<ProjectionFlow<F>::learns>(batch, facts.dim);
    StageScope stage(c, "norm");
    norm.template forward<NormFlow<F>>(c, p.norm, Stream<T const>(pooled, batch),
                                       Stream<T>(normed, batch), k.norm);
    stage.next("projection");
    if (facts.projection > 0)
      projection.template forward<ProjectionFlow<F>>(c, p.projection,
                                                     Stream<T const>(normed, batch),
                                                     Stream<T>(features, batch), k.projection);
  }
  /// The rows that are pooled, among those that the last layer gives.
  template <class T>
  static constexpr Stream<T> read_rows(Stream<T> last, StackRun const& run) {
    return last.range(Rows::all ? run.read.first : 0, run.read.count);
  }
};

}  // namespace vlpt
