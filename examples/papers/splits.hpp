#pragma once
#include <array>

#include "das.hpp"

namespace papers {

/// Every way to skip four of METER's layers, with 40 words.
struct Split {
  Index of_image, adds;
  double change;
  Printed reported;
};
inline constexpr std::array splits{
    Split{0, das_adds<0>, das_change<0>, {"-2.70 %"}},
    Split{1, das_adds<1>, das_change<1>, {"-7.34 %"}},
    Split{2, das_adds<2>, das_change<2>, {"-11.97 %"}},
    Split{3, das_adds<3>, das_change<3>, {"-16.60 %"}},
    Split{4, das_adds<4>, das_change<4>, {"-21.24 %"}},
};

}  // namespace papers
