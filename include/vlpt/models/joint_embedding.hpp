#pragma once
#include <vector>

#include "vlpt/models/arch/single_stream.hpp"
#include "vlpt/models/text_images.hpp"
#include "vlpt/ops/dropout.hpp"
#include "vlpt/ops/embed_padded_images.hpp"
#include "vlpt/ops/embed_words.hpp"

namespace vlpt {

/// One sequence of a text and an image: [words + type 0; class row, patches + type k], and the mask
/// of its rows. The modality table learns; so does `first_row`, which replaces the first word where
/// there is one (token4classifier in APT's code).
struct JointEmbedding {
  EmbedWords<true> text;
  EmbedPaddedImages image;
  Index types = 2, dim = 0;
  bool replaces_first = true;
  double dropout = 0;  // of embedded words and of embedded images, while training

  constexpr JointEmbedding(SingleStreamFacts const& f, Index most_patches, bool replaces,
                           double rate)
      : text{f.vocabulary, f.words, f.segments, f.vision.dim, f.text_eps},
        image{
            {f.vision.image, f.vision.channels, f.vision.patch, f.vision.dim, f.vision.patch_bias},
            most_patches},
        types(f.types),
        dim(f.vision.dim),
        replaces_first(replaces),
        dropout(rate) {}

  using Text = EmbedWords<true>;
  template <class F>
  using TextFlow = typename F::template child<"text">;
  template <class F>
  using ImageFlow = typename F::template child<"image">;
  template <class F>
  using TypesFlow = typename F::marked::template child<"types">;
  template <class F>
  using FirstFlow = typename F::marked::template child<"first_row">;
  template <class F>
  static constexpr bool learns =
      Text::learns<TextFlow<F>> || EmbedPaddedImages::learns<ImageFlow<F>> ||
      TypesFlow<F>::learns || FirstFlow<F>::learns;

  template <class T>
  struct Params {
    Text::Params<T> text;
    EmbedPaddedImages::Params<T> image;
    View<T> types, first_row;
  };
  template <class T, class F>
  struct Cache {
    Text::Cache<T, TextFlow<F>> text;
    EmbedPaddedImages::Cache<T, ImageFlow<F>> image;
    std::vector<Index> types;                      // (pairs, tokens)
    std::vector<unsigned char> mask, prompt_mask;  // (pairs, tokens), (pairs, tokens + prompts)
  };

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.enter("text");
    text.template visit<TextFlow<F>>(p.text, v);
    v.leave();
    if (replaces_first)
      v.template tensor<FirstFlow<F>::learns>("first_row", p.first_row, Shape{1, dim},
                                              Init::normal(0.02), false);
    v.enter("image");
    image.template visit<ImageFlow<F>>(p.image, v);
    v.leave();
    v.template tensor<TypesFlow<F>::learns>("types", p.types, Shape{types, dim}, Init::normal(0.02),
                                            true);
  }

