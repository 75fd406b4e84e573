#pragma once
#include "vlpt/autodiff/stage_scope.hpp"
#include "vlpt/blocks/bert_block.hpp"
#include "vlpt/blocks/stack.hpp"
#include "vlpt/models/arch/two_stream.hpp"
#include "vlpt/ops/embed_words.hpp"
#include "vlpt/policies/prompt/none.hpp"

namespace vlpt {

/// RoBERTa: embedded words and post-norm blocks.
///   words (batch, n) -> the rows behind the first one, (batch, n - 1, dim); under rows::All, or
///   where it is read, the first one as well. METER's policies put a learnt row in its place.
template <class Act, class Rows>
struct Roberta {
  using Layer = BertBlock<Act, prompt::None>;
  using Layers = Stack<Layer, Rows>;
  using Embed = EmbedWords<>;
  WordsFacts facts;
  bool first_is_read = false;
  Embed embed;
  Layers layers;

  constexpr Roberta(WordsFacts const& f, double dropout, bool reads_first)
      : facts(f), first_is_read(reads_first), embed{f.vocabulary, f.positions, 1,
                                                    f.dim,        f.eps,       true} {
    for (Index l = 0; l < f.depth; ++l)
      layers.layers.emplace_back(f.at(l), prompt::None{}, dropout);
  }

  template <class F>
  using EmbedFlow = typename F::template child<"embed">;
  template <class F>
  using LayersFlow =
      typename F::template child<"layers">::template with_below<Embed::learns<EmbedFlow<F>>>;
  template <class F>
  static constexpr bool learns = LayersFlow<F>::below || Layers::template learns<LayersFlow<F>>;

  template <class T>
  struct Params {
    typename Embed::template Params<T> embed;
    typename Layers::template Params<T> layers;
  };
  template <class T>
  using Prepared = typename Layers::template Prepared<T>;
  template <class T, class F>
  struct Cache {
    typename Embed::template Cache<T, EmbedFlow<F>> embed;
    typename Layers::template Cache<T, LayersFlow<F>> layers;
    Words words;
    unsigned char const* mask = nullptr;
  };

  /// Rows of its output for texts of n words.
  [[nodiscard]] constexpr Index out_tokens(Index n) const {
    return Rows::all || first_is_read ? n : n - 1;
  }

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.enter("embed");
    embed.template visit<EmbedFlow<F>>(p.embed, v);
    v.leave();
    layers.template visit<LayersFlow<F>>(p.layers, v);
  }
  template <class F, class B, class P, class R>
  constexpr void prepare(Context<B>& c, P const& p, R& r) const {
    using T = typename B::Scalar;
    layers.template prepare<LayersFlow<F>>(c, p.layers, r, GivenRows<T>{}, StackRun{});
  }
  /// Words and mask (null: no padding) must live on until the reverse.
  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, R const& r, Words const& words,
                         unsigned char const* mask, Stream<T> out, K& k) const {
    ArenaScope const scope(c.scratch);
    StageScope stage(c);
    Drawing<B> const drawing(c);
    k.words = words, k.mask = mask;
    constexpr bool kept = LayersFlow<F>::below || Layers::template learns<LayersFlow<F>>;
    auto const x = c.template stream<kept>(words.batch, words.tokens, facts.dim);
    stage.next("embed");
    embed.template forward<EmbedFlow<F>>(c, p.embed, words, x, k.embed);
    stage.end();
    layers.template forward<LayersFlow<F>>(c, p.layers, r, GivenRows<T>{}, Stream<T const>(x), out,
                                           k.layers, run(k));
  }
  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, R& r, K const& k, Stream<T const> d_out,
                          P& g) const {
    if constexpr (learns<F>) {
      ArenaScope const scope(c.scratch);
      StageScope stage(c);
      Drawing<B> const drawing(c);
      Stream<T> d;
      if constexpr (LayersFlow<F>::below)
        d = c.scratch.template stream<T>(k.words.batch, k.words.tokens, facts.dim);
      stage.end();
      layers.template backward<LayersFlow<F>>(c, p.layers, r, GivenRows<T>{}, k.layers, d_out, d,
                                              g.layers, run(k));
      stage.next("embed");
      if constexpr (LayersFlow<F>::below)
        embed.template backward<EmbedFlow<F>>(c, p.embed, k.embed, Stream<T const>(d), g.embed);
    }
  }

 private:
  /// The tower's dropout is drawn apart from that of the layers above it.
  template <class B>
  class Drawing {
   public:
    constexpr explicit Drawing(Context<B>& c) : c_(c), random_(c.random) {
      c.random = c.random.fork(0x726f6265727461ULL);
    }
    constexpr ~Drawing() { c_.random = random_; }
    Drawing(Drawing const&) = delete;
    Drawing& operator=(Drawing const&) = delete;

   private:
    Context<B>& c_;
    Random random_;
  };
  template <class K>
  [[nodiscard]] constexpr StackRun run(K const& k) const {
    Index const first = first_is_read ? 0 : 1;
    return {.tokens = k.words.tokens, .read = {first, k.words.tokens - first}, .mask = k.mask};
  }
};

}  // namespace vlpt
