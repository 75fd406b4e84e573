#pragma once
#include "vlpt/blocks/prompt_policy.hpp"
#include "vlpt/blocks/tasks.hpp"
#include "vlpt/blocks/then.hpp"
#include "vlpt/policies/prompt/both_qkv.hpp"

namespace vlpt::prompt {

/// Two policies at once. Where both stand at one site the second stands on what the first gives.
/// Only one of them may have prompt rows.
template <PromptPolicy A, PromptPolicy B>
struct Both {
  static constexpr Site rows = Site::token_rows | Site::layer_rows;
  static_assert(!(has(A::sites, rows) && has(B::sites, rows)),
                "prompt::Both: only one of the two policies may have prompt rows");
  static_assert(!(has(A::sites, Site::text_context) && has(B::sites, Site::text_context)),
                "prompt::Both: only one of the two policies may have a context");
  static_assert(!(has(A::sites, Site::side) && has(B::sites, Site::side)),
                "prompt::Both: only one of the two policies may have a side network");
  static_assert(!(has_tasks<A> && has_tasks<B>),
                "prompt::Both: two policies that both have tasks are one PerTask<Both<...>>");
  static constexpr std::string_view name = "both";
  static constexpr Site sites = A::sites | B::sites;
  A first{};
  B second{};

  /// Of the one that has some; the other is shared by all tasks.
  [[nodiscard]] constexpr Tasks task_list() const requires(has_tasks<A> || has_tasks<B>) {
    if constexpr (has_tasks<A>)
      return first.task_list();
    else
      return second.task_list();
  }
  [[nodiscard]] constexpr auto token_rows(LayerFacts const& f) const {
    if constexpr (has(A::sites, Site::token_rows))
      return first.token_rows(f);
    else
      return second.token_rows(f);
  }
  [[nodiscard]] constexpr auto layer_rows(LayerFacts const& f) const {
    if constexpr (has(A::sites, Site::layer_rows))
      return first.layer_rows(f);
    else
      return second.layer_rows(f);
  }
  [[nodiscard]] constexpr auto qkv(LayerFacts const& f) const {
    auto const a = module_at<Site::qkv>(first, f);
    auto const b = module_at<Site::qkv>(second, f);
    if constexpr (!has(A::sites, Site::qkv))
      return b;
    else if constexpr (!has(B::sites, Site::qkv))
      return a;
    else
      return BothQkv<std::remove_const_t<decltype(a)>, std::remove_const_t<decltype(b)>>{a, b};
  }
  [[nodiscard]] constexpr auto text_context(LayerFacts const& f, Index classes) const {
    return with_context().text_context(f, classes);
  }
  [[nodiscard]] constexpr ContextPlace context_place() const {
    return with_context().context_place();
  }
  [[nodiscard]] constexpr auto text_shift(LayerFacts const& f, Index features) const {
    return with_context().text_shift(f, features);
  }
  [[nodiscard]] constexpr auto dual_rows(LayerFacts const& image, LayerFacts const& text,
                                         Index classes) const {
    return with_context().dual_rows(image, text, classes);
  }
  [[nodiscard]] constexpr auto attention_out(LayerFacts const& f) const {
    return at<Site::attention_out>(f);
  }
  [[nodiscard]] constexpr auto attention_end(LayerFacts const& f) const {
    return at<Site::attention_end>(f);
  }
  [[nodiscard]] constexpr auto mlp_out(LayerFacts const& f) const { return at<Site::mlp_out>(f); }
  [[nodiscard]] constexpr auto mlp_end(LayerFacts const& f) const { return at<Site::mlp_end>(f); }
  [[nodiscard]] constexpr auto block_out(LayerFacts const& f) const {
    return at<Site::block_out>(f);
  }
  [[nodiscard]] constexpr auto side(LayerFacts const& f) const {
    if constexpr (has(A::sites, Site::side))
      return first.side(f);
    else
      return second.side(f);
  }
  [[nodiscard]] constexpr auto attention_normed(LayerFacts const& f) const {
    return at<Site::attention_normed>(f);
  }
  [[nodiscard]] constexpr auto mlp_normed(LayerFacts const& f) const {
    return at<Site::mlp_normed>(f);
  }
  template <class V>
  constexpr void settings(V&& v) const {
    say(v, "first", first);
    say(v, "second", second);
  }

 private:
  /// A policy's name and settings, under the name of its place.
  template <class V, class P>
  static constexpr void say(V& v, std::string_view place, P const& policy) {
    v(place, P::name);
    auto const own = [&](std::string_view what, auto const& value) {
      v(text(place, '.', what), value);
    };
    if constexpr (requires { policy.settings(own); }) policy.settings(own);
  }
  [[nodiscard]] constexpr auto const& with_context() const {
    if constexpr (has(A::sites, Site::text_context))
      return first;
    else
      return second;
  }
  template <Site S>
  [[nodiscard]] constexpr auto at(LayerFacts const& f) const {
    auto const a = module_at<S>(first, f);
    auto const b = module_at<S>(second, f);
    if constexpr (!has(A::sites, S))
      return b;
    else if constexpr (!has(B::sites, S))
      return a;
    else
      return Then<"first", std::remove_const_t<decltype(a)>, "second",
                  std::remove_const_t<decltype(b)>>{{a}, {b}};
  }
};

}  // namespace vlpt::prompt
