#include "serve.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>

namespace peers {
namespace {

constexpr double least_ms = 10;  // of a sample: shorter works are run several times

double ms_now() {
  return std::chrono::duration<double, std::milli>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// A work that has run once.
class Sampler {
 public:
  explicit Sampler(Work work) : work_(std::move(work)) {
    if (run(1) >= least_ms) return;
    double best = run(1);  // of three: a neighbour may have been in the way
    for (int i = 0; i < 2; ++i) best = std::min(best, run(1));
    repeats_ = static_cast<int>(std::clamp(std::ceil(least_ms / best), 1., 1000.));
  }
  /// Milliseconds of one run. A short work runs once before, to wake threads that slept meanwhile.
  [[nodiscard]] double sample() const {
    if (repeats_ > 1) work_.run();
    return run(repeats_) / repeats_;
  }

 private:
  [[nodiscard]] double run(int times) const {
    double const start = ms_now();
    for (int i = 0; i < times; ++i) work_.run();
    return ms_now() - start;
  }

  Work work_;
  int repeats_ = 1;
};

Work make(Peer const& peer, std::istream& words) {
  Request r;
  std::string name;
  words >> name >> r.batch >> r.dtype;
  if (!words) throw std::runtime_error("a work needs a name, a batch and a dtype");
  auto const slash = name.find('/');
  r.family = name.substr(0, slash);
  if (slash != std::string::npos) r.rest = name.substr(slash + 1);
  auto const found = peer.families.find(r.family);
  if (found == peer.families.end()) throw None{"not made for this peer"};
  return found->second(r);
}

/// The most memory that this process has held, in MiB.
double most_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.rfind("VmHWM:", 0) == 0) return std::stod(line.substr(6)) / 1024;
  return 0;
}

/// One line of the driver: what is answered, or nothing when it says quit.
class Answers {
 public:
  explicit Answers(Peer const& peer) : peer_(peer) {}

  std::optional<std::string> to(std::string const& line) try {
    std::istringstream words(line);
    std::string command, dtype;
    words >> command;
    std::ostringstream out;
    if (command == "quit") return {};
    if (command == "prepare") {
      work_.reset();  // before the next is made: both need memory
      Work work = make(peer_, words);
      out << "ok " << work.macs;
      work_.emplace(std::move(work));
    } else if (command == "sample") {
      if (!work_) throw std::runtime_error("sample without prepare");
      out << work_->sample();
    } else if (command == "forget") {
      work_.reset();
      out << "ok";
    } else if (command == "probe" && peer_.probe != nullptr) {
      words >> dtype;
      out << peer_.probe(dtype);
    } else {
      throw std::runtime_error("no such command: " + line);
    }
    return out.str();
  } catch (None const& none) {
    return "none " + none.reason;
  } catch (std::exception const& e) {
    return std::string("error ") + e.what();
  }

 private:
  Peer const& peer_;
  std::optional<Sampler> work_;
};

int once(Peer const& peer, std::string const& work) try {
  std::istringstream words(work);
  Work const w = make(peer, words);
  w.run();
  std::cout << "done " << w.macs << ' ' << most_memory() << std::endl;
  return 0;
} catch (None const& none) {
  std::cout << "none " << none.reason << std::endl;
  return 0;
} catch (std::exception const& e) {
  std::cout << "error " << e.what() << std::endl;
  return 1;
}

}  // namespace

int serve(Peer const& peer, std::vector<std::string> const& arguments) {
  std::cout.precision(9);
  if (auto const at = std::find(arguments.begin(), arguments.end(), "--once");
      at != arguments.end()) {
    std::string work;
    for (auto i = at + 1; i != arguments.end(); ++i) work += *i + ' ';
    return once(peer, work);
  }
  std::cout << "ready " << peer.version << std::endl;
  Answers answers(peer);
  for (std::string line; std::getline(std::cin, line);) {
    auto const answer = answers.to(line);
    if (!answer) return 0;
    std::cout << *answer << std::endl;
  }
  return 0;
}

Pair pair_of(std::string const& text) {
  Pair p;
  char x = 0;
  std::istringstream in(text);
  if (!(in >> p.first >> x >> p.second) || x != 'x') throw None{"no such size: " + text};
  return p;
}

void fill(float* values, long count, unsigned seed) {
  unsigned state = seed * 2654435761U;
  for (long i = 0; i < count; ++i) {
    state = state * 1664525U + 1013904223U;
    values[i] = static_cast<float>(static_cast<int>(state >> 16) - 32768) * (0.1F / 32768);
  }
}

long rotation(long bytes) { return 56'000'000 / bytes + 1; }

}  // namespace peers
