#pragma once
#include "vlpt/autodiff/cost_of.hpp"
#include "vlpt/autodiff/stage_scope.hpp"
#include "vlpt/blocks/check_read.hpp"
#include "vlpt/core/tokens.hpp"
#include "vlpt/models/each_task_head.hpp"
#include "vlpt/models/images.hpp"
#include "vlpt/models/vision_settings.hpp"
#include "vlpt/models/vision_trunk.hpp"
#include "vlpt/policies/prompt/none.hpp"
#include "vlpt/policies/skip/dense.hpp"

namespace vlpt {

/// A Vision Transformer (ViT, MAE, MoCo v3, CLIP's image tower), how it is prompted, what it skips,
/// which weights learn, and which rows are computed; with classes > 0 a trainable linear head.
///   images (batch, channels * image, image) -> (batch, classes), or features without a head.
template <Arch A, PromptPolicy Prompt = prompt::None, SkipPolicy Skip = skip::Dense,
          class Learn = learn::Policy, class Rows = rows::Live>
struct VisionTower {
  static_assert(fits_depth<Skip, A::depth>,
                "a layer to skip lies past the depth of the architecture");
  static_assert(!has(Prompt::sites, Site::text_context | Site::text_shift | Site::dual_rows),
                "this policy needs a text tower: use it in a DualEncoder");
  using ArchType = A;
  using PromptType = Prompt;
  using SkipType = Skip;
  template <class R>
  using WithRows = VisionTower<A, Prompt, Skip, Learn, R>;
  using Settings = VisionSettings<A, Prompt, Skip>;
  using Trunk = VisionTrunk<typename A::Activation, Prompt, Skip, Rows>;
  using Source = decltype(row_source(Prompt{}, LayerFacts{}));
  using Head = HeadFor<Prompt, Trainable<Linear>>;
  static constexpr bool has_tasks = vlpt::has_tasks<Prompt>;
  template <class T>
  using Input = Stream<T const>;
  template <class T>
  using InputGradient = Stream<T>;

  VisionFacts facts;
  Prompt prompt_policy;
  Skip skip_policy;
  Tasks tasks;
  Index classes = 0;
  double dropout = 0;
  Trunk trunk;
  Source source;
  Head head;

  constexpr VisionTower() : VisionTower(Settings{}) {}
  constexpr explicit VisionTower(Settings const& s)
      : facts(s.facts),
        prompt_policy(s.prompt),
        skip_policy(s.skip),
        tasks(tasks_of(s.prompt, s.classes)),
        classes(has_tasks ? tasks.classes() : s.classes),
        dropout(s.dropout),
        trunk(s.facts, s.prompt, s.skip, s.dropout),
        source(row_source(s.prompt, s.facts.at(0, running_layers(s.skip, 0, s.facts.depth)))),
        head(head_for<Head>(tasks, s.classes, [&](Index outputs) {
          return Trainable<Linear>{{.in = facts.features(),
                                    .out = outputs,
                                    .weight_init = s.head_init,
                                    .bias_init = s.head_bias}};
        })) {
    check_read(source, stack_run(facts, source.count));
    if (source.count == 0 && facts.pool == Pool::mean_prompts)
      throw InputError("pooling over prompts needs a policy that has prompt rows");
  }

  // ---- how learning flows through the stages ----
  using TrainFlow = Flow<Learn, Learn::input>;
  template <class F>
  using SourceFlow = typename F::template child<"prompt">;
  template <class F>
  using HeadFlow =
      typename F::template child<"head">::template with_below<Trunk::template reverses<F>>;
  /// Whether anything below the head learns; if not, features can be computed once and kept.
  static constexpr bool trunk_learns = HeadFlow<TrainFlow>::below;

  template <class T>
  struct Params {
    typename Trunk::template Params<T> trunk;
    typename Source::template Params<T> prompt;
    typename Head::template Params<T> head;
  };
  template <class T>
  struct Prepared {
    typename Trunk::template Prepared<T> trunk;
    typename Source::template Prepared<T> prompt;
  };
  template <class T, class F>
  struct Cache {
    typename Trunk::template Cache<T, F> trunk;
    typename Head::template Cache<T, HeadFlow<F>> head;
  };

