#pragma once
#include "recording.hpp"

namespace golden {

// The families of cases; each compares a whole file and leaves what it finds in the recording.

void vit_none(Recording& file, Effort effort);
void vit_vpt_shallow(Recording& file, Effort effort);
void vit_vpt_deep(Recording& file, Effort effort);

}  // namespace golden
