// One step of training ViT.
#include "vision.hpp"
#include "vlpt/policies/prompt/approximated.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

namespace growth {
namespace prompt = vlpt::prompt;

Subject vision_shallow_step(Vision const& v) { return vision<Kind::step, prompt::Shallow<>>(v); }
Subject vision_deep_step(Vision const& v) { return vision<Kind::step, prompt::Deep<>>(v); }
Subject vision_approximated_step(Vision const& v) {
  return vision<Kind::step, prompt::Approximated<>>(v);
}

}  // namespace growth
