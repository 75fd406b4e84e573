// expect: a side network stands beside one stream: prompt::Ladder does not fit a TwoStream
#include "vlpt/models/two_stream.hpp"
#include "vlpt/policies/prompt/ladder.hpp"

vlpt::TwoStream<vlpt::arch::METER_B16_288, vlpt::prompt::Ladder<4>> model;
