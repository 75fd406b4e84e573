#pragma once
#include "vlpt/autodiff/cost_of.hpp"
#include "vlpt/autodiff/trainable.hpp"
#include "vlpt/blocks/check_read.hpp"
#include "vlpt/models/each_task_head.hpp"
#include "vlpt/models/pooled_rows.hpp"
#include "vlpt/models/task_head.hpp"
#include "vlpt/models/text_encoder_settings.hpp"
#include "vlpt/models/text_trunk.hpp"
#include "vlpt/policies/prompt/none.hpp"
#include "vlpt/policies/skip/dense.hpp"

namespace vlpt {

/// An encoder of BERT's family (BERT, RoBERTa, MiniLM), how it is prompted (rows behind the words),
/// what it skips, which weights learn, which rows are computed; with classes > 0 a trainable head.
///   Texts -> (batch, classes), or without a head the pooled rows
template <TextArch A, PromptPolicy Prompt = prompt::None, SkipPolicy Skip = skip::Dense,
          class Learn = learn::Policy, class Rows = rows::Live>
struct TextEncoder {
  static_assert(fits_depth<Skip, A::depth>,
                "a layer to skip lies past the depth of the architecture");
  static_assert(!has(Prompt::sites, Site::side),
                "a side network stands beside pre-norm blocks: it does not fit a TextEncoder");
  static_assert(!has(Prompt::sites, Site::text_context | Site::text_shift | Site::dual_rows),
                "this policy prompts the texts of classes: use it in a DualEncoder");
  static_assert(!Learn::input, "words have no gradient");
  using ArchType = A;
  using PromptType = Prompt;
  using SkipType = Skip;
  template <class R>
  using WithRows = TextEncoder<A, Prompt, Skip, Learn, R>;
  using Settings = TextEncoderSettings<A, Prompt, Skip>;
  using Trunk = TextTrunk<typename A::Activation, Prompt, Skip, Rows>;
  using Source = decltype(row_source(Prompt{}, LayerFacts{}));
  using Head = HeadFor<Prompt, Trainable<TaskHead>>;
  static constexpr bool has_tasks = vlpt::has_tasks<Prompt>;
  template <class T>
  using Input = Texts;
  template <class T>
  using InputGradient = Texts;

  TextEncoderFacts facts;
  Prompt prompt_policy;
  Skip skip_policy;
  Tasks tasks;
  Index classes = 0, words = 0;
  bool every_row = false;
  double dropout = 0;
  Trunk trunk;
  Source source;
  Head head;

  constexpr TextEncoder() : TextEncoder(Settings{}) {}
  constexpr explicit TextEncoder(Settings const& s)
      : facts(s.facts),
        prompt_policy(s.prompt),
        skip_policy(s.skip),
        tasks(tasks_of(s.prompt, s.classes)),
        classes(has_tasks ? tasks.classes() : s.classes),
        words(s.words > 0 ? s.words : s.facts.text.words),
        every_row(s.every_row),
        dropout(s.dropout),
        trunk(s.facts, s.prompt, s.skip, s.dropout, s.every_row),
        source(row_source(s.prompt, s.facts.at(0, running_layers(s.skip, 0, s.facts.text.depth)))),
        head(head_for<Head>(tasks, s.classes, [&](Index outputs) {
          return Trainable<TaskHead>{{facts.features(), outputs, s.head_hidden, s.head_init}};
        })) {
    s.check();
    check_read(source, trunk.run(words, source.count));
  }

