#pragma once
#include "../peers/vlpt/meter.hpp"
#include "subject.hpp"
#include "vlpt/blocks/rows.hpp"

namespace growth {

/// METER-B/16 at 384 pixels under a policy, without a head: 40 words and 577 rows of an image.
/// rows::All is what the published code runs (every row, prompts projected for every sample);
/// rows::Live leaves out what nobody reads, with everything prepared.
template <class Rows, class Prompt, class Skip = vlpt::skip::Dense>
[[nodiscard]] Subject meter(Prompt prompt = {}, Skip skip = {}) {
  using Model = vlpt::TwoStream<vlpt::arch::METER_B16_384, Prompt, Skip, vlpt::learn::Policy, Rows>;
  auto settings = Model::Settings::of({.text = peers::MeterInput::words});
  settings.prompt = prompt, settings.skip = skip;
  constexpr Kind kind = Rows::all ? Kind::load : Kind::forward;
  return subject<kind, Model>(settings, 1, peers::MeterInput(1));
}

// 200 prompts; the first of each pair as published, the second as vlpt runs it.
[[nodiscard]] Subject meter_none(bool published);
[[nodiscard]] Subject meter_deep(bool published);
[[nodiscard]] Subject meter_approximated(bool published);
/// DAS: two layers of the text's stream and two of the image's left out over short-cuts of 288.
[[nodiscard]] Subject meter_das(bool published);
/// Rows of their streams, as VPT has them; published only.
[[nodiscard]] Subject meter_shallow();
/// The products that the table of APT's second version charges deep prompts with: at each of 24
/// attentions the prompts' three projections, and the rows of both streams over the prompts. No
/// model runs this; it is timed alone.
[[nodiscard]] Subject meter_table();

}  // namespace growth
