#pragma once
#include "vlpt/autodiff/stage_scope.hpp"
#include "vlpt/models/class_scores.hpp"

namespace vlpt {

/// Logits as of ClassScores, where each image shifts the context of all texts: row j of its context
/// is rows_j + shift(f / |f|). All texts run through their tower for every image; the reverse
/// computes them again, so that no more is kept than their features.
template <class Text, Module Shift>
struct ShiftedScores {
  Text text;
  TextLayout layout;
  Shift shift;
  LogitScale scale{};

  template <class F>
  using ShiftFlow = typename F::template child<"prompt">::template child<"shift">;
  template <class F>
  static constexpr bool shift_reverses = F::below || Shift::template learns<ShiftFlow<F>>;
  template <class F, bool RowsLearn>
  using TextFlow =
      typename F::template child<"text">::template with_below<RowsLearn || shift_reverses<F>>;
  template <class F>
  using ScaleFlow = typename F::template child<"logit_scale">;
  template <class F, bool RowsLearn>
  static constexpr bool text_reverses = Text::template reverses<TextFlow<F, RowsLearn>>;

  template <class T>
  struct Params {
    typename Text::template Params<T> text;
    LogitScale::Params<T> scale;
    typename Shift::template Params<T> shift;
  };
  template <class T, class F, bool RowsLearn>
  struct Prepared {
    typename Text::template Prepared<T> text;
    typename Text::template Cache<T, TextFlow<F, RowsLearn>> cache;
    LogitScale::Prepared<T> scale;
  };
  template <class T, class F>
  struct Cache {
    View<T> image, lengths;      // unit rows of the images
    View<T> unit, unit_lengths;  // of the texts, (batch * classes, width) where there is a reverse
    Stream<T> contexts;          // (batch, inserted, dim)
    typename Shift::template Cache<T, ShiftFlow<F>> shift;
    LogitScale::Cache<T, ScaleFlow<F>> scale;
    typename Text::template Cache<T, InferFlow> run;  // room for one pass of the texts
  };

  template <class F, bool RowsLearn, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.enter("text");
    text.template visit<TextFlow<F, RowsLearn>>(p.text, v);
    v.leave();
    scale.template visit<ScaleFlow<F>>(p.scale, v);
    v.enter("prompt");
    v.enter("shift");
    shift.template visit<ShiftFlow<F>>(p.shift, v);
    v.leave();
    v.leave();
  }
  template <class F, bool RowsLearn, class B, class P, class R, class T>
  constexpr void prepare(Context<B>& c, P const& p, R& r, GivenRows<T> const&) const {
    scale.prepare(c, p.scale, r.scale);
    text.template prepare<InferFlow>(c, p.text, r.text);
  }
  template <class F, bool RowsLearn, class B, class P, class R, class T>
  constexpr void prepare_backward(Context<B>&, P const&, R&, GivenRows<T> const&, P&) const {}

