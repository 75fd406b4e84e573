#pragma once
#include <cmath>

#include "vlpt/models/image_captions.hpp"
#include "vlpt/models/images.hpp"
#include "vlpt/models/text_tower.hpp"
#include "vlpt/models/vision_trunk.hpp"
#include "vlpt/ops/logit_scale.hpp"
#include "vlpt/policies/prompt/none.hpp"
#include "vlpt/policies/skip/dense.hpp"

namespace vlpt {

/// The two towers of CLIP while they are pretrained (Radford et al., arXiv 2103.00020), all weights
/// learning; a DualEncoder reads what it wrote, by the same names.
///   batch of images and captions -> logits (batch, batch) = e^s <f_i / |f_i|, t_j / |t_j|>
/// A batch has `pairs` images and captions, no more and no fewer; ContrastiveLoss is its loss.
template <Arch A>
struct ContrastivePair {
  using ArchType = A;
  using Trunk = VisionTrunk<typename A::Activation, prompt::None, skip::Dense, rows::Live>;
  using Text = TextTower<typename A::Activation, skip::Dense, rows::Live>;
  using TrainFlow = Flow<learn::All>;
  static constexpr bool trunk_learns = true;
  template <class T>
  using Input = ImageCaptions<T const>;
  template <class T>
  using InputGradient =
      ImageCaptions<T>;  // captions have none, and nothing below the images learns

  VisionFacts facts;
  Index pairs;
  Trunk trunk;
  Text text;
  LogitScale scale{.most = 4.605170185988092};  // ln 100, as the paper clips it
  TextLayout longest;  // captions that need the most memory, to plan a run with

  constexpr explicit ContrastivePair(Index batch, VisionFacts const& f = facts_of<A>(),
                                     TextTowerFacts const& t = text_facts_of<A>())
      : facts(f),
        pairs(batch),
        trunk(f, prompt::None{}, skip::Dense{}, 0, f.depth + t.depth),
        text(t, skip::Dense{}, f.features(), f.depth) {
    VLPT_CHECK(batch > 1, "pairs are told apart within a batch: it needs 2 or more, got ", batch);
    trunk.projection.weight_init = Init::normal(1 / std::sqrt(static_cast<double>(f.dim)));
    text.projection.weight_init = Init::normal(1 / std::sqrt(static_cast<double>(t.dim)));
    longest = layout(blank_captions());
  }

  /// The captions of a batch, as they are given to forward. InputError for words that are none.
  [[nodiscard]] constexpr TextLayout layout(ClassTexts const& captions) const {
    VLPT_CHECK(captions.classes == pairs, "a batch of ", pairs,
               " pairs needs as many captions, got ", captions.classes);
    // In one chunk, because a run is planned before its captions are known.
    return {captions, text.facts, 0, ContextPlace::end, false, pairs, pairs * text.facts.tokens};
  }
  [[nodiscard]] constexpr Index output_width() const { return pairs; }
  template <class T>
  [[nodiscard]] constexpr ImageCaptions<T> blank(Index batch) const {
    return {batch, blank_images<T>(facts, batch), &longest};
  }
  template <class T>
  void check(ImageCaptions<T> const& in) const {
    check_images(facts, in.images);
    VLPT_CHECK(in.batch == pairs && in.images.batch == pairs, "a batch has ", pairs, " pairs, got ",
               in.images.batch, " images");
    VLPT_CHECK(in.captions != nullptr && in.captions->classes() == pairs &&
                   in.captions->inserted() == 0 && in.captions->chunks() == 1,
               "captions come from layout(): a text for each of ", pairs, " images, in one chunk");
  }

  // ---- how learning flows through the stages ----
  template <class F>
  using ImageFlow = typename F::template child<"image">;
  template <class F>
  using TextFlow = typename F::template child<"text">;
  template <class F>
  using ScaleFlow = typename F::template child<"logit_scale">;

  template <class T>
  struct Params {
    typename Trunk::template Params<T> image;
    typename Text::template Params<T> text;
    LogitScale::Params<T> scale;
  };
  template <class T>
  struct Prepared {
    typename Trunk::template Prepared<T> image;
    typename Text::template Prepared<T> text;
    LogitScale::Prepared<T> scale;
  };
  template <class T, class F>
  struct Cache {
    typename Trunk::template Cache<T, ImageFlow<F>> image;
    typename Text::template Cache<T, TextFlow<F>> text;
    LogitScale::Cache<T, ScaleFlow<F>> scale;
    TextLayout const* captions = nullptr;
    View<T> images, image_lengths, texts, text_lengths;  // unit rows (pairs, width), (pairs, 1)
  };

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    visit_part(v, "image", [&] { trunk.template visit<ImageFlow<F>>(p.image, v); });
    visit_part(v, "text", [&] { text.template visit<TextFlow<F>>(p.text, v); });
    scale.template visit<ScaleFlow<F>>(p.scale, v);
  }

