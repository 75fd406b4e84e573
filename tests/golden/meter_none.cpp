#include "cases.hpp"
#include "meter.hpp"

void golden::meter_none(Recording& file, Effort effort) {
  Meter<vlpt::prompt::None>(file).follow(effort);
}
