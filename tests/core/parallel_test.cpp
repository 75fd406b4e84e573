#include "vlpt/core/parallel.hpp"

#include "vlpt/core/error.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>
#include <vector>

#if defined(__linux__)
#include <sched.h>
#endif

#include "heap.hpp"
#include "vlpt/core/random.hpp"

using vlpt::Index;
using vlpt::Team;

namespace {

// Each task sums random numbers of its own: a float sum shows any other order or cut.
std::vector<float> sums(Team& team, Index tasks) {
  std::vector<float> result(static_cast<std::size_t>(tasks));
  team.run(tasks, [&](Index task, int) {
    float sum = 0;
    for (std::uint64_t i = 0; i < 100; ++i)
      sum += static_cast<float>(vlpt::Random{1, static_cast<std::uint64_t>(task)}.normal(i));
    result[static_cast<std::size_t>(task)] = sum;
  });
  return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(parallel)

BOOST_AUTO_TEST_CASE(results_do_not_depend_on_the_number_of_threads) {
  Team alone(1);
  auto const expected = sums(alone, 57);
  for (int threads = 2; threads <= 4; ++threads) {
    Team team(threads);
    BOOST_TEST(team.threads() == threads);
    BOOST_TEST((sums(team, 57) == expected));
  }
}

BOOST_AUTO_TEST_CASE(every_task_runs_once_on_a_thread_of_the_team) {
  Team team(4);
  std::atomic<int> strangers{0};
  for (Index const tasks : {0, 1, 2, 3, 100}) {
    std::vector<std::atomic<int>> runs(static_cast<std::size_t>(tasks));
    team.run(tasks, [&](Index task, int thread) {
      ++runs[static_cast<std::size_t>(task)];
      if (thread < 0 || thread >= team.threads()) ++strangers;
    });
    for (auto const& r : runs) BOOST_TEST(r.load() == 1);
  }
  BOOST_TEST(strangers.load() == 0);
}

BOOST_AUTO_TEST_CASE(many_short_runs_lose_nothing) {
  Team team(3);
  std::atomic<Index> total{0};
  for (int round = 0; round < 2000; ++round) team.run(5, [&](Index task, int) { total += task; });
  BOOST_TEST(total.load() == 2000 * 10);
}

BOOST_AUTO_TEST_CASE(a_task_may_call_run_again) {
  Team team(3);
  std::atomic<int> inner{0};
  for (int round = 0; round < 50; ++round)
    team.run(4, [&](Index, int) { team.run(3, [&](Index, int) { ++inner; }); });
  BOOST_TEST(inner.load() == 50 * 4 * 3);
}

BOOST_AUTO_TEST_CASE(two_threads_may_share_a_team) {
  Team team(2);
  std::atomic<int> count{0};
  auto const use = [&] {
    for (int round = 0; round < 200; ++round) team.run(4, [&](Index, int) { ++count; });
  };
  std::thread other(use);
  use();
  other.join();
  BOOST_TEST(count.load() == 2 * 200 * 4);
}

BOOST_AUTO_TEST_CASE(a_run_does_not_touch_the_heap) {
  Team team(3);
  std::vector<int> result(64);
  auto const before = vlpt::test::heap_allocations();
  for (int round = 0; round < 10; ++round)
    team.run(64, [&](Index task, int thread) { result[static_cast<std::size_t>(task)] = thread; });
  BOOST_TEST(vlpt::test::heap_allocations() == before);
  result.resize(1000);
  BOOST_TEST(vlpt::test::heap_allocations() == before + 1);  // and the counter does count
}

BOOST_AUTO_TEST_CASE(what_a_task_throws_arrives_and_the_team_lives_on) {
  for (int threads : {1, 3}) {
    Team team(threads);
    for (Index bad : {0, 7, 63}) {
      BOOST_CHECK_THROW(team.run(64,
                                 [&](Index t, int) {
                                   if (t == bad) throw vlpt::InputError("task");
                                 }),
                        vlpt::InputError);
      std::atomic<Index> done{0};
      team.run(64, [&](Index, int) { ++done; });
      BOOST_TEST(done == 64);
    }
  }
}

#if defined(__linux__)
// A worker that wakes beside its caller waits for it, while another processor is idle.
BOOST_AUTO_TEST_CASE(workers_keep_off_the_processor_of_the_caller) {
  cpu_set_t all;
  BOOST_REQUIRE(sched_getaffinity(0, sizeof(all), &all) == 0);
  if (CPU_COUNT(&all) < 2) return;
  Team team(2);
  for (int processor = 0; processor < CPU_SETSIZE; ++processor) {
    if (!CPU_ISSET(processor, &all)) continue;
    cpu_set_t here;
    CPU_ZERO(&here);
    CPU_SET(processor, &here);
    if (sched_setaffinity(0, sizeof(here), &here) != 0) return;  // forbidden here
    std::atomic<bool> came{false};
    cpu_set_t of_worker;
    bool known = false;
    team.run(2, [&](Index, int thread) {
      if (thread != 0) {
        known = sched_getaffinity(0, sizeof(of_worker), &of_worker) == 0;
        came = true;
      }
      while (!came) std::this_thread::yield();
    });
    sched_setaffinity(0, sizeof(all), &all);  // whatever fails, later tests have all processors
    BOOST_REQUIRE(known);
    BOOST_TEST(!CPU_ISSET(processor, &of_worker));
    BOOST_TEST(CPU_COUNT(&of_worker) == CPU_COUNT(&all) - 1);
  }
}
#endif

BOOST_AUTO_TEST_SUITE_END()
