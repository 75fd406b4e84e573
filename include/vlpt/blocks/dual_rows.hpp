#pragma once
#include "vlpt/blocks/prompt_policy.hpp"

namespace vlpt {

/// Where the rows of both towers of a dual encoder come from: a RowSource for the image, whose
/// Prepared has `given`, and rows for the classes' texts beside them, Prepared's `context`:
/// (1, inserted, dim) shared, or (1, classes * inserted, dim).
template <class S>
concept DualSource = RowSource<S> && requires(S const s, typename S::template Prepared<float> r) {
  { s.inserted() } -> std::convertible_to<Index>;
  { r.context } -> std::convertible_to<GivenRows<float>>;
};

/// Rows of both towers that know nothing of one another.
template <RowSource Image, RowSource Text>
struct IndependentRows {
  Image image;
  Text text;
  Index count = image.count;

  [[nodiscard]] constexpr Index inserted() const { return text.count; }
  template <class F>
  using TextFlow = typename F::template child<"context">;
  template <class T>
  struct Params {
    typename Image::template Params<T> image;
    typename Text::template Params<T> text;
  };
  template <class T>
  struct Prepared {
    GivenRows<T> given, context;
    typename Image::template Prepared<T> image;
    typename Text::template Prepared<T> text;
  };
  template <class F>
  static constexpr bool learns = Image::template learns<F> || Text::template learns<TextFlow<F>>;

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    image.template visit<F>(p.image, v);
    v.enter("context");
    text.template visit<TextFlow<F>>(p.text, v);
    v.leave();
  }
  template <class F, class B, class P, class R>
  constexpr void prepare(Context<B>& c, P const& p, R& r, Index batch) const {
    image.template prepare<F>(c, p.image, r.image, batch);
    text.template prepare<TextFlow<F>>(c, p.text, r.text, 1);
    r.given = r.image.given, r.context = r.text.given;
  }
  template <class F, class B, class P, class R>
  constexpr void prepare_backward(Context<B>& c, P const& p, R& r, P& g) const {
    image.template prepare_backward<F>(c, p.image, r.image, g.image);
    text.template prepare_backward<TextFlow<F>>(c, p.text, r.text, g.text);
  }
};

/// Where the rows that stand in the classes' texts come from, or none.
template <PromptPolicy P>
[[nodiscard]] constexpr auto context_source(P const& policy, LayerFacts const& text,
                                            Index classes) {
  if constexpr (has(P::sites, Site::text_context))
    return policy.text_context(text, classes);
  else
    return NoRows{};
}

/// Where a policy's rows of both towers come from.
template <PromptPolicy P>
[[nodiscard]] constexpr auto dual_source(P const& policy, LayerFacts const& image,
                                         LayerFacts const& text, Index classes) {
  if constexpr (has(P::sites, Site::dual_rows)) {
    return policy.dual_rows(image, text, classes);
  } else {
    auto const rows = row_source(policy, image);
    auto const context = context_source(policy, text, classes);
    return IndependentRows<std::remove_const_t<decltype(rows)>,
                           std::remove_const_t<decltype(context)>>{rows, context};
  }
}

}  // namespace vlpt
