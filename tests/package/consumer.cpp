#include <iostream>
#include <vlpt/io.hpp>
#include <vlpt/vlpt.hpp>

vlpt::Index second();

int main() {
  if (vlpt::version != EXPECTED_VERSION) {
    std::cerr << "version " << vlpt::version << ", expected " << EXPECTED_VERSION << '\n';
    return 1;
  }
  return second() == 6 ? 0 : 1;
}
