#pragma once
#include "vlpt/autodiff/cost_of.hpp"
#include "vlpt/autodiff/stage_scope.hpp"
#include "vlpt/autodiff/trainable.hpp"
#include "vlpt/blocks/check_read.hpp"
#include "vlpt/blocks/encoder_block.hpp"
#include "vlpt/blocks/side_stack.hpp"
#include "vlpt/blocks/skip_policy.hpp"
#include "vlpt/models/each_task_head.hpp"
#include "vlpt/models/joint_embedding.hpp"
#include "vlpt/models/pooled_rows.hpp"
#include "vlpt/models/single_stream_settings.hpp"
#include "vlpt/models/task_head.hpp"
#include "vlpt/ops/tanh.hpp"
#include "vlpt/policies/prompt/none.hpp"
#include "vlpt/policies/skip/dense.hpp"

namespace vlpt {

/// ViLT: words and patches in one stream of pre-norm blocks, how it is prompted (rows at the end),
/// what it skips, which weights learn, which rows are computed. The pooler, a head and the tables
/// of segments and modalities learn with a policy, as in the code of APT and DAS.
///   TextImages -> (batch, classes), or without a head the pooled rows tanh(dense(norm(row 0)))
template <SingleStreamArch A, PromptPolicy Prompt = prompt::None, SkipPolicy Skip = skip::Dense,
          class Learn = learn::Policy, class Rows = rows::Live>
struct SingleStream {
  static_assert(fits_depth<Skip, A::depth>,
                "a layer to skip lies past the depth of the architecture");
  static_assert(!has(Prompt::sites, Site::text_context | Site::text_shift | Site::dual_rows),
                "this policy prompts the texts of classes: use it in a DualEncoder");
  using ArchType = A;
  using PromptType = Prompt;
  using SkipType = Skip;
  template <class R>
  using WithRows = SingleStream<A, Prompt, Skip, Learn, R>;
  using Settings = SingleStreamSettings<A, Prompt, Skip>;
  using Policy = typename Skip::template With<Prompt>;
  using Layer = typename Skip::template Layer<EncoderBlock<typename A::Activation, Policy>>;
  using Layers = typename StackFor<Layer, Rows, Policy>::Type;
  using Source = decltype(row_source(Prompt{}, LayerFacts{}));
  using Pooler = Trainable<Chain<Stage<"dense", Linear>, Stage<"tanh", Tanh>>>;
  using Head = HeadFor<Prompt, Trainable<TaskHead>>;
  static constexpr bool has_tasks = vlpt::has_tasks<Prompt>;
  template <class T>
  using Input = TextImages<T const>;
  template <class T>
  using InputGradient = TextImages<T>;

  SingleStreamFacts facts;
  Prompt prompt_policy;
  Skip skip_policy;
  Tasks tasks;
  Index classes = 0, images = 1;
  bool every_row = false;
  double dropout = 0;
  Tokens room;
  JointEmbedding embed;
  Layers layers;
  LayerNorm norm;
  Pooler pooler;
  Source source;
  Head head;

  constexpr SingleStream() : SingleStream(Settings{}) {}
  constexpr explicit SingleStream(Settings const& s)
      : facts(s.facts.with_images(s.images)),
        prompt_policy(s.prompt),
        skip_policy(s.skip),
        tasks(tasks_of(s.prompt, s.classes)),
        classes(has_tasks ? tasks.classes() : s.classes),
        images(s.images),
        every_row(s.every_row),
        dropout(s.dropout),
        room(facts.largest(s.room)),
        embed(facts, room.image - 1, s.replaces_first, s.dropout),
        norm{dim(), s.facts.vision.eps},
        pooler{Chain{stage<"dense">(Linear{.in = dim(), .out = dim()}), stage<"tanh">(Tanh{})}},
        source(row_source(s.prompt, facts.at(0, running_layers(s.skip, 0, facts.vision.depth)))),
        head(head_for<Head>(tasks, s.classes, [&](Index outputs) {
          return Trainable<TaskHead>{{s.images * dim(), outputs, s.head_hidden, s.head_init}};
        })) {
    s.check(), facts.check();
    check_read(source, stack_run(room.text + room.image));
    s.skip.check(facts.vision.depth);
    Policy const policy = s.skip.with(s.prompt);
    Index const running = running_layers(s.skip, 0, facts.vision.depth);
    for (Index l = 0; l < facts.vision.depth; ++l) {
      auto const here = facts.at(l, running);
      add_layer(
          layers,
          s.skip.layer(EncoderBlock<typename A::Activation, Policy>(here, policy, dropout), here),
          policy, here, s.skip.runs(l));
    }
  }

