// expect: this policy prompts the texts of classes: use it in a DualEncoder
// ViLT's texts are part of its input; it has no texts of classes.
#include "vlpt/models/single_stream.hpp"
#include "vlpt/policies/prompt/context.hpp"

vlpt::SingleStream<vlpt::arch::ViLT_B32, vlpt::prompt::Context<4>> model;
