#pragma once
#include <string>
#include <vector>

#include "vlpt/io/dataset/preprocess.hpp"
#include "vlpt/io/delta_info.hpp"
#include "vlpt/io/named_values.hpp"

namespace vlpt::io {

/// A preprocessing as a delta keeps it. One mean for all channels, and the same mean for each, are
/// the same preprocessing and have the same text. A picture that is only scaled, as it once was for
/// all models, says no more of it, so that older deltas still fit.
[[nodiscard]] inline NamedValues preprocess_facts(Preprocess const& p) {
  auto const each = [&p](std::vector<double> const& values) {
    std::string out;
    for (Index c = 0; c < p.channels; ++c) {
      auto const k = values.size() == 1 ? 0 : static_cast<std::size_t>(c);
      VLPT_CHECK(k < values.size(), "mean and std need 1 or ", p.channels, " entries, got ",
                 values.size());
      out += (c == 0 ? "" : ", ") + value_text(values[k]);
    }
    return out;
  };
  NamedValues out{{"size", value_text(p.size)},
                  {"channels", value_text(p.channels)},
                  {"mean", each(p.mean)},
                  {"std", each(p.std)},
                  {"filter", p.filter == Filter::bilinear ? "bilinear" : "bicubic"}};
  using Scale = PictureFit::Scale;
  bool const cut = p.fit.to > 0 && p.fit.to != p.size;
  if (p.fit.scale == Scale::shortest) out["fit"] = "shortest";
  if (p.fit.own_size()) out["fit"] = "multiple", out["multiple"] = value_text(p.fit.multiple);
  if (cut) out["scaled_to"] = value_text(p.fit.to);
  if (!p.fit.own_size() && (cut || p.fit.scale == Scale::shortest))
    out["half"] = p.fit.half == PictureFit::Half::down ? "down" : "even";
  return out;
}

/// CheckpointError that names what differs between the pictures that a delta was trained on and
/// those that it is to see. A delta that says nothing of its pictures passes.
inline void check_preprocess(DeltaInfo const& info, Preprocess const& p) {
  if (info.preprocess.empty()) return;
  if (auto const faults = differences(info.preprocess, preprocess_facts(p)); !faults.empty())
    throw CheckpointError("the delta was trained on pictures prepared in another way:" + faults);
}

}  // namespace vlpt::io
