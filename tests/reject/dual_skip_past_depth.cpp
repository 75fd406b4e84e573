// expect: a layer to skip lies past the depth of the architecture's two towers
#include "vlpt/models/dual_encoder.hpp"
#include "vlpt/policies/skip/adapter_skip.hpp"

// Twelve layers of the image tower and twelve of the text tower: 0 to 23.
vlpt::DualEncoder<vlpt::arch::ClipB16, vlpt::prompt::None, vlpt::skip::AdapterSkip<96, 192, 24>>
    model;
