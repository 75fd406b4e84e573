// ViT under the policies that are modules.
#include "vision.hpp"
#include "vlpt/policies/prompt/adapter.hpp"
#include "vlpt/policies/prompt/approximated.hpp"
#include "vlpt/policies/prompt/lora.hpp"
#include "vlpt/policies/prompt/parallel_adapter.hpp"

namespace growth {
namespace prompt = vlpt::prompt;

Subject vision_approximated(Vision const& v) {
  return vision<Kind::forward, prompt::Approximated<>>(v);
}
Subject vision_adapter(Vision const& v) { return vision<Kind::forward, prompt::Adapter<96>>(v); }
Subject vision_parallel_adapter(Vision const& v) {
  return vision<Kind::forward, prompt::ParallelAdapter<96>>(v);
}
Subject vision_lora(Vision const& v) { return vision<Kind::forward, prompt::Lora<4>>(v); }

}  // namespace growth
