#include <iostream>
#if __has_include(<vlpt/vlpt.hpp>)
#include <vlpt/vlpt.hpp>
#endif
#include <vlpt/core/index.hpp>
#include <vlpt/version.hpp>

vlpt::Index second();

int main() {
  if (vlpt::version != EXPECTED_VERSION) {
    std::cerr << "version " << vlpt::version << ", expected " << EXPECTED_VERSION << '\n';
    return 1;
  }
  return second() == 6 ? 0 : 1;
}
