#pragma once
#include <vector>

#include "expected.hpp"
#include "vlpt/io/model_folder.hpp"

namespace conformance {

// One function a family: binds the folder's model, runs it at one precision, and compares all that
// the reference gives. Each stands in a file of its own, family.cpp.
template <class T>
void check_vision(vlpt::io::ModelFolder const& folder, Expected& expected);
template <class T>
void check_dual(vlpt::io::ModelFolder const& folder, Expected& expected);

template <class T>
void check(vlpt::io::ModelFolder const& folder, Expected& expected) {
  if (std::holds_alternative<vlpt::io::VisionFamily>(folder.family))
    check_vision<T>(folder, expected);
  else
    check_dual<T>(folder, expected);
}

}  // namespace conformance
