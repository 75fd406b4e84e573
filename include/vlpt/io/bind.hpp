#pragma once
#include <algorithm>

#include "vlpt/io/match.hpp"

namespace vlpt::io {

/// Fills a net's backbone (everything that no policy or head marks as its own) from a checkpoint,
/// completely or not at all: see match(). What is left as it was drawn is the policy and the head.
template <class N>
BindReport bind(N& net, Checkpoint const& checkpoint, Naming const& naming) {
  using T = typename N::T;
  auto records = net.parameters();
  std::erase_if(records, [](auto const& r) { return r.marked; });
  Manifest manifest;
  for (auto const& r : records) manifest.push_back({r.name, r.shape});
  BindPlan const plan = match(manifest, checkpoint, naming);
  std::vector<Tensor<T>> values;  // all of it is read and found finite before any is written
  for (Index i = 0; i < plan.size(); ++i) values.push_back(plan.template read<T>(i));
  for (std::size_t i = 0; i < values.size(); ++i)
    std::copy_n(values[i].data(), values[i].size(), records[i].values.data);
  net.touch();
  return plan.report();
}

}  // namespace vlpt::io
