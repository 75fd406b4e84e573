#pragma once
#include <algorithm>

#include "vlpt/io/left_out.hpp"
#include "vlpt/io/match.hpp"

namespace vlpt::io {

/// Fills a net's backbone (everything that no policy or head marks as its own) from a checkpoint,
/// completely or not at all: see match(). What is left as it was drawn is the policy and the head;
/// the weights of layers that the net skips stay in the file.
template <class N>
BindReport bind(N& net, Checkpoint const& checkpoint, Naming const& naming) {
  using T = typename N::T;
  auto records = net.parameters();
  auto const skipped = left_out(records);
  std::erase_if(records, [](auto const& r) { return r.marked; });
  Manifest manifest;
  for (auto const& r : records) manifest.push_back({r.name, r.shape});
  BindPlan const plan = match(manifest, checkpoint, naming, skipped);
  std::vector<Tensor<T>> values;  // all of it is read and found finite before any is written
  for (Index i = 0; i < plan.size(); ++i) values.push_back(plan.template read<T>(i));
  for (std::size_t i = 0; i < values.size(); ++i)
    std::copy_n(values[i].data(), values[i].size(), records[i].values.data);
  net.touch();
  return plan.report();
}

}  // namespace vlpt::io
