#pragma once
#include "vlpt/blocks/prompt_policy.hpp"
#include "vlpt/policies/prompt/count.hpp"

namespace vlpt::prompt {

/// The settings of a context, as template arguments or, for a dynamic number of rows, at run time.
template <Index M, ContextPlace Place, bool ClassSpecific>
struct ContextSettings {
  static_assert(M > 0, "a context needs at least one row, or vlpt::dynamic");
  static constexpr Index prompts = M;
  static constexpr ContextPlace place = Place;
  static constexpr bool class_specific = ClassSpecific;
};
template <ContextPlace Place, bool ClassSpecific>
struct ContextSettings<dynamic, Place, ClassSpecific> {
  Index prompts = 0;
  ContextPlace place = Place;
  bool class_specific = ClassSpecific;
};

/// CoOp: M learnt rows in the text of every class, in place of "a photo of a": one set for all
/// classes, or one for each. Zhou et al., arXiv 2109.01134; in the middle, as MVLPT has it.
template <Index M = dynamic, ContextPlace Place = ContextPlace::middle, bool ClassSpecific = false>
struct Context : ContextSettings<M, Place, ClassSpecific> {
  static constexpr std::string_view name = "context";
  static constexpr Site sites = Site::text_context;

  [[nodiscard]] constexpr PromptRows text_context(LayerFacts const& text, Index classes) const {
    return {.count = count_of(*this),
            .dim = text.dim,
            .init = Init::normal(0.02),
            .sets = this->class_specific ? classes : PromptRows::shared};
  }
  [[nodiscard]] constexpr ContextPlace context_place() const { return this->place; }
  template <class V>
  constexpr void settings(V&& v) const {
    v("context", this->prompts);
    v("place", place_name(this->place));
    v("class_specific", this->class_specific);
  }
};

}  // namespace vlpt::prompt
