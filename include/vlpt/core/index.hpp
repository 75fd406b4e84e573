#pragma once
#include <cstddef>

namespace vlpt {

/// Every count, size and stride. Signed, so that differences are safe.
using Index = std::ptrdiff_t;

/// "Known only at run time", where a size is a template argument: prompt::Deep<dynamic>.
inline constexpr Index dynamic = -1;

}  // namespace vlpt
