#pragma once
#include <span>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"

namespace vlpt {

/// A model whose samples belong to tasks, model.tasks, each with prompts and a head of its own.
template <class Model>
concept HasTasks = requires {
  requires Model::has_tasks;
};

/// Throws InputError unless these are the tasks of a batch's samples: none where a model has none.
template <class Model>
void check_tasks(Model const& model, std::span<Index const> tasks, Index batch) {
  if constexpr (HasTasks<Model>) {
    auto const& known = model.tasks;
    VLPT_CHECK(!tasks.empty(), "this model has tasks (", known.listed(),
               "): say which one each of the ", batch, " samples of the batch belongs to");
    VLPT_CHECK(static_cast<Index>(tasks.size()) == batch, "a batch of ", batch,
               " samples was given the tasks of ", tasks.size());
    for (Index const t : tasks)
      VLPT_CHECK(t >= 0 && t < known.size(), "a sample of the batch has task ", t,
                 "; this model's tasks are 0 to ", known.size() - 1, ": ", known.listed());
  } else {
    VLPT_CHECK(tasks.empty(), "this model has no tasks, but the batch came with some");
  }
}

}  // namespace vlpt
