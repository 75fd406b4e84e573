#pragma once
#include <string>
#include <vector>

#include "vlpt/io/fingerprint.hpp"

namespace vlpt::io {

/// SHA-256 of the frozen weights as they lie in memory, as floats: equal before and after tuning,
/// equal for a float and a double net of the same weights. What a scope lets learn is in it
/// only with_learnt: then full tuning changes it.
template <class N>
[[nodiscard]] std::string backbone_fingerprint(N const& net, bool with_learnt = false) {
  std::vector<std::vector<float>> values;
  std::vector<FingerprintEntry> entries;
  for (auto const& r : net.parameters()) {
    if (r.marked || (r.learns && !with_learnt)) continue;
    auto const all = net.read(r);
    auto const& v = values.emplace_back(all.begin(), all.end());
    entries.push_back({r.name, Dtype::F32, r.shape, std::as_bytes(std::span(v))});
  }
  return fingerprint(std::move(entries));
}

}  // namespace vlpt::io
