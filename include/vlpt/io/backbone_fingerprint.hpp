#pragma once
#include <string>
#include <type_traits>
#include <vector>

#include "vlpt/core/real.hpp"
#include "vlpt/io/delta_info.hpp"
#include "vlpt/io/fingerprint.hpp"

namespace vlpt::io {

/// SHA-256 of the frozen weights as values of U: equal before and after tuning. What a scope lets
/// learn is in it only with_learnt: then full tuning changes it.
template <Real U, class N>
[[nodiscard]] std::string fingerprint_as(N const& net, bool with_learnt = false) {
  std::vector<std::vector<U>> values;
  std::vector<FingerprintEntry> entries;
  for (auto const& r : net.parameters()) {
    if (r.marked || (r.learns && !with_learnt)) continue;
    auto& v = values.emplace_back();
    for (auto const x : net.read(r)) v.push_back(static_cast<U>(x));
    entries.push_back({r.name, dtype_of<U>, r.shape, std::as_bytes(std::span(v))});
  }
  return fingerprint(std::move(entries));
}
/// As floats, for a float and a double net of the same weights; as halves for a net of halves.
template <class N>
[[nodiscard]] std::string backbone_fingerprint(N const& net, bool with_learnt = false) {
  using U = std::conditional_t<std::is_same_v<typename N::T, bf16>, bf16, float>;
  return fingerprint_as<U>(net, with_learnt);
}

/// The backbone of a net, as deltas name it: fingerprints are computed once, the second one only
/// where it is needed.
template <class N>
class Backbone {
 public:
  explicit Backbone(N const& net) : net_(net), own_(backbone_fingerprint(net)) {}
  [[nodiscard]] std::string const& fingerprint() const { return own_; }
  /// Whether a delta was trained on it: on the same weights, or, where one of the two has halves,
  /// on those that they were rounded from or to.
  [[nodiscard]] bool is_of(DeltaInfo const& info) {
    if (own_ == info.backbone) return true;
    if (std::is_same_v<typename N::T, bf16>) return own_ == info.backbone_halves;
    if (info.backbone != info.backbone_halves) return false;  // learnt on no halves
    if (halves_.empty()) halves_ = fingerprint_as<bf16>(net_);
    return halves_ == info.backbone;
  }

 private:
  N const& net_;
  std::string own_, halves_;
};

}  // namespace vlpt::io
