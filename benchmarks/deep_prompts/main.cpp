// The study of docs/deep-prompts.md: prints its table and writes its picture.
//   deep_prompts [REPEATS] [PICTURE.svg]     REPEATS: timed runs of each model; 0: counts only
#include <cstdlib>
#include <iostream>
#include <thread>

#include "study.hpp"
#include "vlpt/analysis/report/bar_chart.hpp"
#include "vlpt/core/error.hpp"
#include "vlpt/io/write_file.hpp"

int main(int count, char** arguments) try {
  using vlpt::report::grouped;
  int const repeats = count > 1 ? std::atoi(arguments[1]) : 5;
  int const threads = static_cast<int>(std::thread::hardware_concurrency());
  vlpt::report::BarChart chart{.title = "Multiply-accumulates that 200 prompts add to a sample",
                               .series = {"deep, as published", "deep, vlpt", "approximated, vlpt"},
                               .groups = {}};
  std::cout << "| model | prompts | MACs a sample | added | prepared once | median of " << repeats
            << ", " << threads << " threads |\n|:--|:--|--:|--:|--:|--:|\n";
  for (auto const& family : {study::vit(repeats, threads), study::vilt(repeats, threads),
                             study::meter(repeats, threads)}) {
    for (auto const& m : family.methods)
      std::cout << "| " << family.name << " | " << m.name << " | " << grouped(m.macs) << " | "
                << grouped(m.added) << " | " << grouped(m.prepared) << " | "
                << (repeats > 0 ? vlpt::report::duration(m.seconds) : "") << " |\n"
                << std::flush;
    auto const added = [&](std::size_t i) { return static_cast<double>(family.methods[i].added); };
    chart.groups.push_back({family.name, {added(1), added(2), added(3)}});
  }
  if (count > 2) vlpt::io::write_file(arguments[2], std::string_view(chart.svg()));
} catch (vlpt::Error const& e) {
  std::cerr << e.what() << '\n';
  return 1;
}
