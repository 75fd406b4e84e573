// expect: a layer to skip lies past the depth of the architecture
#include "vlpt/models/two_stream.hpp"
#include "vlpt/policies/skip/adapter_skip.hpp"

// Six layers of the text and six of the image: 0 to 11.
vlpt::TwoStream<vlpt::arch::METER_B16_288, vlpt::prompt::None, vlpt::skip::AdapterSkip<96, 288, 12>>
    model;
