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
void check_text(vlpt::io::ModelFolder const& folder, Expected& expected);
template <class T>
void check_single_stream(vlpt::io::ModelFolder const& folder, Expected& expected);
template <class T>
void check_two_stream(vlpt::io::ModelFolder const& folder, Expected& expected);

/// logits_per_image of a dual encoder.
Tensor<float> dual_logits(vlpt::io::ModelFolder const& folder, Tensor<Index> const& ids,
                          Tensor<float> const& images);
/// What a single stream gives for one text and its image or images (all of one size): a head's
/// answers, or every row and the pooled. In double, as published numbers leave no room for
/// rounding.
std::vector<double> single_stream_output(vlpt::io::ModelFolder const& folder,
                                         Tensor<Index> const& ids, Tensor<double> const& images,
                                         bool answers);

/// The published checks of checkpoints that a user has, each under the name of the variable that
/// says where: 0 as published, 1 not, 77 where it says nothing.
int published_clip();
int published_vilt();

template <class T>
void check(vlpt::io::ModelFolder const& folder, Expected& expected) {
  if (std::holds_alternative<vlpt::io::VisionFamily>(folder.family))
    check_vision<T>(folder, expected);
  else if (std::holds_alternative<vlpt::io::TextFamily>(folder.family))
    check_text<T>(folder, expected);
  else if (std::holds_alternative<vlpt::io::SingleStreamFamily>(folder.family))
    check_single_stream<T>(folder, expected);
  else if (std::holds_alternative<vlpt::io::TwoStreamFamily>(folder.family))
    check_two_stream<T>(folder, expected);
  else
    check_dual<T>(folder, expected);
}

}  // namespace conformance
