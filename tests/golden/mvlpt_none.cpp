#include "cases.hpp"
#include "mvlpt.hpp"

void golden::mvlpt_none(Recording& file, Effort effort) {
  Mvlpt<vlpt::prompt::None>(file).follow(effort);
}
