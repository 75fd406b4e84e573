#pragma once
#include <cstddef>

namespace vlpt::test {

/// How often this program has asked for heap memory, on any thread: new, malloc and their kin.
/// The difference of two calls counts what happened between them.
[[nodiscard]] std::size_t heap_allocations();

}  // namespace vlpt::test
