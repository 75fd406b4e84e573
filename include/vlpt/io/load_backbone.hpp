#pragma once
#include <algorithm>

#include "vlpt/io/bind.hpp"
#include "vlpt/io/fingerprint.hpp"

namespace vlpt::io {

/// Fills a net's backbone (everything that no policy or head marks as its own) from a checkpoint,
/// completely or not at all: see match(). What is left as it was drawn is the policy and the head.
template <class N>
BindReport load_backbone(N& net, Checkpoint const& checkpoint, Naming const& naming) {
  using T = typename N::T;
  auto records = net.parameters();
  std::erase_if(records, [](auto const& r) { return r.marked; });
  Manifest manifest;
  for (auto const& r : records) manifest.push_back({r.name, r.shape});
  BindPlan const plan = match(manifest, checkpoint, naming);
  for (Index i = 0; i < plan.size(); ++i) {
    auto const values = plan.template read<T>(i);
    std::copy_n(values.data(), values.size(), records[static_cast<std::size_t>(i)].values.data);
  }
  net.touch();
  return plan.report();
}

/// SHA-256 of the backbone as it lies in memory, as floats: equal before and after tuning, equal
/// for a float and a double net of the same weights.
template <class N>
[[nodiscard]] std::string backbone_fingerprint(N const& net) {
  std::vector<std::vector<float>> values;
  std::vector<FingerprintEntry> entries;
  for (auto const& r : net.parameters()) {
    if (r.marked) continue;
    auto const& v = values.emplace_back(r.values.data, r.values.data + r.shape.size());
    entries.push_back({r.name, Dtype::F32, r.shape, std::as_bytes(std::span(v))});
  }
  return fingerprint(std::move(entries));
}

}  // namespace vlpt::io
