#pragma once

namespace vlpt {

struct CudaSettings {
  bool tf32 = false;  // products of floats on the matrix units, rounded to 11 bits
  bool deterministic =
      true;  // else the fastest of some algorithms is measured at a shape's first use
  // GELU in floats and halves at the end of a product, in cuBLASLt's tanh form: 0.0005 away from
  // the models' at most, and a pass over memory less.
  bool tanh_gelu = false;
  bool graphs = true;  // what a net asks for again is launched as a whole
  int device = 0;      // as CUDA numbers them
};

}  // namespace vlpt
