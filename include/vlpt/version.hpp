#pragma once
#include <string_view>

/// The version as one number for the preprocessor: 10000 * major + 100 * minor + patch.
#define VLPT_VERSION 100

namespace vlpt {

/// The version of the library (semver.org). The build system reads it from this line.
inline constexpr std::string_view version = "0.1.0";

inline constexpr int version_major = VLPT_VERSION / 10000;
inline constexpr int version_minor = VLPT_VERSION / 100 % 100;
inline constexpr int version_patch = VLPT_VERSION % 100;

}  // namespace vlpt
