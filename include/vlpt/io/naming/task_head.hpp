#pragma once
#include <initializer_list>
#include <string>

#include "vlpt/io/checkpoint.hpp"
#include "vlpt/io/naming/look_up.hpp"

namespace vlpt::io {

/// What a file calls the head of a task: two products with a norm between them (name.0, .1, .3), or
/// one (name).
struct HeadName {
  std::string name;
  bool wide = false;
};

/// The sizes of the head that a file holds; all 0: it holds none.
struct HeadSizes {
  Index classes = 0, hidden = 0, in = 0;
};

/// Adds the names of the first of these heads that the file holds to a table, and returns its
/// sizes.
inline HeadSizes add_head(Naming& naming, Checkpoint const& checkpoint,
                          std::initializer_list<HeadName> known) {
  for (auto const& [name, wide] : known) {
    Naming with = naming;
    if (wide)
      with.rules.insert(with.rules.end(), {{"head.first.*", {name + ".0.*"}},
                                           {"head.norm.*", {name + ".1.*"}},
                                           {"head.last.*", {name + ".3.*"}}});
    else
      with.rules.push_back({"head.*", {name + ".*"}});
    auto const* const last =
        find_canonical(checkpoint, with, wide ? "head.last.weight" : "head.weight");
    auto const* const first = wide ? find_canonical(checkpoint, with, "head.first.weight") : last;
    if (last == nullptr || first == nullptr || last->shape.rank != 2 || first->shape.rank != 2)
      continue;
    naming = std::move(with);
    return {last->shape[0], wide ? first->shape[0] : 0, first->shape[1]};
  }
  return {};
}

}  // namespace vlpt::io
