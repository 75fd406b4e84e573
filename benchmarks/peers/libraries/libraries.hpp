#pragma once
#include "../serve.hpp"

// Matrix products of other libraries, each in its own file, of which the build has those that it
// finds.
namespace peers {

[[nodiscard]] int threads();

[[nodiscard]] Peer eigen();
[[nodiscard]] Peer openblas();
[[nodiscard]] Peer onednn();

}  // namespace peers
