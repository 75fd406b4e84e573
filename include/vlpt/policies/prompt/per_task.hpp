#pragma once
#include <string>
#include <utility>
#include <vector>

#include "vlpt/blocks/each_task_context.hpp"
#include "vlpt/blocks/each_task_dual_rows.hpp"
#include "vlpt/blocks/each_task_rows.hpp"
#include "vlpt/blocks/each_task_site.hpp"
#include "vlpt/blocks/prompt_policy.hpp"
#include "vlpt/blocks/tasks.hpp"
#include "vlpt/ops/each_task_qkv.hpp"

namespace vlpt::prompt {

/// Each row of a batch has its task's own prompts, of one policy type with any settings, and its
/// task's own head, on one backbone in one pass. Different policy types need separate Nets.
template <PromptPolicy Inner>
struct PerTask {
  static_assert(!has(Inner::sites, Site::side),
                "prompt::PerTask: a side network stands beside all rows; give each task a Net");
  static_assert(
      !has(Inner::sites, Site::text_shift),
      "prompt::PerTask: a context that each image shifts makes texts anew for every image "
      "and every task's classes; use prompt::Shared, or a Net for each task");
  static_assert(!has_tasks<Inner>, "prompt::PerTask: a task has no tasks within it");
  static constexpr std::string_view name = "per_task";
  static constexpr Site sites = Inner::sites;
  struct Task {
    std::string name;
    Index classes = 0;
    Inner prompt{};

    constexpr Task() = default;
    template <class P = Inner>
    constexpr Task(std::string of, Index of_classes, P const& policy = {})
        : name(std::move(of)), classes(of_classes) {
      static_assert(std::is_same_v<P, Inner>,
                    "prompt::PerTask: the tasks of one Net have one policy type, with settings of "
                    "their own; different policy types need separate Nets");
      if constexpr (std::is_same_v<P, Inner>) prompt = policy;
    }
  };
  std::vector<Task> tasks;

  [[nodiscard]] constexpr Tasks task_list() const {
    if (tasks.empty()) throw InputError("prompt::PerTask needs at least one task");
    Tasks all;
    for (auto const& t : tasks) all.add(t.name, t.classes);
    return all;
  }
  template <class V>
  constexpr void settings(V&& v) const {
    v("inner", Inner::name);
    for (auto const& t : tasks) {
      v(text(t.name, ".classes"), t.classes);
      auto const own = [&](std::string_view what, auto const& value) {
        v(text(t.name, '.', what), value);
      };
      if constexpr (requires { t.prompt.settings(own); }) t.prompt.settings(own);
    }
  }

  [[nodiscard]] constexpr auto token_rows(LayerFacts const& f) const {
    return each<EachTaskRows>([&](Inner const& p) { return p.token_rows(f); });
  }
  [[nodiscard]] constexpr auto layer_rows(LayerFacts const& f) const {
    return each<EachTaskRows>([&](Inner const& p) { return p.layer_rows(f); });
  }
  [[nodiscard]] constexpr auto qkv(LayerFacts const& f) const {
    return each<EachTaskQkv>([&](Inner const& p) { return p.qkv(f); });
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
  [[nodiscard]] constexpr auto attention_normed(LayerFacts const& f) const {
    return at<Site::attention_normed>(f);
  }
  [[nodiscard]] constexpr auto mlp_normed(LayerFacts const& f) const {
    return at<Site::mlp_normed>(f);
  }
  /// Of each class its task's context, classes in the order of the tasks.
  [[nodiscard]] constexpr auto text_context(LayerFacts const& f, Index classes) const {
    EachTaskContext<decltype(Inner{}.text_context(f, classes))> all(task_list());
    for (auto const& t : tasks) all.add(t.name, t.prompt.text_context(f, t.classes));
    return all;
  }
  [[nodiscard]] constexpr auto dual_rows(LayerFacts const& image, LayerFacts const& text,
                                         Index classes) const {
    EachTaskDualRows<decltype(Inner{}.dual_rows(image, text, classes))> all(task_list());
    for (auto const& t : tasks) all.add(t.name, t.prompt.dual_rows(image, text, t.classes));
    return all;
  }
  [[nodiscard]] constexpr ContextPlace context_place() const {
    ContextPlace const place = tasks.empty() ? ContextPlace{} : tasks[0].prompt.context_place();
    for (auto const& t : tasks)
      if (t.prompt.context_place() != place)
        throw InputError(text("the contexts of all tasks stand in one place of a text: task \"",
                              t.name, "\" says ", place_name(t.prompt.context_place()),
                              ", the tasks before it ", place_name(place)));
    return place;
  }

 private:
  template <Site S>
  [[nodiscard]] constexpr auto at(LayerFacts const& f) const {
    return each<EachTaskSite>([&](Inner const& p) { return module_at<S>(p, f); });
  }
  /// What `part` makes of every task's policy.
  template <template <class> class Each, class Part>
  [[nodiscard]] constexpr auto each(Part const& part) const {
    Each<std::remove_cvref_t<decltype(part(Inner{}))>> all;
    for (auto const& t : tasks) all.add(t.name, part(t.prompt));
    return all;
  }
};

}  // namespace vlpt::prompt
