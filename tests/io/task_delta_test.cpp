#include <boost/test/unit_test.hpp>

#include "models/tiny.hpp"
#include "scratch.hpp"
#include "vlpt/io/delta.hpp"
#include "vlpt/kernels/reference.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/per_task.hpp"

using namespace vlpt;

namespace {

using Policy = prompt::PerTask<prompt::Deep<>>;
using NetType = Net<VisionTower<test::Tiny, Policy>, Reference<double>>;

NetType net_of(Policy const& policy) {
  VisionTower<test::Tiny, Policy>::Settings s;
  s.prompt = policy;
  return NetType{VisionTower<test::Tiny, Policy>(s)};
}
Policy two_tasks(Index prompts = 3, std::string const& second = "food") {
  return {{{"pets", 2, prompt::Deep<>{{2}}}, {second, 3, prompt::Deep<>{{prompts}}}}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(task_delta)

BOOST_AUTO_TEST_CASE(prompts_and_heads_of_every_task_come_back) {
  test::Scratch const scratch;
  auto const path = scratch.path() / "two.delta";
  auto net = net_of(two_tasks());
  for (auto const& p : net.parameters())  // what a delta keeps in single precision
    for (Index i = 0; i < p.shape.size(); ++i)
      p.values.data[i] = static_cast<float>(p.values.data[i]);
  net.touch();
  for (double& v : net.learnt()) v = static_cast<float>(v + 0.5);
  std::vector<std::string> const names{"cat", "dog", "soup", "bread", "cake"};
  io::save_delta(path, net, {.class_names = names});
  auto again = net_of(two_tasks());
  for (std::size_t i = 0; i < again.frozen().size(); ++i)
    BOOST_REQUIRE(static_cast<float>(again.frozen()[i]) == static_cast<float>(net.frozen()[i]));
  for (auto const& p : again.parameters())
    for (Index i = 0; i < p.shape.size(); ++i)
      p.values.data[i] = static_cast<float>(p.values.data[i]);
  BOOST_TEST((io::load_delta(path, again).class_names == names));
  BOOST_TEST(std::equal(net.learnt().begin(), net.learnt().end(), again.learnt().begin()));
}

BOOST_AUTO_TEST_CASE(other_tasks_or_counts_are_refused) {
  test::Scratch const scratch;
  auto const path = scratch.path() / "two.delta";
  io::save_delta(path, net_of(two_tasks()));
  auto const refused = [&](Policy const& policy, std::string const& sentence) {
    auto net = net_of(policy);
    BOOST_CHECK_EXCEPTION(io::load_delta(path, net), CheckpointError,
                          [&](CheckpointError const& e) {
                            BOOST_TEST_MESSAGE(e.what());
                            return std::string(e.what()).find(sentence) != std::string::npos;
                          });
  };
  refused(two_tasks(4), "food.prompts");
  refused(two_tasks(3, "cars"), "missing: prompt.cars.rows");
}

BOOST_AUTO_TEST_SUITE_END()
