#pragma once
#include "vlpt/autodiff/stage_scope.hpp"
#include "vlpt/models/text_tower.hpp"
#include "vlpt/ops/logit_scale.hpp"

namespace vlpt {

/// Logits of images for classes whose texts depend on parameters alone:
///   features (batch, width) -> e^s <f / |f|, t_k / |t_k|>, (batch, classes).
/// The texts run through their tower in prepare. The flow's `below` are the image features;
/// RowsLearn says that rows which stand in the texts learn.
template <class Text>
struct ClassScores {
  Text text;
  TextLayout layout;
  LogitScale scale{};

  template <class F, bool RowsLearn>
  using TextFlow = typename F::template child<"text">::template with_below<RowsLearn>;
  template <class F>
  using ScaleFlow = typename F::template child<"logit_scale">;
  template <class F, bool RowsLearn>
  static constexpr bool text_reverses = Text::template reverses<TextFlow<F, RowsLearn>>;

  template <class T>
  struct Params {
    typename Text::template Params<T> text;
    LogitScale::Params<T> scale;
  };
  template <class T, class F, bool RowsLearn>
  struct Prepared {
    typename Text::template Prepared<T> text;
    typename Text::template Cache<T, InferFlow> run;
    typename Text::template Cache<T, TextFlow<F, RowsLearn>> cache;
    LogitScale::Prepared<T> scale;
    View<T> unit, lengths, d_unit;  // (classes, width), (classes, 1)
  };
  template <class T, class F>
  struct Cache {
    View<T> unit, lengths;  // of the images
    LogitScale::Cache<T, ScaleFlow<F>> scale;
  };

  template <class F, bool RowsLearn, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.enter("text");
    text.template visit<TextFlow<F, RowsLearn>>(p.text, v);
    v.leave();
    scale.template visit<ScaleFlow<F>>(p.scale, v);
  }

  template <class F, bool RowsLearn, class B, class P, class R, class T>
  constexpr void prepare(Context<B>& c, P const& p, R& r, GivenRows<T> const& rows) const {
    ArenaScope const scope(c.scratch);
    Index const n = layout.classes(), width = text.projection.out;
    scale.prepare(c, p.scale, r.scale);
    text.template prepare<InferFlow>(c, p.text, r.text);
    auto const features = c.scratch.template matrix<T>(n, width);
    auto const inserted = Stream<T const>(of_each(rows.rows));
    if constexpr (text_reverses<F, RowsLearn>) {
      if (layout.kept())
        text.template encode<TextFlow<F, RowsLearn>>(c, p.text, r.text, layout, inserted, features,
                                                     r.cache);
      else
        text.template encode<InferFlow>(c, p.text, r.text, layout, inserted, features, r.run);
    } else {
      text.template encode<InferFlow>(c, p.text, r.text, layout, inserted, features, r.run);
    }
    c.observe(TapPoint::text_features, 0, Stream<T const>(features, 1));
    r.unit = c.tape.template matrix<T>(n, width), r.lengths = c.tape.template matrix<T>(n, 1);
    c.backend.unit_rows(View<T const>(features), r.unit, r.lengths);
    if constexpr (text_reverses<F, RowsLearn>) {
      r.d_unit = c.tape.template matrix<T>(n, width);
      c.backend.fill(Stream<T>(r.d_unit, 1), T(0));
    }
  }
  template <class F, bool RowsLearn, class B, class P, class R, class T>
  constexpr void prepare_backward(Context<B>& c, P const& p, R& r, GivenRows<T> const& rows,
                                  P& g) const {
    if constexpr (text_reverses<F, RowsLearn>) {
      ArenaScope const scope(c.scratch);
      auto const d = c.scratch.template matrix<T>(r.unit.rows, r.unit.cols);
      c.backend.unit_rows_reverse(View<T const>(r.d_unit), View<T const>(r.unit),
                                  View<T const>(r.lengths), d);
      text.template encode_reverse<TextFlow<F, RowsLearn>>(
          c, p.text, r.text, layout, Stream<T const>(of_each(rows.rows)), View<T const>(d),
          of_each(rows.d_rows), g.text, r.cache, layout.kept());
      c.backend.fill(Stream<T>(r.d_unit, 1), T(0));
    }
  }

  template <class F, bool RowsLearn, class B, class P, class R, class T, class K>
  constexpr void forward(Context<B>& c, P const&, R const& r, GivenRows<T> const&,
                         View<T const> features, View<T> logits, K& k) const {
    StageScope const stage(c, "scores");
    constexpr bool kept = F::below || text_reverses<F, RowsLearn>;
    k.unit = c.template matrix<kept>(features.rows, features.cols);
    k.lengths = c.template matrix<F::below>(features.rows, 1);
    c.backend.unit_rows(features, k.unit, k.lengths);
    c.backend.linear(View<T const>(k.unit), View<T const>(r.unit), View<T const>{}, logits);
    Stream<T> const all(logits, 1);
    scale.template forward<ScaleFlow<F>>(c, r.scale, Stream<T const>(all), all, k.scale);
  }
  /// d_features is overwritten if the flow has something below.
  template <class F, bool RowsLearn, class B, class P, class R, class T, class K>
  constexpr void backward(Context<B>& c, P const&, R& r, GivenRows<T> const&, K const& k,
                          View<T const> d_logits, View<T> d_features, P& g) const {
    ArenaScope const scope(c.scratch);
    StageScope const stage(c, "scores");
    auto const d = c.scratch.template matrix<T>(d_logits.rows, d_logits.cols);
    scale.template backward<ScaleFlow<F>>(c, r.scale, k.scale, Stream<T const>(d_logits, 1),
                                          Stream<T>(d, 1), g.scale);
    if constexpr (text_reverses<F, RowsLearn>)
      c.backend.linear_weight(View<T const>(d), View<T const>(k.unit), r.d_unit, View<T>{});
    if constexpr (F::below) {
      c.backend.linear_input(View<T const>(d), View<T const>(r.unit), d_features);
      c.backend.unit_rows_reverse(View<T const>(d_features), View<T const>(k.unit),
                                  View<T const>(k.lengths), d_features);
    }
  }

 private:
  /// Rows in sets of `inserted` as rows of each text: one set is shared by all of them.
  template <class T>
  [[nodiscard]] constexpr Stream<T> of_each(Stream<T> rows) const {
    Index const n = layout.inserted();
    return n == 0 ? rows : Stream<T>{rows.data, rows.rows() / n, n, rows.dim};
  }
};

}  // namespace vlpt
