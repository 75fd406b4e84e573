#include <iostream>

#include "parts.hpp"
#include "vision.hpp"

namespace growth {
namespace {

struct Work {
  std::string name;
  Vision asked;
};

/// Medians of runs that take turns.
struct Found {
  double one = 0, one_busy = 0, two = 0, two_busy = 0;
  int samples = 0;
};

Found measure(Vision const& asked, Spinner const& spinner, int rounds) {
  set_threads(1);
  Subject const one = vision_none(asked);
  set_threads(2);
  Subject const two = vision_none(asked);
  int const one_times = repeats(one), two_times = repeats(two);
  std::vector<double> ones, twos, busy_ones, busy_twos;
  for (int i = 0; i < rounds; ++i) {
    ones.push_back(sample(one, one_times));
    twos.push_back(sample(two, two_times));
    spinner.spin();
    busy_twos.push_back(sample(two, two_times));
    busy_ones.push_back(sample(one, one_times));
    spinner.rest();
  }
  return {median(ones), median(busy_ones), median(twos), median(busy_twos), rounds};
}

}  // namespace

void neighbour(Run const& run) {
  auto const mine = processors();
  if (mine.size() < 2) {
    std::cout << "neighbour is left out: it needs two processors\n";
    return;
  }
  Table table(run.beside("neighbour"),
              {"work", "batch", "one_ms", "one_busy_ms", "two_ms", "two_busy_ms", "two_over_one",
               "busy_over_one", "busy_over_two", "samples"});
  keep_to({mine[0], mine[1]});
  Spinner const spinner(mine[1]);
  for (Work const& w : {Work{"vit-b32", Vision::b32(1)}, Work{"vit-b16", {.batch = 1}},
                        Work{"vit-b32", Vision::b32(8)}}) {
    Found const f = measure(w.asked, spinner, run.quick ? 5 : 31);
    table.row({w.name, std::to_string(w.asked.batch), number(f.one), number(f.one_busy),
               number(f.two), number(f.two_busy), number(f.one / f.two), number(f.one / f.two_busy),
               number(f.two / f.two_busy), std::to_string(f.samples)});
  }
  keep_to(mine);
  std::cout << "_over_: speed as a multiple; busy_over_one is at least 1.1 where a busy neighbour "
               "costs little\n";
}

}  // namespace growth
