// The tables' baselines: LoRA, sequential and parallel adapters.
#include "policies/check_policy.hpp"
#include "vlpt/policies/prompt/adapter.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/lora.hpp"
#include "vlpt/policies/prompt/parallel_adapter.hpp"

using namespace vlpt;

BOOST_AUTO_TEST_SUITE(adapters)

BOOST_AUTO_TEST_CASE(lora) {
  test::check_policy<prompt::Lora<2>>();
  test::check_policy_with_skips<prompt::Lora<2>>();
}
BOOST_AUTO_TEST_CASE(adapter) {
  test::check_policy<prompt::Adapter<2>>();
  test::check_policy_with_skips<prompt::Adapter<2>>();
}
BOOST_AUTO_TEST_CASE(parallel_adapter) {
  test::check_policy<prompt::ParallelAdapter<2>>();
  test::check_policy<prompt::ParallelAdapter<2, true>>();
  test::check_policy_with_skips<prompt::ParallelAdapter<2>>();
}

BOOST_AUTO_TEST_CASE(trained_counts_of_the_real_configurations) {
  static_assert(VisionTower<arch::ViT_B16, prompt::Lora<204>>::cost().trainable == 7'520'256);
  static_assert(VisionTower<arch::ViT_B16, prompt::Lora<4>>::cost().trainable == 147'456);
  static_assert(VisionTower<arch::ViT_B16, prompt::Adapter<96>>::cost().trainable == 3'559'680);
  static_assert(VisionTower<arch::ViT_B16, prompt::ParallelAdapter<204>>::cost().trainable ==
                3'790'224);
  static_assert(VisionTower<arch::ViT_B16, prompt::ParallelAdapter<96>>::cost().trainable ==
                1'798'272);
  BOOST_TEST(true);
}

BOOST_AUTO_TEST_SUITE_END()
