#pragma once
#include <array>

#include "das.hpp"
#include "vilt.hpp"
#include "vlpt/policies/prompt/approximated.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

namespace papers {

/// A ratio that a paper is known by, or that it should be: both of its figures, and how the ratio
/// follows from them as printed.
struct Headline {
  std::string_view claim;
  Printed reported;  // empty: nobody printed it
  std::string_view baseline;
  double from_printed;  // from figures as they are printed; 0: nobody printed them
  double from_counts;
  std::string_view how;
  bool executed = true;  // whether the baseline is counted on a run
  Printed expected{};    // of from_counts
  Read read = Read::readme;
};

[[nodiscard]] constexpr double printed_saving(Printed baseline, Printed method) {
  return saving(baseline.value(), method.value());
}

inline constexpr std::array headlines{
    Headline{.claim = "APT on METER, second version",
             .reported = {"-82.30 %"},
             .baseline = "deep prompts of the table, 24 sets, 13.05 G",
             .from_printed = printed_saving({"13.05 G"}, {"2.31 G"}),
             .from_counts = saving(meter_table_deep(24, 41), meter_adds<MeterApt, 41>),
             .how = "1 - 2.31 / 13.05, of printed figures",
             .executed = false,
             .expected = {"-82.32 %"}},
    Headline{.claim = "APT on ViLT, second version",
             .reported = {"-82.30 %"},
             .baseline = "deep prompts as APT's code runs them, 5.14 G",
             .from_printed = printed_saving({"5.14 G"}, {"0.91 G"}),
             .from_counts = saving(vilt_adds<prompt::Deep<200>, 41>,
                                   vilt_adds<prompt::Approximated<200, 4>, 41>),
             .how = "1 - 0.91 / 5.14, of printed figures",
             .expected = {"-82.35 %"}},
    Headline{.claim = "APT on METER, first version",
             .reported = {"-64.62 %"},
             .baseline = "deep prompts of the first version, 12 sets, 6.53 G",
             .from_printed = printed_saving({"6.53 G"}, {"2.31 G"}),
             .from_counts = saving(meter_table_deep(12, 41), meter_adds<MeterApt, 41>),
             .how = "1 - 2.31 / 6.53: the same method, half the baseline",
             .executed = false,
             .expected = {"-64.63 %"},
             .read = Read::memory},
    Headline{.claim = "DAS on METER, 2 image and 2 text layers",
             .reported = {"-11.97 %"},
             .baseline = "dense METER, 40 words, 384 pixels, 93.224 G",
             .from_printed = 0,
             .from_counts = das_change<2>,
             .how = "of the whole model, adapters and short-cuts included",
             .expected = {"-11.97 %"}},
};

/// APT on METER against deep prompts counted in other ways (40 words).
inline constexpr Index deep_in_both = 2 * meter_adds<prompt::Deep<200>, 40>;
inline constexpr Index apt_at_40 = meter_adds<MeterApt, 40>;
struct Honest {
  std::string_view baseline;
  Index adds;
  Printed expected_adds;
  double change;
  Printed expected;
  std::string_view how;
  bool executed = true;
};
inline constexpr std::array honest{
    Honest{"keys and values of self and cross attention",
           deep_in_both,
           {"7.94 G"},
           saving(deep_in_both, apt_at_40),
           {"-71.0 %"},
           "twice the next row, whose attentions have the same sizes",
           false},
    Honest{"keys and values of cross attention, the released code",
           meter_adds<prompt::Deep<200>, 40>,
           {"3.97 G"},
           saving(meter_adds<prompt::Deep<200>, 40>, apt_at_40),
           {"-41.9 %"},
           "counted on `Deep<200>`"},
    Honest{"rows like any other, as VPT has them",
           meter_adds<prompt::Shallow<200>, 40>,
           {"28.7 G"},
           saving(meter_adds<prompt::Shallow<200>, 40>, apt_at_40),
           {"-92.0 %"},
           "counted on `Shallow<200>`, whose rows take part in every layer alike"},
};

}  // namespace papers
