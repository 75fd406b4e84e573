// expect: no gradient reaches the input of a frozen image tower, nor a word
#include "vlpt/models/two_stream.hpp"

vlpt::TwoStream<vlpt::arch::METER_B16_288, vlpt::prompt::None, vlpt::skip::Dense,
                vlpt::learn::Input<vlpt::learn::Policy>>
    model;