  /// Throws InputError for texts of more than `words`, for images larger than `canvas` or cut
  /// through a patch, and for numbers that have no row in their table.
  template <class T>
  void check(TextImages<T> const& in, Index words, Index canvas) const {
    VLPT_CHECK(in.words <= words, "texts of ", in.words, " words do not fit a model planned for ",
               words);
    text.check(Words{in.pairs(), in.words, in.ids});
    Index const channels = image.whole.channels, patch = image.whole.patch;
    Index const height = in.images.tokens / channels, width = in.images.dim;
    VLPT_CHECK(in.images.tokens % channels == 0 && height > 0 && height % patch == 0 && width > 0 &&
                   width % patch == 0 && height <= canvas && width <= canvas,
               "images of ", in.images.tokens, " x ", width, " values do not fit a model of ",
               channels, " channels whose padded images are multiples of ", patch,
               " pixels, at most ", canvas);
    for (Index r = 0; in.types != nullptr && r < in.pairs(); ++r)
      VLPT_CHECK(in.types[r] > 0 && in.types[r] < types, "image ", r, " has type ", in.types[r],
                 ", which is not one of 1 to ", types - 1);
  }
  /// Rows of the sequence; also decides which patches these are, what types and what mask they
  /// have, given that `prompts` rows follow.
  template <class T, class K>
  constexpr Index choose(TextImages<T const> const& in, Index prompts, K& k) const {
    Index const seen = image.choose(in.images, k.image), tokens = in.words + seen;
    if (in.images.data == nullptr) return tokens;
    auto const pairs = static_cast<std::size_t>(in.pairs()), n = static_cast<std::size_t>(tokens);
    k.types.assign(pairs * n, 0);
    k.mask.assign(pairs * n, 1);
    k.prompt_mask.assign(pairs * (n + static_cast<std::size_t>(prompts)), 1);
    Index const each = in.pairs() / in.batch;
    for (Index r = 0; r < in.pairs(); ++r) {
      auto* const type = k.types.data() + r * tokens;
      auto* const mask = k.mask.data() + r * tokens;
      std::fill_n(type + in.words, seen, in.types == nullptr ? 1 + r % each : in.types[r]);
      if (in.text_mask != nullptr) std::copy_n(in.text_mask + r * in.words, in.words, mask);
      std::copy_n(k.image.choice.valid.data() + r * (seen - 1), seen - 1, mask + in.words + 1);
      std::copy_n(mask, n, k.prompt_mask.data() + r * (tokens + prompts));
    }
    return tokens;
  }

  /// requires choose() on this cache; tokens (pairs, rows, dim).
  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, TextImages<T const> const& in, Stream<T> tokens,
                         K& k) const {
    ArenaScope const scope(c.scratch);
    Index const pairs = in.pairs(), words = in.words, seen = tokens.tokens - words;
    c.backend.gather(Stream<T const>(p.types, 1), k.types.data(), tokens);
    auto const read = c.scratch.template stream<T>(pairs, words, dim);
    text.template forward<TextFlow<F>>(c, p.text, Words{pairs, words, in.ids}, read, k.text);
    drop(c, 0, Stream<T const>(read), read);
    if (replaces_first) c.backend.copy(Stream<T const>(p.first_row, 1), read.range(0, 1));
    c.backend.add(Stream<T const>(read), tokens.range(0, words));
    auto const rows = c.scratch.template stream<T>(pairs, seen, dim);
    image.template forward<ImageFlow<F>>(c, p.image, in.images, rows, k.image);
    drop(c, 1, Stream<T const>(rows), rows);
    c.backend.add(Stream<T const>(rows), tokens.range(words, seen));
  }
  /// d_images is overwritten if the flow has something below.
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, K const& k, Stream<T const> d_tokens,
                          Stream<T> d_images, P& g) const {
    ArenaScope const scope(c.scratch);
    Index const pairs = d_tokens.batch, words = k.text.words.tokens, seen = d_tokens.tokens - words;
    if constexpr (TypesFlow<F>::learns)
      c.backend.scatter_add(d_tokens, k.types.data(), Stream<T>(g.types, 1));
    auto const d_read = c.scratch.template stream<T>(pairs, words, dim);
    c.backend.copy(d_tokens.range(0, words), d_read);
    if (replaces_first) {
      if constexpr (FirstFlow<F>::learns)
        c.backend.add(d_tokens.range(0, 1), Stream<T>(g.first_row, 1));
      c.backend.fill(d_read.range(0, 1), T(0));
    }
    drop(c, 0, Stream<T const>(d_read), d_read);
    text.template backward<TextFlow<F>>(c, p.text, k.text, Stream<T const>(d_read), g.text);
    auto const d_rows = c.scratch.template stream<T>(pairs, seen, dim);
    c.backend.copy(d_tokens.range(words, seen), d_rows);
    drop(c, 1, Stream<T const>(d_rows), d_rows);
    image.template backward<ImageFlow<F>>(c, p.image, k.image, Stream<T const>(d_rows), d_images,
                                          g.image);
  }

 private:
  template <class B, class T>
  constexpr void drop(Context<B>& c, unsigned which, Stream<T const> x, Stream<T> y) const {
    if (c.training && dropout > 0)
      drop_rows(c, dropout, c.random.fork(0x656d626564000000ULL + which), {}, x, y);
  }
};

}  // namespace vlpt