  template <class F, class B, class P, class R>
  constexpr void prepare(Context<B>& c, P const& p, R& r, Index) const {
    using T = typename B::Scalar;
    trunk.template prepare<ImageFlow<F>>(c, p.image, r.image, GivenRows<T>{});
    text.template prepare<TextFlow<F>>(c, p.text, r.text);
    scale.prepare(c, p.scale, r.scale);
  }
  template <class F, class B, class P, class R>
  constexpr void prepare_backward(Context<B>&, P const&, R&, P&) const {}  // no policy, no rows

  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, Prepared<T> const& r,
                         ImageCaptions<T const> const& in, View<T> logits, K& k) const {
    ArenaScope const scope(c.scratch);
    StageScope stage(c, "image");
    Index const n = in.batch, width = facts.features();
    auto const features = c.scratch.template matrix<T>(n, width);
    trunk.template forward<ImageFlow<F>>(c, p.image, r.image, GivenRows<T>{}, in.images, features,
                                         k.image);
    k.images = c.tape.template matrix<T>(n, width);
    k.image_lengths = c.tape.template matrix<T>(n, 1);
    c.backend.unit_rows(View<T const>(features), k.images, k.image_lengths);
    stage.next("text");
    k.captions = in.captions;
    text.template encode<TextFlow<F>>(c, p.text, r.text, *k.captions, no_rows<T const>(c), features,
                                      k.text);
    k.texts = c.tape.template matrix<T>(n, width);
    k.text_lengths = c.tape.template matrix<T>(n, 1);
    c.backend.unit_rows(View<T const>(features), k.texts, k.text_lengths);
    stage.next("scores");
    c.backend.linear(View<T const>(k.images), View<T const>(k.texts), View<T const>{}, logits);
    Stream<T> const all(logits, 1);
    scale.template forward<ScaleFlow<F>>(c, r.scale, Stream<T const>(all), all, k.scale);
  }

  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, Prepared<T>& r, K& k, View<T const> d_logits,
                          ImageCaptions<T> const&, P& g) const {
    ArenaScope const scope(c.scratch);
    StageScope stage(c, "scores");
    Index const n = d_logits.rows, width = facts.features();
    auto const d = c.scratch.template matrix<T>(n, n);
    scale.template backward<ScaleFlow<F>>(c, r.scale, k.scale, Stream<T const>(d_logits, 1),
                                          Stream<T>(d, 1), g.scale);
    auto const d_images = c.scratch.template matrix<T>(n, width),
               d_texts = c.scratch.template matrix<T>(n, width);
    c.backend.fill(Stream<T>(d_texts, 1), T(0));
    c.backend.linear_weight(View<T const>(d), View<T const>(k.images), d_texts, View<T>{});
    c.backend.linear_input(View<T const>(d), View<T const>(k.texts), d_images);
    c.backend.unit_rows_reverse(View<T const>(d_texts), View<T const>(k.texts),
                                View<T const>(k.text_lengths), d_texts);
    c.backend.unit_rows_reverse(View<T const>(d_images), View<T const>(k.images),
                                View<T const>(k.image_lengths), d_images);
    stage.next("text");
    text.template encode_reverse<TextFlow<F>>(c, p.text, r.text, *k.captions, no_rows<T const>(c),
                                              View<T const>(d_texts), no_rows<T>(c), g.text, k.text,
                                              true);
    stage.next("image");
    trunk.template backward<ImageFlow<F>>(c, p.image, r.image, GivenRows<T>{}, k.image,
                                          View<T const>(d_images), Stream<T>{}, g.image);
  }

 private:
  /// What is inserted into the captions: nothing.
  template <class T, class B>
  [[nodiscard]] constexpr Stream<T> no_rows(Context<B>&) const {
    return {nullptr, 1, 0, text.facts.dim};
  }
  /// No two start alike, so that none of their rows run once; they end all over the place, so that
  /// every row behind the first is read.
  [[nodiscard]] constexpr ClassTexts blank_captions() const {
    Index const words = text.facts.tokens, end = text.facts.vocabulary - 1;
    ClassTexts t{pairs, words};
    for (Index k = 0; k < pairs; ++k)
      for (Index i = 0; i < words; ++i)
        t.ids.push_back(i == (k == 0 ? std::min<Index>(1, words - 1) : words - 1) ? end
                        : i == 0                                                  ? k % end
                                                                                  : 0);
    return t;
  }
};

}  // namespace vlpt
