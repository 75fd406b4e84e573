// expect: text_heads must divide text_dim
#include "vlpt/models/two_stream.hpp"

struct FiveHeads : vlpt::arch::METER_B16_288 {
  static constexpr vlpt::Index text_heads = 5;
};

vlpt::TwoStream<FiveHeads> model;
