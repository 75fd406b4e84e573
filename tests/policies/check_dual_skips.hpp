#pragma once
#include "models/tiny_dual.hpp"
#include "policies/every_skip.hpp"

namespace vlpt::test {

/// Gradients of what learns in a tiny dual encoder under every skip policy of DAS: layers 0 and 1
/// are the image's, 2 and 3 the text's.
template <class Policy, class Learn = learn::Input<learn::Policy>>
void check_dual_with_skips(Policy const& policy = {}) {
  every_skip(4, [&](auto const& skip) {
    using Skip = std::remove_cvref_t<decltype(skip)>;
    DualRun<Dual<Policy, Learn, rows::Live, Skip>> run(policy, 64, skip);
    if constexpr (std::is_same_v<Skip, SearchedSkip>) run.net.skip(SkipPlan(4, {1, 2}));
    GradReport const report = gradcheck(run.net, images<double>(2, run.net.model().facts));
    BOOST_TEST(report.ok(1e-7), skip.name << ": " << report);
  });
}

}  // namespace vlpt::test
