#pragma once
#include "vlpt/autodiff/cost_of.hpp"
#include "vlpt/autodiff/stage_scope.hpp"
#include "vlpt/blocks/check_read.hpp"
#include "vlpt/blocks/dual_rows.hpp"
#include "vlpt/core/real.hpp"
#include "vlpt/core/tokens.hpp"
#include "vlpt/models/dual_settings.hpp"
#include "vlpt/models/images.hpp"
#include "vlpt/models/own_classes.hpp"
#include "vlpt/models/shifted_scores.hpp"
#include "vlpt/models/vision_trunk.hpp"
#include "vlpt/policies/skip/dense.hpp"

namespace vlpt {

/// CLIP: an image tower and a text tower that meet in one space, how they are prompted, and the
/// texts of the classes.
///   images (batch, channels * image, image) -> logits (batch, classes) = e^s <f / |f|, t / |t|>
/// The features t of the classes depend on parameters alone, unless an image shifts the context:
/// they are computed once a step or load, never once a sample. Where the policy has tasks, class k
/// of the texts belongs to the task that has k, and other classes are minus infinity for a sample.
/// Parameters are image.*, text.*, logit_scale and prompt.*. Layers are numbered through both
/// towers, the image's first.
template <Arch A, PromptPolicy Prompt = prompt::None, SkipPolicy Skip = skip::Dense,
          class Learn = learn::Policy, class Rows = rows::Live>
struct DualEncoder {
  static_assert(fits_depth<Skip, depth_of_towers<A>>,
                "a layer to skip lies past the depth of the architecture's two towers");
  using ArchType = A;
  using PromptType = Prompt;
  using SkipType = Skip;
  template <class R>
  using WithRows = DualEncoder<A, Prompt, Skip, Learn, R>;
  using Settings = DualSettings<A, Prompt, Skip>;
  using Trunk = VisionTrunk<typename A::Activation, Prompt, Skip, Rows>;
  using Text = TextTower<typename A::Activation, Skip, Rows>;
  using Source = decltype(dual_source(Prompt{}, LayerFacts{}, LayerFacts{}, Index{}));
  using Scores = decltype(class_scores(std::declval<Text>(), TextLayout{}, Prompt{}, Index{}));
  template <class T>
  using Input = Stream<T const>;
  template <class T>
  using InputGradient = Stream<T>;
  static constexpr bool has_tasks = vlpt::has_tasks<Prompt>;

  VisionFacts facts;
  Prompt prompt_policy;
  Skip skip_policy;
  Tasks tasks;
  double dropout = 0;
  Trunk trunk;
  Source source;
  Scores scores;

  constexpr DualEncoder() : DualEncoder(Settings{}) {}
  constexpr explicit DualEncoder(Settings const& s)
      : facts(s.facts),
        prompt_policy(s.prompt),
        skip_policy(s.skip),
        tasks(tasks_of(s.prompt, s.texts.classes)),
        dropout(s.dropout),
        trunk(s.facts, s.prompt, s.skip, s.dropout, s.facts.depth + s.text.depth),
        source(dual_source(s.prompt, s.facts.at(0, running_layers(s.skip, 0, s.facts.depth)),
                           s.text.at(0), texts(s, 0).classes)),
        scores(class_scores(Text(s.text, s.skip, s.facts.features(), s.facts.depth),
                            layout(s, source.inserted()), s.prompt, s.facts.features())) {
    StackRun const run = stack_run(facts, source.count);
    if constexpr (requires { source.image; })
      check_read(source.image, run);
    else
      check_read(source, run);
  }

  // ---- how learning flows through the stages ----
  using TrainFlow = Flow<Learn, Learn::input>;
  template <class F>
  using ImageFlow = typename F::template child<"image">;
  template <class F>
  using SourceFlow = typename F::template child<"prompt">;
  /// Whether rows that stand in the texts learn.
  template <class F>
  static constexpr bool context_learns =
      has(Prompt::sites, Site::text_context) && SourceFlow<F>::marked::learns;
  template <class F>
  static constexpr bool image_reverses = Trunk::template reverses<ImageFlow<F>>;
  template <class F>
  using ScoresFlow = typename F::template with_below<image_reverses<F>>;
  /// Whether the image tower learns; if not, features of images can be computed once and kept.
  static constexpr bool trunk_learns = image_reverses<TrainFlow>;

