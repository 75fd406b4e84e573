#pragma once
#include "vlpt/core/error.hpp"
#include "vlpt/core/view.hpp"

namespace vlpt {

/// Whether a gradient is that of the last forward's (rows, width) outputs.
template <class T>
void check_gradient(View<T> d_out, Index rows, Index width) {
  VLPT_CHECK(rows > 0, "backward needs a forward before it");
  VLPT_CHECK(d_out.rows == rows && d_out.cols == width, "the last forward gave ", rows, " x ",
             width, " values; a gradient of ", d_out.rows, " x ", d_out.cols, " does not fit");
}

/// Whether there is room for the gradient of the input, where the learning scope asks for it.
inline void check_input_gradient(Index room, Index values, Index samples) {
  VLPT_CHECK(room == values,
             "the learning scope asks for the gradient of the input: backward needs room for ",
             samples, " of them to write it to");
}

/// Whether there is room for exactly so many values.
template <class T>
void check_out(View<T> out, Index rows, Index cols) {
  VLPT_CHECK(out.rows == rows && out.cols == cols, "expected room for ", rows, " x ", cols,
             " values, got ", out.rows, " x ", out.cols);
}

}  // namespace vlpt
