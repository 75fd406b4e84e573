#pragma once
#include "vlpt/autodiff/cost_of.hpp"
#include "vlpt/autodiff/stage_scope.hpp"
#include "vlpt/autodiff/trainable.hpp"
#include "vlpt/blocks/check_read.hpp"
#include "vlpt/blocks/cross_block.hpp"
#include "vlpt/blocks/skip_policy.hpp"
#include "vlpt/core/tokens.hpp"
#include "vlpt/models/each_task_head.hpp"
#include "vlpt/models/stream_readout.hpp"
#include "vlpt/models/two_stream_settings.hpp"
#include "vlpt/models/two_towers.hpp"
#include "vlpt/policies/skip/dense.hpp"

namespace vlpt {

/// METER: RoBERTa and CLIP's image tower, two streams that exchange what they know, and two
/// poolers. Its policies stand in the layers that cross: layers.0 to depth - 1 are the text's, the
/// others the image's. Poolers, modality table, first text row and head learn with a policy.
///   TextImages -> (batch, classes), or without a head, of each image in turn,
///   [tanh(text pooler(x row 0)); tanh(image pooler(y row 0))], a prompt's row unless facts.place
///   is after_class
template <TwoStreamArch A, PromptPolicy Prompt = prompt::None, SkipPolicy Skip = skip::Dense,
          class Learn = learn::Policy, class Rows = rows::Live>
struct TwoStream {
  static_assert(
      [] {
        if constexpr (A::depth > 0 && requires { Skip::fits(A::depth); })
          return Skip::fits(2 * A::depth);
        else
          return true;
      }(),
      "a layer to skip lies past the depth of the architecture");
  static_assert(!has(Prompt::sites, Site::side),
                "a side network stands beside one stream: prompt::Ladder does not fit a TwoStream");
  static_assert(!has(Prompt::sites, Site::text_context | Site::text_shift | Site::dual_rows),
                "this policy prompts the texts of classes: use it in a DualEncoder");
  static_assert(!Learn::input, "no gradient reaches the input of a frozen image tower, nor a word");
  using ArchType = A;
  using PromptType = Prompt;
  using SkipType = Skip;
  template <class R>
  using WithRows = TwoStream<A, Prompt, Skip, Learn, R>;
  using Settings = TwoStreamSettings<A, Prompt, Skip>;
  using Policy = typename Skip::template With<Prompt>;
  using Block = CrossBlock<typename A::Activation, Policy>;
  using Layer = typename Skip::template Layer<Block>;
  using Layers = CrossStack<Layer, Rows>;
  using Towers = TwoTowers<typename A::Activation, typename A::ImageActivation, Rows>;
  using Source = decltype(row_source(Prompt{}, LayerFacts{}));
  using Head = HeadFor<Prompt, Trainable<TaskHead>>;
  using Readout = StreamReadout<Head>;
  static constexpr bool has_tasks = vlpt::has_tasks<Prompt>;
  template <class T>
  using Input = TextImages<T const>;
  template <class T>
  using InputGradient = TextImages<T>;

  TwoStreamFacts facts;
  Prompt prompt_policy;
  Skip skip_policy;
  Tasks tasks;
  Index classes = 0, images = 1, words = 0;
  double dropout = 0;
  Towers towers;
  Layers layers;
  OfStreams<Source> sources;
  Readout readout;

  constexpr TwoStream() : TwoStream(Settings{}) {}
  constexpr explicit TwoStream(Settings const& s)
      : facts(with_types(s.facts, s.images)),
        prompt_policy(s.prompt),
        skip_policy(s.skip),
        tasks(tasks_of(s.prompt, s.classes)),
        classes(has_tasks ? tasks.classes() : s.classes),
        images(s.images),
        words(s.words > 0 ? s.words : s.facts.text.words),
        dropout(s.dropout),
        towers(facts, s.images, s.dropout, s.replaces_first),
        sources{source(s, 0), source(s, 1)},
        readout{facts.dim,
                s.images,
                classes,
                s.every_row,
                pooled_row(),
                {facts.dim},
                head_for<Head>(tasks, s.classes, [&](Index outputs) {
                  return Trainable<TaskHead>{
                      {s.images * facts.features(), outputs, s.head_hidden, s.head_init}};
                })} {
    s.check();
    facts.check();
    for (std::size_t i : {0U, 1U}) check_read(sources[i], runs(words, nullptr)[i]);
    s.skip.check(2 * facts.depth);
    if (words > facts.text.words)
      throw InputError(vlpt::text("texts of ", words, " words do not fit a model of at most ",
                                  facts.text.words));
    Policy const policy = s.skip.with(s.prompt);
    for (Index i = 0; i < 2 * facts.depth; ++i) {
      auto const at =
          facts.at(i, running_layers(s.skip, i < facts.depth ? 0 : facts.depth, facts.depth));
      auto numbered = at;  // skip policies count all of them
      numbered.layer = i, numbered.depth = 2 * facts.depth;
      layers.layers.push_back(s.skip.layer(Block(at, policy, dropout, facts.dim), numbered));
    }
  }

