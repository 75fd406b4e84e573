#pragma once
#include "vlpt/policies/prompt/context.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/joint_rows.hpp"

namespace vlpt::prompt {

/// UPT: the context of the texts and the prompts of the image tower come out of one small
/// transformer. MVLPT (Shen et al., arXiv 2211.11720) publishes prompts that mix, the default; its
/// code takes the rows for a batch, so that each attends to itself alone: no_mix.
template <PromptPolicy Text = Context<4>, PromptPolicy Image = Deep<4>>
struct Unified {
  static_assert(Text::sites == Site::text_context &&
                    (Image::sites == Site::token_rows || Image::sites == Site::layer_rows),
                "prompt::Unified joins a policy that is a context and one that is prompt rows");
  static constexpr std::string_view name = "unified";
  static constexpr Site sites = Text::sites | Image::sites | Site::dual_rows;
  Text text{};
  Image image{};
  Index width = 128;
  bool no_mix = false;

  [[nodiscard]] constexpr auto dual_rows(LayerFacts const& image_facts,
                                         LayerFacts const& text_facts, Index classes) const {
    if (width <= 0) throw InputError(vlpt::text("a joint transformer needs a width, got ", width));
    if constexpr (requires { image.dropout; })
      if (image.dropout != 0) throw InputError("prompt::Unified has no dropout of its rows");
    auto const rows = row_source(image, image_facts);
    auto const context = text.text_context(text_facts, classes);
    return JointRows<std::remove_const_t<decltype(rows)>, std::remove_const_t<decltype(context)>>{
        rows, context, image_facts.dim, text_facts.dim, width, !no_mix};
  }
  /// The rows that the transformer reads.
  [[nodiscard]] constexpr auto token_rows(LayerFacts const& f) const { return image.token_rows(f); }
  [[nodiscard]] constexpr auto layer_rows(LayerFacts const& f) const { return image.layer_rows(f); }
  [[nodiscard]] constexpr auto text_context(LayerFacts const& f, Index classes) const {
    return text.text_context(f, classes);
  }
  [[nodiscard]] constexpr ContextPlace context_place() const { return text.context_place(); }
  template <class V>
  constexpr void settings(V&& v) const {
    if constexpr (requires { text.settings(v); }) text.settings(v);
    if constexpr (requires { image.settings(v); }) image.settings(v);
    v("joint_width", width);
    v("no_mix", no_mix);
  }
};

}  // namespace vlpt::prompt
