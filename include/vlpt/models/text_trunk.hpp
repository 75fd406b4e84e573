#pragma once
#include <algorithm>
#include <vector>

#include "vlpt/autodiff/stage_scope.hpp"
#include "vlpt/blocks/bert_block.hpp"
#include "vlpt/blocks/skip_policy.hpp"
#include "vlpt/blocks/stack.hpp"
#include "vlpt/models/roberta_positions.hpp"
#include "vlpt/models/text_pooling.hpp"
#include "vlpt/models/texts.hpp"
#include "vlpt/ops/dropout.hpp"

namespace vlpt {

/// BERT's encoder from texts to one row each, given its prompt rows, which stand behind the words:
/// embedded words, post-norm layers, pooling.
///   texts (batch, n) -> features (batch, dim), and the rows of all words where they are asked for
template <class Act, PromptPolicy Prompt, class Skip, class Rows>
struct TextTrunk {
  using Policy = typename Skip::template With<Prompt>;  // with what skips put beside it
  using Layer = typename Skip::template Layer<BertBlock<Act, Policy>>;
  using Layers = Stack<Layer, Rows>;
  using Embed = EmbedWords<>;

  TextEncoderFacts facts;
  bool every_row = false;
  double dropout = 0;
  Embed embed;
  Layers layers;
  TextPooling pooling;

  constexpr TextTrunk(TextEncoderFacts const& f, Prompt const& prompt, Skip const& skip,
                      double rate, bool gives_rows)
      : facts(f),
        every_row(gives_rows),
        dropout(rate),
        embed{f.text.vocabulary, f.text.positions, f.segments, f.text.dim, f.text.eps, counts()},
        pooling{f.text.dim, f.pool, f.unit_length} {
    facts.check();
    skip.check(f.text.depth);
    Policy const policy = skip.with(prompt);
    Index const running = running_layers(skip, 0, f.text.depth);
    for (Index l = 0; l < f.text.depth; ++l) {
      auto const at = f.at(l, running);
      layers.layers.push_back(skip.layer(BertBlock<Act, Policy>(at, policy, rate), at));
    }
  }

  // ---- how learning flows through the stages ----
  template <class F>
  using EmbedFlow = typename F::template child<"embed">;
  template <class F>
  using LayersFlow =
      typename F::template child<"layers">::template with_below<Embed::learns<EmbedFlow<F>>>;
  template <class F>
  using PoolFlow = typename F::template with_below<LayersFlow<F>::below ||
                                                   Layers::template learns<LayersFlow<F>>>;
  template <class F>
  static constexpr bool reverses = TextPooling::reverses<PoolFlow<F>>;

  template <class T>
  struct Params {
    typename Embed::template Params<T> embed;
    typename Layers::template Params<T> layers;
    TextPooling::Params<T> pooling;
  };
  template <class T>
  using Prepared = typename Layers::template Prepared<T>;
  template <class T, class F>
  struct Cache {
    typename Embed::template Cache<T, EmbedFlow<F>> embed;
    typename Layers::template Cache<T, LayersFlow<F>> layers;
    TextPooling::Cache<T, PoolFlow<F>> pooling;
    Texts texts;
    std::vector<Index> positions;            // (batch, words)
    std::vector<unsigned char> prompt_mask;  // (batch, words + prompts)
    std::vector<T> weights;                  // (batch, words): of each word in the text's mean
  };

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.enter("embed");
    embed.template visit<EmbedFlow<F>>(p.embed, v);
    v.leave();
    layers.template visit<LayersFlow<F>>(p.layers, v);
    pooling.template visit<PoolFlow<F>>(p.pooling, v);
  }
  template <class F, class B, class P, class R, class T>
  constexpr void prepare(Context<B>& c, P const& p, R& r, GivenRows<T> const& given,
                         Index words) const {
    layers.template prepare<LayersFlow<F>>(c, p.layers, r, given, run(words, given.count));
  }
  template <class F, class B, class P, class R, class T>
  constexpr void prepare_backward(Context<B>& c, P const& p, R& r, GivenRows<T> const& given, P& g,
                                  Index words) const {
    layers.template prepare_backward<LayersFlow<F>>(c, p.layers, r, given, g.layers,
                                                    run(words, given.count));
  }

  /// Throws InputError unless these are texts of this vocabulary, each with a word, of at most
  /// `most` words.
  void check(Texts const& in, Index most) const {
    VLPT_CHECK(in.batch > 0, "a batch needs at least one text");
    VLPT_CHECK(in.words <= most, "texts of ", in.words, " words do not fit a model planned for ",
               most);
    Embed free = embed;
    free.places_given = false;
    free.check(in.of_words());
    for (Index b = 0; in.mask != nullptr && b < in.batch; ++b) {
      bool any = false;
      for (Index i = 0; i < in.words; ++i) any = any || in.mask[b * in.words + i] != 0;
      VLPT_CHECK(any, "text ", b, " of the batch is empty: its mask hides every word");
    }
  }
  /// Rows that are given of texts of n words; without every_row, those that the pooling reads.
  [[nodiscard]] constexpr RowRange read(Index n) const {
    return {0, every_row || facts.pool == TextPool::mean ? n : 1};
  }
  [[nodiscard]] constexpr StackRun run(Index n, Index prompts) const {
    return {.tokens = n + prompts, .first_prompt = n, .prompts = prompts, .read = read(n)};
  }

