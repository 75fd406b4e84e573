// expect: A::vocabulary
#include "vlpt/models/single_stream.hpp"

vlpt::SingleStream<vlpt::arch::ViT_B16> model;
