#pragma once
#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "vlpt/train/multitask/learnt_values.hpp"
#include "vlpt/train/multitask/task_examples.hpp"

namespace vlpt {

/// Stage one of MVLPT: train(seed), a tuned net on the source tasks, once for each seed; the mean
/// of what they learnt. Shen et al., arXiv 2211.11720.
template <class Train>
[[nodiscard]] auto source_prompt(std::vector<std::uint64_t> const& seeds, Train const& train) {
  using Values = decltype(learnt_values(train(std::uint64_t{})));
  std::vector<Values> all;
  for (auto const seed : seeds) all.push_back(learnt_values(train(seed)));
  return mean_of(all);
}

/// Which target tasks are tuned together, by name: groups of one are single-task adaptation.
using TaskGroups = std::vector<std::vector<std::string>>;

[[nodiscard]] inline TaskGroups each_alone(std::vector<std::string> const& names) {
  TaskGroups groups;
  for (auto const& name : names) groups.push_back({name});
  return groups;
}

/// Stage two: calls adapt(group, examples) for each group, whose net starts from the source prompt.
/// Throws InputError for a task that no part has, or that two groups have.
template <class E, class Adapt>
void adapt_groups(TaskGroups const& groups, std::vector<TaskPart<E>> const& parts,
                  Adapt const& adapt) {
  std::set<std::string> seen;
  std::vector<TaskExamples<E>> sets;
  for (auto const& group : groups) {
    std::vector<TaskPart<E>> own;
    for (auto const& name : group) {
      auto const at = std::find_if(parts.begin(), parts.end(),
                                   [&](auto const& part) { return part.name == name; });
      std::string known;
      for (auto const& part : parts) known += text(known.empty() ? "\"" : ", \"", part.name, '"');
      VLPT_CHECK(at != parts.end(), "there is no task \"", name, "\"; the tasks are ", known);
      VLPT_CHECK(seen.insert(name).second, "task \"", name, "\" is in two groups");
      own.push_back(*at);
    }
    sets.emplace_back(std::move(own));
  }
  for (std::size_t g = 0; g < groups.size(); ++g) adapt(groups[g], sets[g]);
}

}  // namespace vlpt