  template <class T>
  struct Params {
    typename Trunk::template Params<T> image;
    typename Scores::template Params<T> scores;
    typename Source::template Params<T> prompt;
  };
  template <class T>
  struct Prepared {
    typename Trunk::template Prepared<T> image;
    typename Source::template Prepared<T> prompt;
    typename Scores::template Prepared<T, ScoresFlow<TrainFlow>, context_learns<TrainFlow>> scores;
  };
  template <class T, class F>
  struct Cache {
    typename Trunk::template Cache<T, ImageFlow<F>> image;
    typename Scores::template Cache<T, ScoresFlow<F>> scores;
  };

  // ---- facts ----
  [[nodiscard]] constexpr Index prompts() const { return source.count; }
  [[nodiscard]] constexpr Index classes() const { return scores.layout.classes(); }
  [[nodiscard]] constexpr Index output_width() const { return classes(); }
  /// Every policy's exact cost, known to the compiler.
  [[nodiscard]] static constexpr Cost cost(Tokens tokens = {}) {
    return cost_of(DualEncoder(Settings::of(tokens)), tokens.batch);
  }
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
    v.enter("image");
    trunk.template visit<ImageFlow<F>>(p.image, v);
    v.leave();
    scores.template visit<ScoresFlow<F>, context_learns<F>>(p.scores, v);
    v.enter("prompt");
    source.template visit<SourceFlow<F>>(p.prompt, v);
    v.leave();
  }

  template <class F, class B, class P, class R>
  constexpr void prepare(Context<B>& c, P const& p, R& r, Index batch) const {
    prepare_head<F>(c, p, r, batch);
    StageScope const stage(c, "image");
    trunk.template prepare<ImageFlow<F>>(c, p.image, r.image, r.prompt.given);
  }
  template <class F, class B, class P, class R>
  constexpr void prepare_backward(Context<B>& c, P const& p, R& r, P& g) const {
    StageScope stage(c, "image");
    trunk.template prepare_backward<ImageFlow<F>>(c, p.image, r.image, r.prompt.given, g.image);
    stage.end();
    prepare_head_backward<F>(c, p, r, g);
  }