  // ---- how learning flows through the stages ----
  using TrainFlow = Flow<Learn, Learn::input>;
  template <class F>
  using EmbedFlow = typename F::template child<"embed">;
  template <class F>
  using LayersFlow = typename F::template child<"layers">::template with_below<
      F::below || JointEmbedding::learns<EmbedFlow<F>>>;
  template <class F>
  using NormFlow = typename F::template child<"norm">::template with_below<
      LayersFlow<F>::below || Layers::template learns<LayersFlow<F>>>;
  template <class F>
  using PoolerFlow =
      typename F::template child<"pooler">::template with_below<NormFlow<F>::reverses>;
  template <class F>
  using HeadFlow = typename F::template child<"head">::template with_below<
      PoolerFlow<F>::below || Pooler::template learns<PoolerFlow<F>>>;
  template <class F>
  using SourceFlow = typename F::template child<"prompt">;
  static constexpr bool trunk_learns = true, own_rows_leave = true;

  template <class T>
  struct Params {
    JointEmbedding::Params<T> embed;
    typename Layers::template Params<T> layers;
    LayerNorm::Params<T> norm;
    Pooler::Params<T> pooler;
    typename Source::template Params<T> prompt;
    typename Head::template Params<T> head;
  };
  template <class T>
  struct Prepared {
    typename Layers::template Prepared<T> layers;
    typename Source::template Prepared<T> prompt;
  };
  template <class T, class F>
  struct Cache {
    JointEmbedding::Cache<T, EmbedFlow<F>> embed;
    typename Layers::template Cache<T, LayersFlow<F>> layers;
    LayerNorm::Cache<T, NormFlow<F>> norm;
    Pooler::Cache<T, PoolerFlow<F>> pooler;
    typename Head::template Cache<T, HeadFlow<F>> head;
    Index tokens = 0;  // rows of the sequence, prompts not counted
  };

  // ---- facts ----
  [[nodiscard]] constexpr Index prompts() const { return source.count; }
  [[nodiscard]] constexpr Index output_width() const {
    if (classes > 0) return classes;
    return images * dim() + (every_row ? stack_run(room.text + room.image).read.count * dim() : 0);
  }
  /// Every policy's exact cost, known to the compiler.
  [[nodiscard]] static constexpr Cost cost(Tokens tokens = {}) {
    return cost_of(SingleStream(Settings::of(tokens)), tokens.batch);
  }
  /// The largest input that a run is planned for, without memory.
  template <class T>
  [[nodiscard]] constexpr TextImages<T> blank(Index batch) const {
    Stream<T> const pixels(nullptr, batch * images, facts.vision.channels * facts.canvas,
                           facts.canvas);
    return {batch, room.text, nullptr, nullptr, nullptr, pixels};
  }
  template <class T>
  void check(TextImages<T> const& in) const {
    in.check_pairs(images);
    embed.check(in, room.text, facts.canvas);
  }

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    visit_part(v, "embed", [&] { embed.template visit<EmbedFlow<F>>(p.embed, v); });
    layers.template visit<LayersFlow<F>>(p.layers, v);
    visit_part(v, "norm", [&] { norm.template visit<NormFlow<F>>(p.norm, v); });
    visit_part(v, "pooler", [&] { pooler.template visit<PoolerFlow<F>>(p.pooler, v); });
    if constexpr (!std::is_same_v<Source, NoRows>)
      visit_part(v, "prompt", [&] { source.template visit<SourceFlow<F>>(p.prompt, v); });
    if (classes > 0) visit_part(v, "head", [&] { head.template visit<HeadFlow<F>>(p.head, v); });
  }

  /// What depends on parameters alone: once a step in training, once a load in inference.
  template <class F, class B, class P, class R>
  constexpr void prepare(Context<B>& c, P const& p, R& r, Index batch) const {
    OfTasks const of_pairs(c, c.tasks.of_rows(images));
    StageScope stage(c, "prompt");
    source.template prepare<SourceFlow<F>>(c, p.prompt, r.prompt, batch * images);
    stage.end();
    layers.template prepare<LayersFlow<F>>(c, p.layers, r.layers, r.prompt.given,
                                           stack_run(room.text + room.image));
  }
  template <class F, class B, class P, class R>
  constexpr void prepare_backward(Context<B>& c, P const& p, R& r, P& g) const {
    OfTasks const of_pairs(c, c.tasks.of_rows(images));
    layers.template prepare_backward<LayersFlow<F>>(c, p.layers, r.layers, r.prompt.given, g.layers,
                                                    stack_run(room.text + room.image));
    StageScope const stage(c, "prompt");
    source.template prepare_backward<SourceFlow<F>>(c, p.prompt, r.prompt, g.prompt);
  }

