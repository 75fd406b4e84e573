// expect: the policy stands on a site that a post-norm block does not have
#include "vlpt/models/two_stream.hpp"

struct Elsewhere {
  static constexpr std::string_view name = "elsewhere";
  static constexpr vlpt::Site sites = static_cast<vlpt::Site>(1U << 31);
};

vlpt::TwoStream<vlpt::arch::METER_B16_288, Elsewhere> model;
