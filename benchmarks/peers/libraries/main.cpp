// peer_libraries LIBRARY THREADS: a library's matrix products, as benchmarks/peers/peers.py asks
// for them.
#include <cstdlib>
#include <iostream>

#include "libraries.hpp"

namespace {
int asked_threads = 1;
}
int peers::threads() { return asked_threads; }

int main(int count, char** arguments) {
  std::map<std::string, peers::Peer (*)()> const libraries{
      {"eigen", peers::eigen},
#ifdef PEERS_OPENBLAS
      {"openblas", peers::openblas},
#endif
#ifdef PEERS_ONEDNN
      {"onednn", peers::onednn},
#endif
  };
  std::vector<std::string> const all(arguments + 1, arguments + count);
  asked_threads = all.size() < 2 ? 0 : std::atoi(all[1].c_str());
  if (asked_threads < 1) {
    std::cerr << "usage: peer_libraries LIBRARY THREADS\n";
    return 2;
  }
  auto const found = libraries.find(all[0]);
  if (found == libraries.end()) {
    std::cout << "missing not found when this program was built" << std::endl;
    return 0;
  }
  return peers::serve(found->second(), all);
}
