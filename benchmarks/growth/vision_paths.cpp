// ViT with a network beside it, and with layers left out.
#include "vision.hpp"
#include "vlpt/policies/prompt/ladder.hpp"
#include "vlpt/policies/skip/planned.hpp"

namespace growth {

Subject vision_ladder(Vision const& v) { return vision<Kind::forward, vlpt::prompt::Ladder<4>>(v); }
Subject vision_das(Vision const& v) {
  vlpt::skip::Planned<96, 192> skip;
  skip.plan = vlpt::SkipPlan(v.facts.depth, {4, 5, 10, 11});
  return vision<Kind::forward, vlpt::prompt::None>(v, {}, skip);
}

}  // namespace growth
