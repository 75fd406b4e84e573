// Processes that train together, as threads of one: a run of theirs is one of all their data.
#include "vlpt/train/mean_over_ranks.hpp"

#include <barrier>
#include <boost/test/unit_test.hpp>
#include <thread>

#include "train/tiny_run.hpp"
#include "vlpt/train/sgd.hpp"

using namespace vlpt;

namespace {

using Backend = Cpu<double>;
using Model = test::TinyModel<prompt::Deep<2>>;
using test::Levels;

/// Two ranks' sums through memory that they share.
class Pair {
 public:
  void sum(int rank, std::span<double> values) {
    parts_[static_cast<std::size_t>(rank)].assign(values.begin(), values.end());
    all_.arrive_and_wait();
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = parts_[0][i] + parts_[1][i];
    all_.arrive_and_wait();
  }

 private:
  std::barrier<> all_{2};
  std::vector<double> parts_[2];
};
struct Rank {
  Pair& pair;
  int rank;
  [[nodiscard]] int ranks() const { return 2; }
  void sum(Backend const&, std::span<double> values) const { pair.sum(rank, values); }
};
static_assert(SumsOverRanks<Rank, Backend> && !SumsOverRanks<Rank, Cpu<float>>);

/// What a run of some examples leaves, in steps of all of them.
template <class... W>
std::vector<double> fitted(std::vector<Index> const& which, W&&... watching) {
  Levels const data(18);
  Examples<double, Levels> train(data, which, test::tiny_preprocess());
  Net<Model, Backend> net(Model{{.classes = 3}}, {.seed = 3});
  SGD<double> optimizer(groups_of(net));  // of which, unlike Adam, a factor does not vanish
  FitSettings const s{
      .epochs = 4, .batch = static_cast<Index>(which.size()), .learning_rate = 1e-2};
  (void)fit(net, optimizer, train, s, watching...);
  return {net.learnt().begin(), net.learnt().end()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mean_over_ranks)

BOOST_AUTO_TEST_CASE(two_ranks_are_one_run_of_both_parts) {
  std::vector<Index> const parts[]{{0, 1, 2, 3, 4, 5, 6}, {7, 8, 9, 10, 11, 12, 13}};
  Pair pair;
  std::vector<double> left[2];
  auto const run = [&](int r) {
    Rank const rank{pair, r};
    MeanOverRanks const mean(rank);
    left[r] = fitted(parts[r], mean);
  };
  std::thread other([&] { run(1); });
  run(0);
  other.join();
  BOOST_TEST((left[0] == left[1]));
  std::vector<Index> both = parts[0];
  both.insert(both.end(), parts[1].begin(), parts[1].end());
  auto const whole = fitted(both);
  double worst = 0;
  for (std::size_t i = 0; i < whole.size(); ++i)
    worst = std::max(worst, std::abs(whole[i] - left[0][i]));
  BOOST_TEST(worst < 1e-12);
}

BOOST_AUTO_TEST_SUITE_END()
