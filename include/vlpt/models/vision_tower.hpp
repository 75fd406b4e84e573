#pragma once
#include "vlpt/autodiff/cost_of.hpp"
#include "vlpt/autodiff/trainable.hpp"
#include "vlpt/blocks/encoder_block.hpp"
#include "vlpt/blocks/stack.hpp"
#include "vlpt/core/tokens.hpp"
#include "vlpt/models/vision_settings.hpp"
#include "vlpt/ops/embed_patches.hpp"
#include "vlpt/policies/prompt/none.hpp"
#include "vlpt/policies/skip/dense.hpp"

namespace vlpt {

/// A Vision Transformer (ViT, MAE, MoCo v3, CLIP's image tower), how it is prompted, what it skips,
/// which weights learn, and which rows are computed; with classes > 0 a trainable linear head.
///   images (batch, channels * image, image) -> (batch, classes), or features without a head.
template <Arch A, PromptPolicy Prompt = prompt::None, SkipPolicy Skip = skip::Dense,
          class Learn = learn::Policy, class Rows = rows::Live>
struct VisionTower {
  using ArchType = A;
  using PromptType = Prompt;
  using SkipType = Skip;
  using Settings = VisionSettings<A, Prompt, Skip>;
  using Block = typename Skip::template Layer<EncoderBlock<typename A::Activation, Prompt>>;
  using Layers = Stack<Block, Rows>;

  VisionFacts facts;
  Prompt prompt_policy;
  Index classes = 0;
  double dropout = 0;
  EmbedPatches embed;
  LayerNorm pre_norm, norm;
  PromptRows prompt;
  Layers layers;
  Linear projection;
  Trainable<Linear> head;

  constexpr VisionTower() : VisionTower(Settings{}) {}
  constexpr explicit VisionTower(Settings const& s)
      : facts(s.facts),
        prompt_policy(s.prompt),
        classes(s.classes),
        dropout(s.dropout),
        embed{facts.image, facts.channels,   facts.patch,
              facts.dim,   facts.patch_bias, facts.learned_positions},
        pre_norm{facts.dim, facts.eps},
        norm{facts.dim, facts.eps},
        prompt(rows_of<Site::token_rows>(s.prompt, facts)),
        projection{.in = facts.dim, .out = facts.projection, .bias = false},
        head{Linear{.in = facts.features(),
                    .out = s.classes,
                    .weight_init = s.head_init,
                    .bias_init = s.head_bias}} {
    facts.check();
    if (prompts() == 0 && facts.pool == Pool::mean_prompts)
      throw InputError("pooling over prompts needs a policy that has prompt rows");
    for (Index l = 0; l < facts.depth; ++l)
      layers.layers.push_back(s.skip.layer(
          EncoderBlock<typename A::Activation, Prompt>(facts, s.prompt, dropout), facts, l));
  }

  // ---- how learning flows through the stages ----
  using TrainFlow = Flow<Learn, Learn::input>;
  template <class F>
  using EmbedFlow = typename F::template child<"embed">;
  template <class F>
  using PreNormFlow = typename F::template child<"pre_norm">::template with_below<
      F::below || EmbedPatches::learns<EmbedFlow<F>>>;
  template <class F>
  static constexpr bool tokens_learn = PreNormFlow<F>::below || PreNormFlow<F>::learns ||
                                       (has(Prompt::sites, Site::token_rows) && F::marked::learns);
  template <class F>
  using LayersFlow = typename F::template child<"layers">::template with_below<tokens_learn<F>>;
  template <class F>
  using NormFlow = typename F::template child<"norm">::template with_below<
      tokens_learn<F> || Layers::template learns<LayersFlow<F>>>;
  template <class F>
  using ProjectionFlow =
      typename F::template child<"projection">::template with_below<NormFlow<F>::reverses>;
  template <class F>
  using HeadFlow =
      typename F::template child<"head">::template with_below<ProjectionFlow<F>::reverses>;
  /// Whether anything below the head learns; if not, features can be computed once and kept.
  static constexpr bool trunk_learns = HeadFlow<TrainFlow>::below;

  template <class T>
  struct Params {
    EmbedPatches::Params<T> embed;
    LayerNorm::Params<T> pre_norm, norm;
    PromptRows::Params<T> prompt;
    typename Layers::template Params<T> layers;
    Linear::Params<T> projection, head;
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
    typename Trainable<Linear>::Cache<T, HeadFlow<F>> head;
  };

