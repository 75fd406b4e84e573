#include "cases.hpp"
#include "meter.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

namespace {

std::vector<vlpt::io::Rule> const rules{{"prompt.text.rows", {"prompts.0"}},
                                        {"prompt.image.rows", {"prompts.1"}}};

}  // namespace

void golden::meter_deep(Recording& file, Effort effort) {
  Meter<vlpt::prompt::Deep<>>(file, rules).follow(effort);
}
void golden::meter_shallow(Recording& file, Effort effort) {
  Meter<vlpt::prompt::Shallow<>>(file, rules).follow(effort);
}
