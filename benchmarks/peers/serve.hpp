#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

// What the programs of benchmarks/peers share: works by name, and the lines in which a driver asks
// for them (README.md beside this file).
namespace peers {

/// "product/768x2304" is of the family "product"; `rest` is what follows.
struct Request {
  std::string family, rest;
  long batch = 1;
  std::string dtype;  // float, bf16, int8
};

/// Something that can be run again and again, with the multiply-accumulates of one run.
struct Work {
  double macs = 0;
  std::function<void()> run;
};

/// Thrown where a peer has no such work.
struct None {
  std::string reason;
};

using Factory = Work (*)(Request const&);

struct Peer {
  std::string version;  // what the driver shows
  std::map<std::string, Factory> families;
  /// GFLOP/s (GOP/s) that the processor reaches just now; 0: this dtype has no instruction.
  double (*probe)(std::string const& dtype) = nullptr;
};

/// Answers the driver until it says quit; with --once WORK BATCH DTYPE behind the program's own
/// arguments: runs that once and says so. The program's exit status.
[[nodiscard]] int serve(Peer const& peer, std::vector<std::string> const& arguments);

/// The two numbers of "768x2304".
struct Pair {
  long first = 0, second = 0;
};
[[nodiscard]] Pair pair_of(std::string const& text);

/// Values around 0, the same in every run: what they are does not matter to a product.
void fill(float* values, long count, unsigned seed = 1);

/// How many matrices of so many bytes a product goes through in turn, so that it reads them from
/// memory and not from a cache.
[[nodiscard]] long rotation(long bytes);

}  // namespace peers
