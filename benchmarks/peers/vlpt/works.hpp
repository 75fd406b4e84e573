#pragma once
#include "../serve.hpp"

// What vlpt is measured at, a file for each family. Threads are those that main() was given.
namespace peers {

[[nodiscard]] int threads();

[[nodiscard]] double probe(std::string const& dtype);

[[nodiscard]] Work product(Request const&);
[[nodiscard]] Work attention(Request const&);
[[nodiscard]] Work cold(Request const&);
[[nodiscard]] Work forward_vision(Request const&);
[[nodiscard]] Work forward_vilt(Request const&);
[[nodiscard]] Work forward_meter(Request const&);
[[nodiscard]] Work forward_text(Request const&);
[[nodiscard]] Work step_deep(Request const&);
[[nodiscard]] Work step_approximated(Request const&);
[[nodiscard]] Work step_gated(Request const&);
[[nodiscard]] Work step_context(Request const&);
[[nodiscard]] Work step_das(Request const&);

}  // namespace peers
