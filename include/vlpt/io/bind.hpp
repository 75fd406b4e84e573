#pragma once
#include <algorithm>

#include "vlpt/io/left_out.hpp"
#include "vlpt/io/match.hpp"

namespace vlpt::io {

/// Whether a classifier's head starts as it was drawn, or is the file's.
enum class Head { drawn, read };

/// Whether a policy goes on tuning a tensor that was pre-trained (pooler, table of modalities): the
/// family has a name for it, and, where files may lack it, this one does not.
[[nodiscard]] inline bool was_pretrained(std::string const& name, Checkpoint const& checkpoint,
                                         Naming const& naming, Head head) {
  if (name.starts_with("head.")) return head == Head::read;
  auto const source = naming.source(name);
  auto const has = [&](std::string const& spelling) {
    return checkpoint.find(spelling).record != nullptr;
  };
  return source && std::ranges::all_of(source->names, [&](std::string const& part) {
           return !naming.may_ignore(part) || std::ranges::any_of(naming.spellings(part), has);
         });
}

/// Fills a net's backbone from a checkpoint, completely or not at all: see match(). The backbone is
/// everything but the head and what a policy marks as its own and no file of the family has; that
/// is left as it was drawn. The weights of layers that the net skips stay in the file.
template <class N>
BindReport bind(N& net, Checkpoint const& checkpoint, Naming const& naming,
                Head head = Head::drawn) {
  using T = typename N::T;
  auto records = net.parameters();
  auto const skipped = left_out(records);
  std::erase_if(records, [&](auto const& r) {
    return r.marked && !was_pretrained(r.name, checkpoint, naming, head);
  });
  Manifest manifest;
  for (auto const& r : records) manifest.push_back({r.name, r.shape});
  BindPlan const plan = match(manifest, checkpoint, naming, skipped);
  std::vector<Tensor<T>> values;  // all of it is read and found finite before any is written
  for (Index i = 0; i < plan.size(); ++i) values.push_back(plan.template read<T>(i));
  for (std::size_t i = 0; i < values.size(); ++i) net.write(records[i], values[i].values);
  net.touch();
  return plan.report();
}

}  // namespace vlpt::io