  // ---- how learning flows through the stages ----
  using TrainFlow = Flow<Learn>;
  template <class F>
  using LayersFlow =
      typename F::template child<"layers">::template with_below<Towers::template learns<F>>;
  template <class F>
  using ReadFlow = typename F::template with_below<LayersFlow<F>::below ||
                                                   Layers::template learns<LayersFlow<F>>>;
  template <class F>
  using SourceFlow = typename F::template child<"prompt">;
  static constexpr bool trunk_learns = Readout::template HeadFlow<ReadFlow<TrainFlow>>::below;

  template <class T>
  struct Params {
    typename Towers::template Params<T> towers;
    typename Layers::template Params<T> layers;
    OfStreams<typename Source::template Params<T>> prompt;
    typename Readout::template Params<T> readout;
  };
  template <class T>
  struct Prepared {
    typename Towers::template Prepared<T> towers;
    typename Layers::template Prepared<T> layers;
    OfStreams<typename Source::template Prepared<T>> prompt;

    [[nodiscard]] constexpr OfStreams<GivenRows<T>> given() const {
      return {prompt[0].given, prompt[1].given};
    }
  };
  template <class T, class F>
  struct Cache {
    typename Towers::template Cache<T, F> towers;
    typename Layers::template Cache<T, LayersFlow<F>> layers;
    typename Readout::template Cache<T, ReadFlow<F>> readout;
    Index words = 0;
    unsigned char const* mask = nullptr;
  };

  // ---- facts ----
  [[nodiscard]] constexpr Index prompts() const { return sources[0].count; }
  [[nodiscard]] constexpr Index output_width() const {
    auto const run = runs(words, nullptr);
    return readout.width(run[0].read.count + run[1].read.count);
  }
  /// Every policy's exact cost, known to the compiler.
  [[nodiscard]] static constexpr Cost cost(Tokens tokens = {}) {
    return cost_of(TwoStream(Settings::of(tokens)), tokens.batch);
  }
  /// The largest input that a run is planned for, without memory.
  template <class T>
  [[nodiscard]] constexpr TextImages<T> blank(Index batch) const {
    auto const& f = facts.image;
    return {batch,   words,   nullptr,
            nullptr, nullptr, Stream<T>(nullptr, batch * images, f.channels * f.image, f.image)};
  }
  template <class T>
  void check(TextImages<T> const& in) const {
    towers.check(in, words);
    VLPT_CHECK(!readout.every_row || in.words == words, "a model that gives every row of ", words,
               " words was given texts of ", in.words);
  }

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    towers.template visit<F>(p.towers, v);
    layers.template visit<LayersFlow<F>>(p.layers, v);
    if constexpr (!std::is_same_v<Source, NoRows>)
      visit_part(v, "prompt", [&] {
        visit_part(v, "text", [&] { sources[0].template visit<SourceFlow<F>>(p.prompt[0], v); });
        visit_part(v, "image", [&] { sources[1].template visit<SourceFlow<F>>(p.prompt[1], v); });
      });
    readout.template visit<ReadFlow<F>>(p.readout, v);
  }

  /// What depends on parameters alone: once a step in training, once a load in inference.
  template <class F, class B, class P, class R>
  constexpr void prepare(Context<B>& c, P const& p, R& r, Index batch) const {
    OfTasks const of_pairs(c, c.tasks.of_rows(images));
    towers.template prepare<F>(c, p.towers, r.towers);
    StageScope stage(c, "prompt");
    for (std::size_t s : {0U, 1U})
      sources[s].template prepare<SourceFlow<F>>(c, p.prompt[s], r.prompt[s], batch * images);
    stage.end();
    layers.template prepare<LayersFlow<F>>(c, p.layers, r.layers, r.given());
  }
  template <class F, class B, class P, class R>
  constexpr void prepare_backward(Context<B>& c, P const& p, R& r, P& g) const {
    OfTasks const of_pairs(c, c.tasks.of_rows(images));
    layers.template prepare_backward<LayersFlow<F>>(c, p.layers, r.layers, r.given(), g.layers);
    StageScope const stage(c, "prompt");
    for (std::size_t s : {0U, 1U})
      sources[s].template prepare_backward<SourceFlow<F>>(c, p.prompt[s], r.prompt[s], g.prompt[s]);
  }

