#pragma once
#include <variant>

#include "vlpt/models/arch/single_stream.hpp"
#include "vlpt/models/arch/two_stream.hpp"
#include "vlpt/models/text_tower_facts.hpp"

namespace vlpt::cli {

/// What a dual encoder is made of.
struct DualFacts {
  VisionFacts image;
  TextTowerFacts text;
};

/// What an architecture of any family is made of; which it is says the family.
using ArchFacts = std::variant<VisionFacts, DualFacts, SingleStreamFacts, TwoStreamFacts>;

}  // namespace vlpt::cli
