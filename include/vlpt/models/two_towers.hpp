#pragma once
#include "vlpt/autodiff/stage_scope.hpp"
#include "vlpt/models/image_rows.hpp"
#include "vlpt/models/roberta.hpp"
#include "vlpt/models/stream_embedding.hpp"
#include "vlpt/models/text_images.hpp"

namespace vlpt {

/// From texts and images to the two streams that METER's layers read: two towers and what makes
/// their rows alike. The image tower is frozen under every learning scope.
///   TextImages -> x (pairs, words, dim), y (pairs, image rows, dim)
template <class Act, class ImageAct, class Rows>
struct TwoTowers {
  using Text = Roberta<Act, Rows>;
  using Image = ImageRows<ImageAct>;
  TwoStreamFacts facts;
  Index images = 1;  // of a sample
  Text text;
  Image image;
  StreamEmbedding embed;

  constexpr TwoTowers(TwoStreamFacts const& f, Index images_of_sample, double dropout,
                      bool replaces_first)
      : facts(f),
        images(images_of_sample),
        text(f.text, dropout, !replaces_first),
        image(f.image),
        embed{f.text.dim, f.image.dim, f.dim, f.types, replaces_first} {}

  template <class F>
  using TextFlow = Settled<Text, typename F::template child<"text">>;
  template <class F>
  using EmbedFlow =
      typename F::template child<"embed">::template with_below<Text::template learns<TextFlow<F>>>;
  template <class F>
  static constexpr bool learns = EmbedFlow<F>::below || StreamEmbedding::learns<EmbedFlow<F>>;

  template <class T>
  struct Params {
    typename Text::template Params<T> text;
    typename Image::template Params<T> image;
    StreamEmbedding::Params<T> embed;
  };
  template <class T>
  struct Prepared {
    typename Text::template Prepared<T> text;
    typename Image::template Prepared<T> image;
  };
  template <class T, class F>
  struct Cache {
    typename Text::template Cache<T, TextFlow<F>> text;
    typename Image::template Cache<T> image;
    StreamEmbedding::Cache<T, EmbedFlow<F>> embed;
  };

  /// Throws InputError unless texts and images fit; texts may have at most `most_words` words.
  template <class T>
  void check(TextImages<T> const& in, Index most_words) const {
    auto const& f = facts.image;
    in.check_pairs(images);
    VLPT_CHECK(in.words > 1 && in.words <= most_words, "texts of ", in.words,
               " words do not fit a model planned for 2 to ", most_words);
    VLPT_CHECK(in.images.tokens == f.channels * f.image && in.images.dim == f.image, "images of ",
               in.images.tokens, " x ", in.images.dim, " values do not fit a model of ", f.channels,
               " x ", f.image, " x ", f.image);
    text.embed.check(words_of(in));
    for (Index r = 0; in.types != nullptr && r < in.pairs(); ++r)
      VLPT_CHECK(in.types[r] > 0 && in.types[r] < facts.types, "image ", r, " has type ",
                 in.types[r], ", which is not one of 1 to ", facts.types - 1);
  }

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.enter("text");
    text.template visit<TextFlow<F>>(p.text, v);
    v.leave();
    v.enter("image");
    image.visit(p.image, v);
    v.leave();
    v.enter("embed");
    embed.template visit<EmbedFlow<F>>(p.embed, v);
    v.leave();
  }
  template <class F, class B, class P, class R>
  constexpr void prepare(Context<B>& c, P const& p, R& r) const {
    text.template prepare<TextFlow<F>>(c, p.text, r.text);
    image.prepare(c, p.image, r.image);
  }

  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, R const& r, TextImages<T const> const& in,
                         OfStreams<Stream<T>> out, K& k) const {
    ArenaScope const scope(c.scratch);
    StageScope stage(c);
    Index const pairs = in.pairs();
    constexpr bool text_kept = StreamEmbedding::TextFlow<EmbedFlow<F>>::learns;
    constexpr bool image_kept = StreamEmbedding::ImageFlow<EmbedFlow<F>>::learns;
    auto const words = c.template stream<text_kept>(pairs, text.out_tokens(in.words), text_dim());
    stage.next("text");
    text.template forward<TextFlow<F>>(c, p.text, r.text, words_of(in), in.text_mask, words,
                                       k.text);
    auto const pixels = c.template stream<image_kept>(pairs, facts.image.tokens(), facts.image.dim);
    stage.next("image");
    image.forward(c, p.image, r.image, in.images, pixels, k.image);
    c.observe(TapPoint::encoded, 1, Stream<T const>(pixels));
    stage.next("embed");
    embed.template forward<EmbedFlow<F>>(c, p.embed, {words, pixels}, in.types, images, out,
                                         k.embed);
  }
  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, R& r, K const& k,
                          OfStreams<Stream<T const>> d_out, P& g) const {
    ArenaScope const scope(c.scratch);
    StageScope stage(c);
    constexpr bool below = EmbedFlow<F>::below;
    Index const pairs = d_out[0].batch, words = d_out[0].tokens;
    Stream<T> d_words;
    if constexpr (below)
      d_words = c.scratch.template stream<T>(pairs, text.out_tokens(words), text_dim());
    stage.next("embed");
    embed.template backward<EmbedFlow<F>>(c, p.embed, k.embed, d_out, d_words, g.embed);
    if constexpr (below) {
      stage.next("text");
      text.template backward<TextFlow<F>>(c, p.text, r.text, k.text, Stream<T const>(d_words),
                                          g.text);
    }
  }

 private:
  [[nodiscard]] constexpr Index text_dim() const { return facts.text.dim; }
  template <class T>
  [[nodiscard]] static constexpr Words words_of(TextImages<T> const& in) {
    return {.batch = in.pairs(), .tokens = in.words, .ids = in.ids, .positions = in.positions};
  }
};

}  // namespace vlpt