  template <class F, bool RowsLearn, class B, class P, class R, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, R const& r, GivenRows<T> const& rows,
                         View<T const> features, View<T> logits, K& k) const {
    constexpr bool kept = text_reverses<F, RowsLearn> || F::below;
    Index const batch = features.rows, n = layout.classes(), m = layout.inserted();
    Index const width = features.cols;
    k.image = c.template matrix<kept>(batch, width);
    k.lengths = c.template matrix<F::below>(batch, 1);
    c.backend.unit_rows(features, k.image, k.lengths);
    auto const added = c.scratch.template stream<T>(batch, 1, text.facts.dim);
    StageScope stage(c, "prompt");
    shift.template forward<ShiftFlow<F>>(c, p.shift, Stream<T const>(k.image, batch), added,
                                         k.shift);
    k.contexts = c.template stream<kept>(batch, m, text.facts.dim);
    c.backend.copy(Stream<T const>(rows.rows), k.contexts);
    for (Index j = 0; j < m; ++j) c.backend.add(Stream<T const>(added), k.contexts.range(j, 1));
    k.unit = c.template matrix<kept>(kept ? batch * n : n, width);
    k.unit_lengths = c.template matrix<kept>(k.unit.rows, 1);
    for (Index b = 0; b < batch; ++b) {
      ArenaScope const scope(c.scratch);
      auto const t = c.scratch.template matrix<T>(n, width);
      stage.next("text");
      text.template encode<InferFlow>(c, p.text, r.text, layout, Stream<T const>(context(k, b)), t,
                                      k.run);
      stage.next("scores");
      c.observe(TapPoint::text_features, b, Stream<T const>(t, 1));
      auto const unit = of_image(k.unit, kept ? b : 0);
      c.backend.unit_rows(View<T const>(t), unit, of_image(k.unit_lengths, kept ? b : 0));
      c.backend.linear(View<T const>(k.image.middle_rows(b, 1)), View<T const>(unit),
                       View<T const>{}, logits.middle_rows(b, 1));
    }
    Stream<T> const all(logits, 1);
    scale.template forward<ScaleFlow<F>>(c, r.scale, Stream<T const>(all), all, k.scale);
  }

  /// d_features is overwritten if the flow has something below.
  template <class F, bool RowsLearn, class B, class P, class R, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, R& r, GivenRows<T> const& rows, K const& k,
                          View<T const> d_logits, View<T> d_features, P& g) const {
    ArenaScope const scope(c.scratch);
    StageScope stage(c, "scores");
    Index const batch = d_logits.rows, n = layout.classes(), width = k.image.cols;
    auto const d = c.scratch.template matrix<T>(batch, n);
    scale.template backward<ScaleFlow<F>>(c, r.scale, k.scale, Stream<T const>(d_logits, 1),
                                          Stream<T>(d, 1), g.scale);
    if constexpr (F::below)
      for (Index b = 0; b < batch; ++b)
        c.backend.linear_input(View<T const>(d.middle_rows(b, 1)),
                               View<T const>(of_image(k.unit, b)), d_features.middle_rows(b, 1));
    if constexpr (text_reverses<F, RowsLearn>) {
      auto const d_contexts =
          c.scratch.template stream<T>(batch, layout.inserted(), text.facts.dim);
      c.backend.fill(d_contexts, T(0));
      for (Index b = 0; b < batch; ++b) {
        ArenaScope const inner(c.scratch);
        auto const d_text = c.scratch.template matrix<T>(n, width);
        c.backend.fill(Stream<T>(d_text, 1), T(0));
        c.backend.linear_weight(View<T const>(d.middle_rows(b, 1)),
                                View<T const>(k.image.middle_rows(b, 1)), d_text, View<T>{});
        c.backend.unit_rows_reverse(View<T const>(d_text), View<T const>(of_image(k.unit, b)),
                                    View<T const>(of_image(k.unit_lengths, b)), d_text);
        stage.next("text");
        text.template encode_reverse<TextFlow<F, RowsLearn>>(
            c, p.text, r.text, layout, Stream<T const>(context(k, b)), View<T const>(d_text),
            one(d_contexts, b), g.text, r.cache, false);
        stage.next("scores");
      }
      stage.next("prompt");
      if constexpr (RowsLearn) c.backend.add(Stream<T const>(d_contexts), rows.d_rows);
      if constexpr (shift_reverses<F>) reverse_shift<F>(c, p, k, d_contexts, d_features, g);
    }
    stage.next("scores");
    if constexpr (F::below)
      c.backend.unit_rows_reverse(View<T const>(d_features), View<T const>(k.image),
                                  View<T const>(k.lengths), d_features);
  }

 private:
  template <class F, class B, class P, class T, class K>
  constexpr void reverse_shift(Context<B>& c, P const& p, K const& k, Stream<T> d_contexts,
                               View<T> d_image, P& g) const {
    Index const batch = d_contexts.batch;
    auto const d_added = c.scratch.template stream<T>(batch, 1, d_contexts.dim);
    c.backend.fill(d_added, T(0));
    for (Index j = 0; j < d_contexts.tokens; ++j)
      c.backend.add(Stream<T const>(d_contexts.range(j, 1)), d_added);
    Stream<T> d_read;
    if constexpr (F::below) d_read = c.scratch.template stream<T>(batch, 1, d_image.cols);
    shift.template backward<ShiftFlow<F>>(c, p.shift, k.shift, Stream<T const>(d_added), d_read,
                                          g.shift);
    if constexpr (F::below) c.backend.add(Stream<T const>(d_read), Stream<T>(d_image, batch));
  }
  template <class T>
  static constexpr Stream<T> one(Stream<T> s, Index b) {
    return Stream<T>(s.sample(b), 1);
  }
  template <class K>
  static constexpr auto context(K const& k, Index b) {
    return one(k.contexts, b);
  }
  template <class T>
  [[nodiscard]] constexpr View<T> of_image(View<T> v, Index b) const {
    return v.middle_rows(b * layout.classes(), layout.classes());
  }
};

/// The scores that a policy asks for.
template <class Text, PromptPolicy P>
[[nodiscard]] constexpr auto class_scores(Text tower, TextLayout layout, P const& policy,
                                          Index features) {
  if constexpr (has(P::sites, Site::text_shift)) {
    auto const shift = policy.text_shift(tower.facts.at(0), features);
    return ShiftedScores<Text, std::remove_const_t<decltype(shift)>>{std::move(tower),
                                                                     std::move(layout), shift};
  } else {
    return ClassScores<Text>{std::move(tower), std::move(layout)};
  }
}

}  // namespace vlpt
