// Costs are known to the compiler, and they are the published ones.
#include "vlpt/models/vision_tower.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

using namespace vlpt;

namespace {

template <class Prompt, class Rows = rows::Live, class Learn = learn::Policy>
using Tower = VisionTower<arch::ViT_B16, Prompt, skip::Dense, Learn, Rows>;

constexpr Cost with_classes(Index classes) {
  Tower<prompt::None, rows::All>::Settings s;
  s.classes = classes;
  return cost_of(Tower<prompt::None, rows::All>(s));
}

// ViT-B/16 with every row computed, and with ImageNet's head.
constexpr Cost naive = Tower<prompt::None, rows::All>::cost();
static_assert(naive.macs == 17'563'060'224);
static_assert(naive.trainable == 0);
constexpr Cost probe = with_classes(1000);
static_assert(probe.params == 86'567'656);
static_assert(probe.trainable == 768 * 1000 + 1000);
static_assert(probe.macs == naive.macs + 768 * 1000);

// The reverse of a linear probe is the gradient of its weight, and nothing of a block.
static_assert(probe.backward_macs == 768 * 1000);
static_assert(probe.backward.attention_macs == 0 && probe.backward.norm_elements == 0);
static_assert(probe.saved_bytes == 768 * 4, "the features, and nothing else");

// Prompts.
constexpr Cost deep = Tower<prompt::Deep<200>>::cost();
static_assert(deep.trainable == 12 * 200 * 768);
static_assert(deep.prepare.product_macs == Index{12} * 200 * 768 * 2 * 768);
static_assert(Tower<prompt::Shallow<50>>::cost().trainable == 50 * 768);
// What 200 deep prompts add to an image: 0.67 G, and 19.2 G where every row is computed
// (README.md).
static_assert(deep.macs - Tower<prompt::None>::cost().macs == 666'009'600);
static_assert(Tower<prompt::Deep<200>, rows::All>::cost().macs - naive.macs == 19'176'652'800);
static_assert(Tower<prompt::None>::cost().macs < naive.macs);

// Full tuning: everything learns.
constexpr Cost full = Tower<prompt::None, rows::Live, learn::All>::cost();
static_assert(full.trainable == full.params);

}  // namespace