  /// out (batch, output_width()).
  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, R const& r, TextImages<T const> const& in,
                         View<T> out, K& k) const {
    ArenaScope const scope(c.scratch);
    StageScope stage(c);
    OfTasks const of_pairs(c, c.tasks.of_rows(images));
    Index const pairs = in.pairs();
    k.tokens = embed.choose(in, prompts(), k.embed);
    StackRun const run = masked(k);
    auto const x = c.template stream<NormFlow<F>::below>(pairs, k.tokens, dim());
    stage.next("embed");
    embed.template forward<EmbedFlow<F>>(c, p.embed, in, x, k.embed);
    c.observe(TapPoint::tokens, 0, x);
    auto const last = c.scratch.template stream<T>(pairs, Layers::out_tokens(run), dim());
    stage.end();
    layers.template forward<LayersFlow<F>>(c, p.layers, r.layers, r.prompt.given,
                                           Stream<T const>(x), last, k.layers, run);
    Index const read = run.read.count;
    auto const rows = c.template stream<NormFlow<F>::reverses>(pairs, read, dim());
    c.backend.copy(Stream<T const>(last.range(run.read.first, read)), rows);
    auto const hidden = c.scratch.template stream<T>(pairs, read, dim());
    stage.next("norm");
    norm.template forward<NormFlow<F>>(c, p.norm, Stream<T const>(rows), hidden, k.norm);
    if (every_row) {
      VLPT_CHECK(out.cols == (read + 1) * dim(), "every row is given for inputs of exactly ",
                 room.text, " words and ", room.image, " image rows");
      c.backend.copy(Stream<T const>(hidden), of().rows(out, read));
    }
    auto const first = c.template stream<PoolerFlow<F>::marked::learns>(pairs, 1, dim());
    c.backend.copy(Stream<T const>(hidden.range(0, 1)), first);
    auto const pooled = c.template stream<HeadFlow<F>::marked::learns>(pairs, 1, dim());
    stage.next("pooler");
    pooler.template forward<PoolerFlow<F>>(c, p.pooler, Stream<T const>(first), pooled, k.pooler);
    OfTasks const of_samples(c, c.tasks.of_rows(1));
    if (classes == 0)
      return c.backend.copy(Stream<T const>(of().samples(pooled)), of().pooled(out));
    stage.next("head");
    head.template forward<HeadFlow<F>>(c, p.head, Stream<T const>(of().samples(pooled)),
                                       Stream<T>(out, out.rows), k.head);
  }

  /// d_in.images is overwritten if the scope asks for it (learn::Input).
  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, R& r, K const& k, View<T const> d_out,
                          TextImages<T> const& d_in, P& g) const {
    ArenaScope const scope(c.scratch);
    StageScope stage(c);
    Index const pairs = d_out.rows * images;
    StackRun const run = masked(k);
    auto const room_for = [&](Index tokens) {
      return c.scratch.template stream<T>(pairs, tokens, dim());
    };
    auto const d_pooled = room_for(1), d_first = room_for(1);
    if (classes > 0) {
      stage.next("head");
      head.template backward<HeadFlow<F>>(c, p.head, k.head, Stream<T const>(d_out, d_out.rows),
                                          of().samples(d_pooled), g.head);
    } else {
      c.backend.copy(of().pooled(d_out), of().samples(d_pooled));
    }
    OfTasks const of_pairs(c, c.tasks.of_rows(images));
    stage.next("pooler");
    pooler.template backward<PoolerFlow<F>>(c, p.pooler, k.pooler, Stream<T const>(d_pooled),
                                            d_first, g.pooler);
    if constexpr (NormFlow<F>::reverses) {
      Index const read = run.read.count;
      auto const d_hidden = room_for(read), d_rows = room_for(read);
      c.backend.fill(d_hidden, T(0));
      if (every_row) c.backend.copy(of().rows(d_out, read), d_hidden);
      c.backend.add(Stream<T const>(d_first), d_hidden.range(0, 1));
      stage.next("norm");
      norm.template backward<NormFlow<F>>(c, p.norm, k.norm, Stream<T const>(d_hidden), d_rows,
                                          g.norm);
      auto const d_last = room_for(Layers::out_tokens(run)), d_x = room_for(k.tokens);
      if (Rows::all) c.backend.fill(d_last, T(0));
      c.backend.copy(Stream<T const>(d_rows), d_last.range(Rows::all ? run.read.first : 0, read));
      stage.end();
      layers.template backward<LayersFlow<F>>(c, p.layers, r.layers, r.prompt.given, k.layers,
                                              Stream<T const>(d_last), d_x, g.layers, run);
      c.observe(TapPoint::tokens_gradient, 0, d_x);
      stage.next("embed");
      embed.template backward<EmbedFlow<F>>(c, p.embed, k.embed, Stream<T const>(d_x), d_in.images,
                                            g.embed);
    }
  }

 private:
  [[nodiscard]] constexpr Index dim() const { return facts.vision.dim; }
  /// A sequence of `tokens` rows with the prompts behind it, of which row 0 is read, or all.
  [[nodiscard]] constexpr StackRun stack_run(Index tokens) const {
    bool const persist = has(Prompt::sites, Site::token_rows);
    return {.tokens = tokens + prompts(),
            .first_prompt = tokens,
            .prompts = prompts(),
            .read = {0, every_row ? tokens + (persist ? prompts() : 0) : 1},
            .own_rows_leave = own_rows_leave};
  }
  [[nodiscard]] constexpr StackRun masked(auto const& k) const {
    StackRun run = stack_run(k.tokens);
    if (k.embed.mask.empty()) return run;
    run.mask = k.embed.mask.data(), run.prompt_mask = k.embed.prompt_mask.data();
    return run;
  }
  [[nodiscard]] constexpr PooledRows of() const { return {dim(), images}; }
};

}  // namespace vlpt
