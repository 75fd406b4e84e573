// peer_vlpt THREADS [--once WORK BATCH DTYPE]: vlpt, as benchmarks/peers/peers.py asks for it.
#include <cstdlib>
#include <iostream>

#include "net_work.hpp"
#include "vlpt/version.hpp"

namespace {

int asked_threads = 1;

/// "step/deep-50/vit-b32": the policy's file is asked.
peers::Work step(peers::Request const& r) {
  using peers::Factory;
  static std::map<std::string, Factory> const policies{
      {"deep", peers::step_deep},   {"approximated", peers::step_approximated},
      {"gated", peers::step_gated}, {"context", peers::step_context},
      {"das", peers::step_das},
  };
  auto const found = policies.find(r.rest.substr(0, r.rest.find_first_of("-/")));
  if (found == policies.end()) throw peers::None{"no such policy: " + r.rest};
  return found->second(r);
}

peers::Work forward(peers::Request const& r) {
  if (r.rest.rfind("vit-", 0) == 0) return peers::forward_vision(r);
  if (r.rest == "vilt") return peers::forward_vilt(r);
  if (r.rest == "meter") return peers::forward_meter(r);
  if (r.rest.rfind("clip-text-", 0) == 0) return peers::forward_text(r);
  throw peers::None{"no such model: " + r.rest};
}

}  // namespace

int peers::threads() { return asked_threads; }

std::shared_ptr<void>& peers::kept_net(std::string const& key) {
  static std::string last;
  static std::shared_ptr<void> net;
  if (last != key) net.reset();
  last = key;
  return net;
}

int main(int count, char** arguments) try {
  std::vector<std::string> const all(arguments + 1, arguments + count);
  asked_threads = all.empty() ? 0 : std::atoi(all[0].c_str());
  if (asked_threads < 1) {
    std::cerr << "usage: peer_vlpt THREADS [--once WORK BATCH DTYPE]\n";
    return 2;
  }
  return peers::serve({.version = std::string(vlpt::version) + ", " +
                                  std::string(vlpt::name_of(vlpt::chosen_isa())),
                       .families = {{"product", peers::product},
                                    {"attention", peers::attention},
                                    {"forward", forward},
                                    {"cold", peers::cold},
                                    {"step", step}},
                       .probe = peers::probe},
                      all);
} catch (vlpt::Error const& e) {
  std::cerr << e.what() << '\n';
  return 1;
}
