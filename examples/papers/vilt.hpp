#pragma once
#include "row.hpp"
#include "vlpt/models/single_stream.hpp"
#include "vlpt/policies/prompt/deep.hpp"

// ViLT-B/32 in APT's tables: 200 prompts, 200 patches and the class row, 40 or 41 words.
namespace papers {

template <class Prompt>
using Vilt = SingleStream<arch::ViLT_B32, Prompt>;

template <class Prompt, Index Words>
inline constexpr Index vilt_macs = fvcore<Vilt<Prompt>>(Vilt<Prompt>::Settings::of({.text = Words,
                                                                                    .image = 201}));
template <class Prompt, Index Words>
inline constexpr Index vilt_adds = vilt_macs<Prompt, Words> - vilt_macs<prompt::None, Words>;
template <class Prompt>
inline constexpr Index vilt_holds = parameters<Vilt<Prompt>>().params
                                    - parameters<Vilt<prompt::None>>().params;

/// What deep prompts add as APT's code runs them: keys and values for every sample, what reads
/// these, and queries that are computed and thrown away (those nobody executes here).
template <Index Words>
inline constexpr Index vilt_deep = [] {
  auto const counted = []<class Prompt>(Vilt<Prompt> const*) {
    using Model = Vilt<Prompt>;
    auto settings = Model::Settings::of({.text = Words, .image = 201});
    settings.every_row = true;  // the last layer's as well
    Cost const cost = cost_of(Model(settings));
    return cost.prepare.macs() + cost.forward.macs();
  };
  using Deep = Vilt<prompt::Deep<200>>;
  using None = Vilt<prompt::None>;
  Index const queries = vilt_holds<prompt::Deep<200>> * arch::ViLT_B32::dim;
  return counted(static_cast<Deep*>(nullptr)) - counted(static_cast<None*>(nullptr)) + queries;
}();

}  // namespace papers