  /// features (batch, dim); rows (batch, n, dim) or empty.
  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, R const& r, GivenRows<T> const& given,
                         Texts const& in, View<T> features, Stream<T> rows, K& k) const {
    ArenaScope const scope(c.scratch);
    StageScope stage(c);
    Index const batch = in.batch, n = in.words, dim = facts.text.dim;
    choose(in, given.count, k);
    StackRun const here = masked(k, given.count);
    auto const x = c.template stream<PoolFlow<F>::below>(batch, n, dim);
    stage.next("embed");
    embed.template forward<EmbedFlow<F>>(c, p.embed, k.texts.of_words(), x, k.embed);
    drop(c, Stream<T const>(x), x);
    c.observe(TapPoint::tokens, 0, x);
    auto const last = c.scratch.template stream<T>(batch, Layers::out_tokens(here), dim);
    stage.end();
    layers.template forward<LayersFlow<F>>(c, p.layers, r, given, Stream<T const>(x), last,
                                           k.layers, here);
    auto const words = c.scratch.template stream<T>(batch, here.read.count, dim);
    c.backend.copy(Stream<T const>(last.range(0, here.read.count)), words);
    if (!rows.empty()) c.backend.copy(Stream<T const>(words), rows);
    pooling.template forward<PoolFlow<F>>(c, p.pooling, Stream<T const>(words), weights(k),
                                          features, k.pooling);
  }
  /// d_rows: of the rows, or empty.
  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, R& r, GivenRows<T> const& given, K const& k,
                          View<T const> d_features, Stream<T const> d_rows, P& g) const {
    ArenaScope const scope(c.scratch);
    StageScope stage(c);
    Index const batch = d_features.rows, n = k.texts.words, dim = facts.text.dim;
    StackRun const here = masked(k, given.count);
    auto const room = [&](Index tokens) {
      return c.scratch.template stream<T>(batch, tokens, dim);
    };
    Stream<T> d_words;
    if constexpr (PoolFlow<F>::below) d_words = room(here.read.count);
    pooling.template backward<PoolFlow<F>>(c, p.pooling, k.pooling, weights(k), d_features, d_words,
                                           g.pooling);
    if constexpr (PoolFlow<F>::below) {
      if (!d_rows.empty()) c.backend.add(d_rows, d_words);
      auto const d_last = room(Layers::out_tokens(here));
      if (Rows::all) c.backend.fill(d_last, T(0));
      c.backend.copy(Stream<T const>(d_words), d_last.range(0, here.read.count));
      Stream<T> d_x;
      if constexpr (LayersFlow<F>::below) d_x = room(n);
      stage.end();
      layers.template backward<LayersFlow<F>>(c, p.layers, r, given, k.layers,
                                              Stream<T const>(d_last), d_x, g.layers, here);
      if constexpr (LayersFlow<F>::below) {
        c.observe(TapPoint::tokens_gradient, 0, d_x);
        drop(c, Stream<T const>(d_x), d_x);
        stage.next("embed");
        embed.template backward<EmbedFlow<F>>(c, p.embed, k.embed, Stream<T const>(d_x), g.embed);
      }
    }
  }

 private:
  /// Whether positions are counted over words that are no padding.
  [[nodiscard]] constexpr bool counts() const {
    return facts.padding != TextEncoderFacts::in_order;
  }

  /// Positions, masks and weights of a batch; of one without memory (a plan) none.
  template <class K>
  constexpr void choose(Texts const& in, Index prompts, K& k) const {
    k.texts = in;
    if (in.ids == nullptr) return;
    auto const all = static_cast<std::size_t>(in.size());
    if (counts() && in.positions == nullptr) {
      count_positions({in.ids, all}, in.words, facts.padding, k.positions);
      k.texts.positions = k.positions.data();
    }
    if (facts.pool == TextPool::mean) {
      using T = typename decltype(k.weights)::value_type;
      using S = Sum<T>;
      k.weights.assign(all, T(1));
      for (Index b = 0; in.mask != nullptr && b < in.batch; ++b) {
        auto const* const mask = in.mask + b * in.words;
        Index seen = 0;
        for (Index i = 0; i < in.words; ++i) seen += mask[i] != 0 ? 1 : 0;
        for (Index i = 0; i < in.words; ++i)
          k.weights[static_cast<std::size_t>(b * in.words + i)] =
              mask[i] == 0 ? T(0) : static_cast<T>(static_cast<S>(in.words) / static_cast<S>(seen));
      }
    }
    if (in.mask == nullptr || prompts == 0) return;
    auto const words = static_cast<std::size_t>(in.words);
    auto const each = words + static_cast<std::size_t>(prompts);
    k.prompt_mask.assign(static_cast<std::size_t>(in.batch) * each, 1);
    for (std::size_t b = 0; b < static_cast<std::size_t>(in.batch); ++b)
      std::copy_n(in.mask + b * words, words, k.prompt_mask.data() + b * each);
  }
  [[nodiscard]] constexpr StackRun masked(auto const& k, Index prompts) const {
    StackRun here = run(k.texts.words, prompts);
    if (k.texts.mask == nullptr) return here;
    here.mask = k.texts.mask;
    here.prompt_mask = prompts > 0 ? k.prompt_mask.data() : k.texts.mask;
    return here;
  }
  template <class K>
  [[nodiscard]] static constexpr auto weights(K const& k) {
    using T = typename decltype(k.weights)::value_type;
    return View<T const>{k.weights.empty() ? nullptr : k.weights.data(), k.texts.size(), 1};
  }
  template <class B, class T>
  constexpr void drop(Context<B>& c, Stream<T const> x, Stream<T> y) const {
    if (c.training && dropout > 0)
      drop_rows(c, dropout, c.random.fork(0x776f726473000000ULL), {}, x, y);
  }
};

}  // namespace vlpt
