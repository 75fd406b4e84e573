#pragma once
#include "vlpt/core/index.hpp"

namespace vlpt {

/// How much input a model is given: samples, and rows of each kind in a sample (class row
/// included).
struct Tokens {
  Index batch = 1;
  Index text = 0;
  Index image = 0;
};

}  // namespace vlpt
