#pragma once
#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/shape.hpp"
#include "vlpt/io/checkpoint.hpp"
#include "vlpt/io/dtype.hpp"
#include "vlpt/io/sha256.hpp"

namespace vlpt::io {

/// One tensor as a fingerprint sees it. The bytes belong to somebody else.
struct FingerprintEntry {
  std::string name;
  Dtype dtype = Dtype::F32;
  Shape shape;
  std::span<std::byte const> bytes;
};

/// SHA-256 in hex over the tensors sorted by name: name, dtype, shape, data. Words and shapes come
/// with their lengths, so no two different lists feed the same bytes. The order given is no matter.
[[nodiscard]] inline std::string fingerprint(std::vector<FingerprintEntry> entries) {
  std::ranges::sort(entries, {}, &FingerprintEntry::name);
  Sha256 hash;
  auto const number = [&](std::uint64_t n) { hash.update(std::as_bytes(std::span(&n, 1))); };
  auto const word = [&](std::string_view s) {
    number(s.size());
    hash.update(std::as_bytes(std::span(s)));
  };
  for (FingerprintEntry const& e : entries) {
    word(e.name);
    word(name(e.dtype));
    number(static_cast<std::uint64_t>(e.shape.rank));
    for (int i = 0; i < e.shape.rank; ++i) number(static_cast<std::uint64_t>(e.shape[i]));
    hash.update(e.bytes);
  }
  return hash.hex();
}

/// The fingerprint of everything in a checkpoint; shards and one file give the same.
[[nodiscard]] inline std::string fingerprint(Checkpoint const& checkpoint) {
  std::vector<FingerprintEntry> entries;
  for (auto const& [name, entry] : checkpoint.entries())
    entries.push_back({name, entry.record->dtype, entry.record->shape, entry.record->bytes});
  return fingerprint(std::move(entries));
}

}  // namespace vlpt::io
