// growth --csv FILE [--quick] [--only PART] [--threads N]: README.md beside this.
#include <cstdlib>
#include <iostream>

#include "parts.hpp"
#include "vlpt/core/error.hpp"
#include "vlpt/kernels/packed/isa.hpp"

namespace {

struct Part {
  std::string name;
  void (*run)(growth::Run const&);
};
std::vector<Part> const parts{{"counts", growth::counts},
                              {"meter", growth::on_meter},
                              {"sizes", growth::sizes},
                              {"neighbour", growth::neighbour}};

[[noreturn]] void usage(std::string const& why) {
  std::cerr
      << "growth: " << why
      << "\nusage: ./run bench growth --csv FILE [--quick] [--only PART] [--threads N]\nparts:";
  for (Part const& part : parts) std::cerr << ' ' << part.name;
  std::cerr << '\n';
  std::exit(2);
}

int asked_threads = 1;

}  // namespace

int peers::threads() { return asked_threads; }
void growth::set_threads(int threads) { asked_threads = threads; }

int main(int count, char** arguments) try {
  growth::Run run;
  int const most = static_cast<int>(growth::processors().size());
  run.threads = most;
  std::string only;
  for (int i = 1; i < count; ++i) {
    std::string const option = arguments[i];
    auto const value = [&]() -> std::string {
      if (++i == count) usage(option + " needs a value");
      return arguments[i];
    };
    if (option == "--csv")
      run.csv = value();
    else if (option == "--quick")
      run.quick = true;
    else if (option == "--only")
      only = value();
    else if (option == "--threads")
      run.threads = std::atoi(value().c_str());
    else
      usage("there is no option " + option);
  }
  if (run.csv.empty()) usage("--csv FILE is missing");
  if (run.threads < 1 || run.threads > most)
    usage("--threads is between 1 and the " + std::to_string(most) + " processors here");
  bool known = only.empty();
  for (Part const& part : parts) known = known || part.name == only;
  if (!known) usage("there is no part " + only);

  std::cout << run.threads << " threads of " << most << " processors, "
            << vlpt::name_of(vlpt::chosen_isa()) << '\n';
  for (Part const& part : parts)
    if (only.empty() || part.name == only) {
      growth::set_threads(run.threads);
      part.run(run);
    }
} catch (vlpt::Error const& e) {
  std::cerr << "growth: " << e.what() << '\n';
  return 1;
}
