#pragma once
#include "row.hpp"
#include "vlpt/models/single_stream.hpp"

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

}  // namespace papers
