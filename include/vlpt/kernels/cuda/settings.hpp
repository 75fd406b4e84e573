#pragma once

namespace vlpt {

struct CudaSettings {
  bool tf32 = false;  // products of floats on the matrix units, rounded to 11 bits
  bool deterministic =
      true;            // else the fastest of some algorithms is measured at a shape's first use
  bool graphs = true;  // what a net asks for again is launched as a whole
  int device = 0;      // as CUDA numbers them
};

}  // namespace vlpt
