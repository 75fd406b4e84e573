#pragma once
#include <array>

#include "meter.hpp"
#include "vilt.hpp"

// The rows "full tuning" of APT's tables.
namespace papers {

/// Every parameter. The row that replaces the text's first one is APT's, not the backbone's.
inline constexpr Index vilt_full = [] {
  Vilt<prompt::None>::Settings settings;
  settings.replaces_first = false;
  return parameters<Vilt<prompt::None>>(settings).params;
}();
inline constexpr Index meter_full =
    parameters<Meter<prompt::None>>().params - arch::METER_B16_384::dim;

/// What METER's code allocates and nothing reads: RoBERTa's own pooler, and of CLIP's text tower
/// the positions and the last norm.
inline constexpr Index meter_leftovers = (768 * 768 + 768) + 77 * 512 + 2 * 512;
/// 24 modules of 200 prompts and rank 4.
inline constexpr Index foreign_modules = meter_holds<prompt::Approximated<200, 4>>;

inline constexpr std::array full_parameters{
    Row{.method = "Full tuning, ViLT, as printed",
        .reported = {"115.43 M"},
        .figure = vilt_full + foreign_modules,
        .why = "counts 24 modules of APT that full tuning has not, twice as many as ViLT ever has",
        .formula = "all parameters and 24 APT modules"},
    Row{.method = "Full tuning, ViLT",
        .reported = {"115.43 M"},
        .figure = vilt_full,
        .counted = "None",
        .agrees = Agrees::no,
        .why = "every parameter, without these modules; the head is not counted"},
    Row{.method = "Full tuning, METER, as printed",
        .reported = {"323.31 M"},
        .figure = meter_full + meter_leftovers + foreign_modules,
        .why = "counts 24 modules of APT that full tuning has not, and 631 040 parameters that "
               "nothing reads (RoBERTa's pooler; positions and a norm of CLIP's text tower)",
        .formula = "all parameters, leftovers, 24 APT modules"},
    Row{.method = "Full tuning, METER, without the modules",
        .reported = {"323.31 M"},
        .figure = meter_full + meter_leftovers,
        .agrees = Agrees::no,
        .why = "what the released code allocates",
        .formula = "all parameters and leftovers"},
    Row{.method = "Full tuning, METER",
        .reported = {"323.31 M"},
        .figure = meter_full,
        .counted = "None",
        .agrees = Agrees::no,
        .why = "every parameter that is read; learn::All trains less, since METER's image tower "
               "stays frozen "
               "in vlpt"},
};

}  // namespace papers