  /// Values of an image that everything before the first learner gives; 0: nothing precedes it.
  template <class F>
  [[nodiscard]] constexpr Index frozen_width() const {
    return trunk.template frozen_width<ImageFlow<F>>();
  }
  /// rows (batch, frozen_width()), with nothing prepared.
  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward_frozen(Context<B>& c, P const& p, R& r, Stream<T const> images,
                                View<T> rows, K& k) const {
    StageScope const stage(c, "image");
    trunk.template forward_frozen<ImageFlow<F>>(c, p.image, r.image, images, rows, k.image);
  }
  /// features (batch, features()) of the images, as they are before they are made unit rows.
  template <class F, class B, class P, class R, class In, class T, class K>
  constexpr void forward_trunk(Context<B>& c, P const& p, R const& r, In const& images,
                               View<T> features, K& k) const {
    StageScope const stage(c, "image");
    trunk.template forward<ImageFlow<F>>(c, p.image, r.image, r.prompt.given, images, features,
                                         k.image);
  }
  /// features (classes, features()) of the classes' texts, likewise. Where each image shifts them
  /// there are none; TapPoint::text_features shows those of each image.
  template <class B, class R, class T>
  constexpr void text_features(Context<B>& c, R const& r, View<T> features) const {
    constexpr bool shifted = has(Prompt::sites, Site::text_shift);
    static_assert(
        !shifted,
        "under this policy each image shifts the texts: they have no features without one");
    if constexpr (!shifted)
      c.backend.scale_rows(View<T const>(r.scores.lengths), View<T const>(r.scores.unit), features);
  }
  /// What the texts need where the images' features are at hand: prepare() without the trunk.
  template <class F, class B, class P, class R>
  constexpr void prepare_head(Context<B>& c, P const& p, R& r, Index batch) const {
    StageScope stage(c, "prompt");
    source.template prepare<SourceFlow<F>>(c, p.prompt, r.prompt, batch);
    stage.next("text");
    scores.template prepare<ScoresFlow<F>, context_learns<F>>(c, p.scores, r.scores,
                                                              r.prompt.context);
  }
  template <class F, class B, class P, class R>
  constexpr void prepare_head_backward(Context<B>& c, P const& p, R& r, P& g) const {
    StageScope stage(c, "text");
    scores.template prepare_backward<ScoresFlow<F>, context_learns<F>>(c, p.scores, r.scores,
                                                                       r.prompt.context, g.scores);
    stage.next("prompt");
    source.template prepare_backward<SourceFlow<F>>(c, p.prompt, r.prompt, g.prompt);
  }
  /// Logits from features of images.
  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward_head(Context<B>& c, P const& p, R const& r, View<T const> features,
                              View<T> logits, K& k) const {
    ArenaScope const scope(c.scratch);
    scores.template forward<ScoresFlow<F>, context_learns<F>>(
        c, p.scores, r.scores, r.prompt.context, features, logits, k.scores);
    if constexpr (has_tasks) keep_own_classes(c, tasks, minus_infinity<T>, logits);
  }
  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward_head(Context<B>& c, P const& p, R& r, K const& k, View<T const> d_logits,
                               View<T> d_features, P& g) const {
    ArenaScope const scope(c.scratch);
    View<T const> d_own = d_logits;
    if constexpr (has_tasks) {
      auto const d = c.scratch.template matrix<T>(d_logits.rows, d_logits.cols);
      c.backend.copy(Stream<T const>(d_logits, 1), Stream<T>(d, 1));
      keep_own_classes(c, tasks, T(0), d);
      d_own = d;
    }
    scores.template backward<ScoresFlow<F>, context_learns<F>>(
        c, p.scores, r.scores, r.prompt.context, k.scores, d_own, d_features, g.scores);
  }

  /// Of images, or of FrozenRows.
  template <class F, class B, class P, class R, class In, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, R const& r, In const& images, View<T> logits,
                         K& k) const {
    ArenaScope const scope(c.scratch);
    auto const features = c.scratch.template matrix<T>(images.batch, facts.features());
    forward_trunk<F>(c, p, r, images, features, k);
    forward_head<F>(c, p, r, View<T const>(features), logits, k);
  }
  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, R& r, K const& k, View<T const> d_logits,
                          Stream<T> d_images, P& g) const {
    ArenaScope const scope(c.scratch);
    View<T> d_features;
    if constexpr (image_reverses<F>)
      d_features = c.scratch.template matrix<T>(d_logits.rows, facts.features());
    backward_head<F>(c, p, r, k, d_logits, d_features, g);
    StageScope const stage(c, "image");
    if constexpr (image_reverses<F>)
      trunk.template backward<ImageFlow<F>>(c, p.image, r.image, r.prompt.given, k.image,
                                            View<T const>(d_features), d_images, g.image);
  }

 private:
  [[nodiscard]] static constexpr TextLayout layout(Settings const& s, Index inserted) {
    ContextPlace place = ContextPlace::end;
    if constexpr (has(Prompt::sites, Site::text_context)) place = s.prompt.context_place();
    return {texts(s, inserted), s.text, inserted, place, Rows::all, s.chunk, s.padding};
  }
  /// The classes' texts, or blank ones: of one class, or of those that the tasks have.
  [[nodiscard]] static constexpr ClassTexts texts(Settings const& s, Index inserted) {
    if (s.texts.classes > 0) return s.texts;
    Index const classes = tasks_of(s.prompt, 0).classes();
    Index const rows = s.words > 0 ? s.words : s.text.tokens;
    VLPT_CHECK(rows - inserted >= 2, "a text of ", rows, " rows has no room for ", inserted,
               " rows of context, a start and an end");
    return ClassTexts::blank(classes > 0 ? classes : 1, rows - inserted).ending_with(s.text.end);
  }
};

}  // namespace vlpt
