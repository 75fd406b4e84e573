#include "cases.hpp"
#include "vilt.hpp"

void golden::vilt_none(Recording& file, Effort effort) {
  Vilt<vlpt::prompt::None>(file, {}).follow(effort);
}