  /// out (batch, output_width()).
  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, R const& r, TextImages<T const> const& in,
                         View<T> out, K& k) const {
    ArenaScope const scope(c.scratch);
    OfTasks const of_pairs(c, c.tasks.of_rows(images));
    Index const pairs = in.pairs();
    k.words = in.words, k.mask = in.text_mask;
    auto const run = runs(in.words, k.mask);
    OfStreams<Stream<T>> x, last;
    for (std::size_t s : {0U, 1U}) {
      x[s] = c.template stream<ReadFlow<F>::below>(pairs, rows_of(s, in.words), facts.dim);
      last[s] = c.scratch.template stream<T>(pairs, Layers::out_tokens(run[s]), facts.dim);
    }
    towers.template forward<F>(c, p.towers, r.towers, in, x, k.towers);
    for (std::size_t s : {0U, 1U}) c.observe(TapPoint::tokens, static_cast<Index>(s), x[s]);
    layers.template forward<LayersFlow<F>>(c, p.layers, r.layers, r.given(), {x[0], x[1]}, last,
                                           k.layers, run);
    OfTasks const of_samples(c, c.tasks.of_rows(1));
    readout.template forward<ReadFlow<F>>(c, p.readout, last, out, k.readout);
  }

  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, R& r, K const& k, View<T const> d_out,
                          TextImages<T> const&, P& g) const {
    ArenaScope const scope(c.scratch);
    Index const pairs = d_out.rows * images;
    auto const run = runs(k.words, k.mask);
    auto const room = [&](Index tokens) {
      return c.scratch.template stream<T>(pairs, tokens, facts.dim);
    };
    OfStreams<Stream<T>> d_last, d;
    if constexpr (ReadFlow<F>::below)
      d_last = {room(Layers::out_tokens(run[0])), room(Layers::out_tokens(run[1]))};
    readout.template backward<ReadFlow<F>>(c, p.readout, k.readout, d_out, d_last, g.readout);
    OfTasks const of_pairs(c, c.tasks.of_rows(images));
    if constexpr (ReadFlow<F>::below) {
      if constexpr (LayersFlow<F>::below)
        d = {room(rows_of(0, k.words)), room(rows_of(1, k.words))};
      layers.template backward<LayersFlow<F>>(c, p.layers, r.layers, r.given(), k.layers,
                                              {d_last[0], d_last[1]}, d, g.layers, run);
    }
    if constexpr (LayersFlow<F>::below) {
      for (std::size_t s : {0U, 1U})
        c.observe(TapPoint::tokens_gradient, static_cast<Index>(s), d[s]);
      towers.template backward<F>(c, p.towers, r.towers, k.towers,
                                  OfStreams<Stream<T const>>{d[0], d[1]}, g.towers);
    }
  }

 private:
  [[nodiscard]] static constexpr TwoStreamFacts with_types(TwoStreamFacts f, Index images) {
    f.types = f.types > images ? f.types : images + 1;  // each image of a sample has its own
    return f;
  }
  /// The rows of a stream: those of a layer are read by the other stream's layers.
  [[nodiscard]] constexpr Source source(Settings const& s, std::size_t stream) const {
    Index const first = static_cast<Index>(stream) * facts.depth;
    return row_source(s.prompt,
                      facts.at(first, running_layers(s.skip, facts.depth - first, facts.depth)));
  }
  /// The row that is pooled, among those of a stream: the first, or the class row behind prompts.
  [[nodiscard]] constexpr Index pooled_row() const {
    bool const behind = Layers::token_rows && facts.place == PromptPlace::after_class;
    return behind ? sources[0].count : 0;
  }
  /// Rows of a stream, prompts not counted.
  [[nodiscard]] constexpr Index rows_of(std::size_t stream, Index text_words) const {
    return stream == 0 ? text_words : facts.image.tokens();
  }
  [[nodiscard]] constexpr OfStreams<StackRun> runs(Index text_words,
                                                   unsigned char const* mask) const {
    OfStreams<StackRun> run;
    for (std::size_t s : {0U, 1U}) {
      Index const in_front = Layers::token_rows ? sources[s].count : 0;
      Index const n = in_front + rows_of(s, text_words);
      run[s] = {.tokens = n,
                .first_prompt = 0,
                .prompts = in_front,
                .read = {readout.every_row ? 0 : pooled_row(), readout.every_row ? n : 1},
                .mask = s == 0 ? mask : nullptr};
    }
    return run;
  }
};

}  // namespace vlpt