  // ---- how learning flows through the stages ----
  using TrainFlow = Flow<Learn>;
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
    return classes > 0 ? classes : facts.features() * (every_row ? words + 1 : 1);
  }
  /// Every policy's exact cost, known to the compiler.
  [[nodiscard]] static constexpr Cost cost(Tokens tokens = {}) {
    return cost_of(TextEncoder(Settings::of(tokens)), tokens.batch);
  }
  /// The largest input that a run is planned for, without memory.
  template <class T>
  [[nodiscard]] constexpr Texts blank(Index batch) const {
    return {batch, words};
  }
  void check(Texts const& in) const {
    trunk.check(in, words);
    VLPT_CHECK(!every_row || in.words == words, "a model that gives every row of ", words,
               " words was given texts of ", in.words);
  }

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    trunk.template visit<F>(p.trunk, v);
    if constexpr (!std::is_same_v<Source, NoRows>)
      visit_part(v, "prompt", [&] { source.template visit<SourceFlow<F>>(p.prompt, v); });
    if (classes > 0) visit_part(v, "head", [&] { head.template visit<HeadFlow<F>>(p.head, v); });
  }

  /// What depends on parameters alone: once a step in training, once a load in inference.
  template <class F, class B, class P, class R>
  constexpr void prepare(Context<B>& c, P const& p, R& r, Index batch) const {
    StageScope stage(c, "prompt");
    source.template prepare<SourceFlow<F>>(c, p.prompt, r.prompt, batch);
    stage.end();
    trunk.template prepare<F>(c, p.trunk, r.trunk, r.prompt.given, words);
  }
  template <class F, class B, class P, class R>
  constexpr void prepare_backward(Context<B>& c, P const& p, R& r, P& g) const {
    trunk.template prepare_backward<F>(c, p.trunk, r.trunk, r.prompt.given, g.trunk, words);
    StageScope const stage(c, "prompt");
    source.template prepare_backward<SourceFlow<F>>(c, p.prompt, r.prompt, g.prompt);
  }

  /// features (batch, features()): everything below the head.
  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward_trunk(Context<B>& c, P const& p, R const& r, Texts const& in,
                               View<T> features, K& k) const {
    trunk.template forward<F>(c, p.trunk, r.trunk, r.prompt.given, in, features, Stream<T>{},
                              k.trunk);
  }
  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward_head(Context<B>& c, P const& p, R const&, View<T const> features,
                              View<T> logits, K& k) const {
    StageScope const stage(c, "head");
    head.template forward<HeadFlow<F>>(c, p.head, Stream<T const>(features, features.rows),
                                       Stream<T>(logits, logits.rows), k.head);
  }
  /// out (batch, output_width()).
  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, R const& r, Texts const& in, View<T> out,
                         K& k) const {
    ArenaScope const scope(c.scratch);
    if (classes > 0) {
      auto const features =
          c.template matrix<Head::template keeps_input<HeadFlow<F>>>(in.batch, facts.features());
      forward_trunk<F>(c, p, r, in, features, k);
      return forward_head<F>(c, p, r, View<T const>(features), out, k);
    }
    trunk.template forward<F>(c, p.trunk, r.trunk, r.prompt.given, in, pooled_of(out), rows_of(out),
                              k.trunk);
  }

  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, R& r, K const& k, View<T const> d_out,
                          Texts const&, P& g) const {
    ArenaScope const scope(c.scratch);
    View<T const> d_features = pooled_of(d_out);
    Stream<T const> d_rows = rows_of(d_out);
    if (classes > 0) {
      View<T> d;
      if constexpr (HeadFlow<F>::below)
        d = c.scratch.template matrix<T>(d_out.rows, facts.features());
      backward_head<F>(c, p, r, k, d_out, d, g);
      d_features = d, d_rows = {};
    }
    if constexpr (Trunk::template reverses<F>)
      trunk.template backward<F>(c, p.trunk, r.trunk, r.prompt.given, k.trunk, d_features, d_rows,
                                 g.trunk);
  }
  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward_head(Context<B>& c, P const& p, R const&, K const& k,
                               View<T const> d_logits, View<T> d_features, P& g) const {
    StageScope const stage(c, "head");
    head.template backward<HeadFlow<F>>(c, p.head, k.head, Stream<T const>(d_logits, d_logits.rows),
                                        Stream<T>(d_features, d_features.rows), g.head);
  }

 private:
  /// The pooled rows of an output without head, and the words' rows before them.
  template <class T>
  [[nodiscard]] constexpr View<T> pooled_of(View<T> out) const {
    Index const dim = facts.features();
    return classes > 0 ? View<T>{} : out.middle_cols(out.cols - dim, dim);
  }
  template <class T>
  [[nodiscard]] constexpr Stream<T> rows_of(View<T> out) const {
    return every_row ? PooledRows{facts.features()}.rows(out, words) : Stream<T>{};
  }
};

}  // namespace vlpt
