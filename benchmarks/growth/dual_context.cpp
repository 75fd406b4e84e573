// CLIP-B/32 with learnt rows in its texts.
#include "dual.hpp"
#include "vlpt/policies/prompt/context.hpp"

namespace growth {
namespace {

using Context = vlpt::prompt::Context<>;
using vlpt::ContextPlace;

Context context(ContextPlace place, bool of_classes = false) {
  Context c;
  c.prompts = 16, c.place = place, c.class_specific = of_classes;
  return c;
}

}  // namespace

Subject dual_none(Dual const& d) { return dual<Kind::load, vlpt::prompt::None>(d); }
Subject dual_context(Dual const& d) { return dual<Kind::load>(d, context(ContextPlace::end)); }
Subject dual_context_middle(Dual const& d) {
  return dual<Kind::load>(d, context(ContextPlace::middle));
}
Subject dual_context_of_classes(Dual const& d) {
  return dual<Kind::load>(d, context(ContextPlace::end, true));
}
Subject dual_context_forward(Dual const& d) {
  return dual<Kind::forward>(d, context(ContextPlace::end));
}
Subject dual_context_step(Dual const& d) { return dual<Kind::step>(d, context(ContextPlace::end)); }

}  // namespace growth
