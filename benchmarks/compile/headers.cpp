// Includes the library and uses nothing of it.
#include "vlpt/vlpt.hpp"

int main() {}
