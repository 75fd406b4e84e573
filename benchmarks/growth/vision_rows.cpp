// ViT without prompts, and under the policies that are rows.
#include "vision.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/gated.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

namespace growth {
namespace prompt = vlpt::prompt;

Subject vision_none(Vision const& v) { return vision<Kind::forward, prompt::None>(v); }
Subject vision_shallow(Vision const& v) { return vision<Kind::forward, prompt::Shallow<>>(v); }
Subject vision_deep(Vision const& v) { return vision<Kind::forward, prompt::Deep<>>(v); }
Subject vision_gated(Vision const& v) { return vision<Kind::forward, prompt::Gated<>>(v); }

}  // namespace growth
