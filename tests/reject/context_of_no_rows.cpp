// expect: a context needs at least one row, or vlpt::dynamic
#include "vlpt/models/dual_encoder.hpp"
#include "vlpt/policies/prompt/context.hpp"

vlpt::DualEncoder<vlpt::arch::ClipB16, vlpt::prompt::Context<0>> model;