  // ---- facts ----
  [[nodiscard]] constexpr Index prompts() const {
    return has(Prompt::sites, Site::token_rows)
               ? prompt.count
               : rows_of<Site::layer_rows>(prompt_policy, facts).count;
  }
  [[nodiscard]] constexpr Index output_width() const {
    return classes > 0 ? classes : facts.features();
  }
  /// Every policy's exact cost, known to the compiler. tokens.image is ignored: facts decide.
  [[nodiscard]] static constexpr Cost cost(Tokens tokens = {}) {
    return cost_of(VisionTower{}, tokens.batch);
  }
  [[nodiscard]] constexpr StackRun run() const { return stack_run(facts, prompts()); }

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    auto const part = [&v](std::string_view name, auto&& inside) {
      v.enter(name);
      inside();
      v.leave();
    };
    part("embed", [&] { embed.template visit<EmbedFlow<F>>(p.embed, v); });
    if (facts.pre_norm)
      part("pre_norm", [&] { pre_norm.template visit<PreNormFlow<F>>(p.pre_norm, v); });
    if constexpr (has(Prompt::sites, Site::token_rows))
      part("prompt", [&] { prompt.template visit<F>(p.prompt, v); });
    layers.template visit<LayersFlow<F>>(p.layers, v);
    part("norm", [&] { norm.template visit<NormFlow<F>>(p.norm, v); });
    if (facts.projection > 0)
      part("projection", [&] { projection.template visit<ProjectionFlow<F>>(p.projection, v); });
    if (classes > 0) part("head", [&] { head.template visit<HeadFlow<F>>(p.head, v); });
  }

  /// What depends on parameters alone: once a step in training, once a load in inference.
  template <class B, class P, class T>
  constexpr void prepare(Context<B>& c, P const& p, Prepared<T>& r, Index batch) const {
    layers.prepare(c, p.layers, r, batch, run());
  }
  template <class F, class B, class P, class T>
  constexpr void prepare_backward(Context<B>& c, P const& p, Prepared<T> const& r, P& g) const {
    layers.template prepare_backward<LayersFlow<F>>(c, p.layers, r, g.layers, run());
  }

  /// features (batch, features()): everything below the head.
  template <class F, class B, class P, class T, class K>
  constexpr void forward_trunk(Context<B>& c, P const& p, Prepared<T> const& r,
                               Stream<T const> images, View<T> features, K& k) const {
    ArenaScope const scope(c.scratch);
    Index const batch = images.batch, dim = facts.dim, n = facts.tokens();
    StackRun const how = run();
    constexpr bool keep_tokens = LayersFlow<F>::below || Layers::template learns<LayersFlow<F>>;
    auto x = c.template stream < keep_tokens || PreNormFlow<F>::reverses > (batch, n, dim);
    embed.template forward<EmbedFlow<F>>(c, p.embed, images, x, k.embed);
    if (facts.pre_norm) {
      auto const y = c.template stream<keep_tokens>(batch, n, dim);
      pre_norm.template forward<PreNormFlow<F>>(c, p.pre_norm, Stream<T const>(x), y, k.pre_norm);
      x = y;
    }
    c.observe(TapPoint::tokens, 0, x);
    if constexpr (has(Prompt::sites, Site::token_rows)) {
      auto const y = c.template stream<keep_tokens>(batch, how.tokens, dim);
      c.backend.copy(x.range(0, 1), y.range(0, 1));
      prompt.emit(c, p.prompt, 0, y.range(1, how.prompts));
      c.backend.copy(x.range(1, n - 1), y.range(1 + how.prompts, n - 1));
      x = y;
    }
    auto const last = c.scratch.template stream<T>(batch, Layers::out_tokens(how), dim);
    layers.template forward<LayersFlow<F>>(c, p.layers, r, Stream<T const>(x), last, k.layers, how);
    auto const pooled = c.template matrix<NormFlow<F>::reverses>(batch, dim);
    c.backend.mean_rows(last.range(Rows::all ? how.read.first : 0, how.read.count), pooled);
    auto const normed =
        facts.projection == 0 ? features : c.template matrix<ProjectionFlow<F>::learns>(batch, dim);
    norm.template forward<NormFlow<F>>(c, p.norm, Stream<T const>(pooled, batch),
                                       Stream<T>(normed, batch), k.norm);
    if (facts.projection > 0)
      projection.template forward<ProjectionFlow<F>>(c, p.projection,
                                                     Stream<T const>(normed, batch),
                                                     Stream<T>(features, batch), k.projection);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void forward_head(Context<B>& c, P const& p, View<T const> features, View<T> logits,
                              K& k) const {
    head.template forward<HeadFlow<F>>(c, p.head, Stream<T const>(features, features.rows),
                                       Stream<T>(logits, logits.rows), k.head);
  }
  /// out (batch, output_width()).
  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, Prepared<T> const& r, Stream<T const> images,
                         View<T> out, K& k) const {
    if (classes == 0) return forward_trunk<F>(c, p, r, images, out, k);
    ArenaScope const scope(c.scratch);
    auto const features =
        c.template matrix<HeadFlow<F>::marked::learns>(images.batch, facts.features());
    forward_trunk<F>(c, p, r, images, features, k);
    forward_head<F>(c, p, View<T const>(features), out, k);
  }