  // ---- facts ----
  [[nodiscard]] constexpr Index prompts() const { return source.count; }
  [[nodiscard]] constexpr Index output_width() const {
    return classes > 0 ? classes : facts.features();
  }
  /// Every policy's exact cost, known to the compiler.
  [[nodiscard]] static constexpr Cost cost(Tokens tokens = {}) {
    return cost_of(VisionTower(Settings::of(tokens)), tokens.batch);
  }
  /// Images without memory, to plan a run with.
  template <class T>
  [[nodiscard]] constexpr Stream<T> blank(Index batch) const {
    return blank_images<T>(facts, batch);
  }
  template <class T>
  void check(Stream<T> images) const {
    check_images(facts, images);
  }

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    trunk.template visit<F>(p.trunk, v);
    if constexpr (!std::is_same_v<Source, NoRows>) {
      v.enter("prompt");
      source.template visit<SourceFlow<F>>(p.prompt, v);
      v.leave();
    }
    if (classes > 0) {
      v.enter("head");
      head.template visit<HeadFlow<F>>(p.head, v);
      v.leave();
    }
  }

  /// What depends on parameters alone: once a step in training, once a load in inference.
  template <class F, class B, class P, class R>
  constexpr void prepare(Context<B>& c, P const& p, R& r, Index batch) const {
    StageScope stage(c, "prompt");
    source.template prepare<SourceFlow<F>>(c, p.prompt, r.prompt, batch);
    stage.end();
    trunk.template prepare<F>(c, p.trunk, r.trunk, r.prompt.given);
  }
  template <class F, class B, class P, class R>
  constexpr void prepare_backward(Context<B>& c, P const& p, R& r, P& g) const {
    trunk.template prepare_backward<F>(c, p.trunk, r.trunk, r.prompt.given, g.trunk);
    StageScope const stage(c, "prompt");
    source.template prepare_backward<SourceFlow<F>>(c, p.prompt, r.prompt, g.prompt);
  }

  /// Values of a sample that everything before the first learner gives; 0: nothing precedes it.
  template <class F>
  [[nodiscard]] constexpr Index frozen_width() const {
    return trunk.template frozen_width<F>();
  }
  /// rows (batch, frozen_width()), with nothing prepared.
  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward_frozen(Context<B>& c, P const& p, R& r, Stream<T const> images,
                                View<T> rows, K& k) const {
    trunk.template forward_frozen<F>(c, p.trunk, r.trunk, images, rows, k.trunk);
  }
  /// features (batch, features()): everything below the head.
  template <class F, class B, class P, class R, class In, class T, class K>
  constexpr void forward_trunk(Context<B>& c, P const& p, R const& r, In const& images,
                               View<T> features, K& k) const {
    trunk.template forward<F>(c, p.trunk, r.trunk, r.prompt.given, images, features, k.trunk);
  }
  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward_head(Context<B>& c, P const& p, R const&, View<T const> features,
                              View<T> logits, K& k) const {
    StageScope const stage(c, "head");
    head.template forward<HeadFlow<F>>(c, p.head, Stream<T const>(features, features.rows),
                                       Stream<T>(logits, logits.rows), k.head);
  }
  /// out (batch, output_width()) of images, or of FrozenRows.
  template <class F, class B, class P, class R, class In, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, R const& r, In const& images, View<T> out,
                         K& k) const {
    if (classes == 0) return forward_trunk<F>(c, p, r, images, out, k);
    ArenaScope const scope(c.scratch);
    auto const features =
        c.template matrix<HeadFlow<F>::marked::learns>(images.batch, facts.features());
    forward_trunk<F>(c, p, r, images, features, k);
    forward_head<F>(c, p, r, View<T const>(features), out, k);
  }

  /// d_images is overwritten if the scope asks for it (learn::Input).
  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, R& r, K const& k, View<T const> d_out,
                          Stream<T> d_images, P& g) const {
    ArenaScope const scope(c.scratch);
    if (classes == 0)
      return trunk.template backward<F>(c, p.trunk, r.trunk, r.prompt.given, k.trunk, d_out,
                                        d_images, g.trunk);
    View<T> d_features;
    if constexpr (HeadFlow<F>::below)
      d_features = c.scratch.template matrix<T>(d_out.rows, facts.features());
    backward_head<F>(c, p, r, k, d_out, d_features, g);
    if constexpr (HeadFlow<F>::below)
      trunk.template backward<F>(c, p.trunk, r.trunk, r.prompt.given, k.trunk,
                                 View<T const>(d_features), d_images, g.trunk);
  }
  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward_head(Context<B>& c, P const& p, R const&, K const& k,
                               View<T const> d_logits, View<T> d_features, P& g) const {
    StageScope const stage(c, "head");
    head.template backward<HeadFlow<F>>(c, p.head, k.head, Stream<T const>(d_logits, d_logits.rows),
                                        Stream<T>(d_features, d_features.rows), g.head);
  }
};

}  // namespace vlpt
