// CLIP-B/32 under the policies that touch images as well as texts.
#include "dual.hpp"
#include "vlpt/policies/prompt/conditional.hpp"
#include "vlpt/policies/prompt/context.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/unified.hpp"

namespace growth {

Subject dual_conditional(Dual const& d) {
  return dual<Kind::load, vlpt::prompt::Conditional<4>>(d);
}
Subject dual_unified(Dual const& d) { return dual<Kind::load, vlpt::prompt::Unified<>>(d); }

}  // namespace growth
