// expect: a layer is either recomputed or keeps rounded values, not both
#include "vlpt/blocks/rows.hpp"

bool const rounds = vlpt::rows::Rounded<vlpt::rows::Recomputed<>>::rounds;