  /// d_images is overwritten if the scope asks for it (learn::Input).
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, Prepared<T>& r, K const& k,
                          View<T const> d_out, Stream<T> d_images, P& g) const {
    ArenaScope const scope(c.scratch);
    Index const batch = d_out.rows;
    if (classes == 0) return backward_trunk<F>(c, p, r, k, d_out, d_images, g);
    View<T> d_features;
    if constexpr (HeadFlow<F>::below)
      d_features = c.scratch.template matrix<T>(batch, facts.features());
    backward_head<F>(c, p, k, d_out, d_features, g);
    if constexpr (HeadFlow<F>::below)
      backward_trunk<F>(c, p, r, k, View<T const>(d_features), d_images, g);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward_head(Context<B>& c, P const& p, K const& k, View<T const> d_logits,
                               View<T> d_features, P& g) const {
    head.template backward<HeadFlow<F>>(c, p.head, k.head, Stream<T const>(d_logits, d_logits.rows),
                                        Stream<T>(d_features, d_features.rows), g.head);
  }

 private:
  template <class F, class B, class P, class T, class K>
  constexpr void backward_trunk(Context<B>& c, P const& p, Prepared<T>& r, K const& k,
                                View<T const> d_features, Stream<T> d_images, P& g) const {
    ArenaScope const scope(c.scratch);
    Index const batch = d_features.rows, dim = facts.dim, n = facts.tokens();
    StackRun const how = run();
    View<T const> d_normed = d_features;
    if (facts.projection > 0) {
      View<T> const d = c.scratch.template matrix<T>(batch, dim);
      projection.template backward<ProjectionFlow<F>>(c, p.projection, k.projection,
                                                      Stream<T const>(d_features, batch),
                                                      Stream<T>(d, batch), g.projection);
      d_normed = d;
    }
    auto const d_pooled = c.scratch.template matrix<T>(batch, dim);
    norm.template backward<NormFlow<F>>(c, p.norm, k.norm, Stream<T const>(d_normed, batch),
                                        Stream<T>(d_pooled, batch), g.norm);
    if constexpr (NormFlow<F>::below) {
      auto const d_last = c.scratch.template stream<T>(batch, Layers::out_tokens(how), dim);
      if (Rows::all) c.backend.fill(d_last, T(0));
      c.backend.mean_rows_reverse(View<T const>(d_pooled),
                                  d_last.range(Rows::all ? how.read.first : 0, how.read.count));
      Stream<T> d_x;
      if constexpr (LayersFlow<F>::below)
        d_x = c.scratch.template stream<T>(batch, layer_rows(how), dim);
      layers.template backward<LayersFlow<F>>(c, p.layers, r, k.layers, Stream<T const>(d_last),
                                              d_x, g.layers, how);
      if constexpr (LayersFlow<F>::below) {
        auto d_tokens = d_x;
        if constexpr (has(Prompt::sites, Site::token_rows)) {
          if (!g.prompt.rows.empty())
            prompt.absorb(c, 0, Stream<T const>(d_x.range(1, how.prompts)), g.prompt);
          if constexpr (PreNormFlow<F>::reverses) {
            d_tokens = c.scratch.template stream<T>(batch, n, dim);
            c.backend.copy(Stream<T const>(d_x.range(0, 1)), d_tokens.range(0, 1));
            c.backend.copy(Stream<T const>(d_x.range(1 + how.prompts, n - 1)),
                           d_tokens.range(1, n - 1));
          }
        }
        if constexpr (PreNormFlow<F>::reverses) {
          c.observe(TapPoint::tokens_gradient, 0, d_tokens);
          if (facts.pre_norm) {
            auto const d = c.scratch.template stream<T>(batch, n, dim);
            pre_norm.template backward<PreNormFlow<F>>(c, p.pre_norm, k.pre_norm,
                                                       Stream<T const>(d_tokens), d, g.pre_norm);
            d_tokens = d;
          }
          embed.template backward<EmbedFlow<F>>(c, p.embed, k.embed, Stream<T const>(d_tokens),
                                                d_images, g.embed);
        }
      }
    }
  }
  /// Rows of the stream that enters the first layer.
  [[nodiscard]] constexpr Index layer_rows(StackRun const& how) const {
    return has(Prompt::sites, Site::token_rows) ? how.tokens : facts.tokens();
  }
};

}  // namespace vlpt
