#pragma once
#include <concepts>
#include <string>
#include <string_view>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"

namespace vlpt {

/// The tasks of a model: their names, and the classes of each, [start, end), in the union of all
/// tasks' classes. Empty for a model without tasks.
struct Tasks {
  std::vector<std::string> names;
  std::vector<Index> ends;

  /// Throws InputError for a task without classes, and for names that no tensor could be found by.
  constexpr void add(std::string const& name, Index of_classes) {
    if (name.empty() || name.find('.') != std::string::npos)
      throw InputError(text("\"", name, "\" does not name a task: a name has letters, no dots"));
    for (auto const& other : names)
      if (other == name) throw InputError(text("two tasks have the name \"", name, '"'));
    if (of_classes < 1)
      throw InputError(
          text("task \"", name, "\" has no head: give it at least one class, not ", of_classes));
    names.push_back(name);
    ends.push_back(classes() + of_classes);
  }
  [[nodiscard]] constexpr Index size() const { return static_cast<Index>(names.size()); }
  [[nodiscard]] constexpr Index classes() const { return ends.empty() ? 0 : ends.back(); }
  [[nodiscard]] constexpr Index start(Index task) const {
    return task == 0 ? 0 : ends[static_cast<std::size_t>(task - 1)];
  }
  [[nodiscard]] constexpr Index end(Index task) const {
    return ends[static_cast<std::size_t>(task)];
  }
  /// The number of a task; an InputError for an unknown name lists those that are known.
  [[nodiscard]] Index named(std::string_view name) const {
    for (Index t = 0; t < size(); ++t)
      if (names[static_cast<std::size_t>(t)] == name) return t;
    throw InputError(text("there is no task \"", name, "\"; this model has ", listed()));
  }
  [[nodiscard]] std::string listed() const {
    std::string all;
    for (auto const& name : names) all += text(all.empty() ? "\"" : ", \"", name, '"');
    return all.empty() ? "no tasks" : all;
  }
};

/// Whether a policy gives each task its own parts: then batches come with the tasks of their rows.
template <class P>
inline constexpr bool has_tasks = requires(P const p) {
  { p.task_list() } -> std::same_as<Tasks>;
};

/// The tasks of a policy, or none. Throws InputError if a model's settings say that it has another
/// number of classes (0: they do not say).
template <class P>
[[nodiscard]] constexpr Tasks tasks_of(P const& policy, Index classes) {
  if constexpr (has_tasks<P>) {
    Tasks tasks = policy.task_list();
    if (classes > 0 && classes != tasks.classes())
      throw InputError(text("the tasks have ", tasks.classes(), " classes in all, not the ",
                            classes, " that the model's settings say"));
    return tasks;
  } else {
    return {};
  }
}

}  // namespace vlpt
