#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

#include "vlpt/core/shape.hpp"
#include "vlpt/io/dtype.hpp"

namespace vlpt::io {

/// An array of numbers in a file of torch.save: the entry data/<key> of its archive.
struct TorchStorage {
  std::string_view key;
  Dtype dtype = Dtype::F32;
  std::int64_t count = 0;
};

/// A window on a storage, in elements.
struct TorchTensor {
  TorchStorage storage;
  std::int64_t offset = 0;
  Shape shape;
  std::array<std::int64_t, Shape::max_rank> strides{};
};

/// One of the few names that a pickle may call: what it stands for, and the type of a storage.
struct PickleName {
  enum class Means { ordered_dict, rebuild_tensor, storage } means = Means::ordered_dict;
  Dtype dtype = Dtype::F32;
  std::string_view full;
};

struct PickleText {
  std::string_view utf8;
};
struct PickleBytes {
  std::string_view bytes;
};
/// An integer that does not fit 64 bits; nothing here needs its value.
struct WideInteger {};
/// A tuple, list or dict of Pickle::items; a dict's keys and values take turns.
struct PickleItems {
  enum class Kind { tuple, list, dict, ordered_dict } kind = Kind::tuple;
  std::uint32_t index = 0;
};
struct TorchStorageAt {
  std::uint32_t index = 0;
};
struct TorchTensorAt {
  std::uint32_t index = 0;
};

/// What a pickle may hold. Containers and tensors are places in a Pickle, so a container may hold
/// itself, and a value is small and owns nothing.
using PickleValue =
    std::variant<std::monostate, bool, std::int64_t, double, PickleText, PickleBytes, WideInteger,
                 PickleItems, PickleName, TorchStorageAt, TorchTensorAt>;

/// For people: what kind of thing a value is.
[[nodiscard]] inline std::string_view kind_of(PickleValue const& value) {
  static constexpr std::array<std::string_view, 11> kinds{
      "None",           "a bool",      "an integer", "a float",   "a string", "bytes",
      "a wide integer", "a container", "a name",     "a storage", "a tensor"};
  if (auto const* const items = std::get_if<PickleItems>(&value)) {
    static constexpr std::array<std::string_view, 4> containers{"a tuple", "a list", "a dict",
                                                                "an OrderedDict"};
    return containers[static_cast<std::size_t>(items->kind)];
  }
  return kinds[value.index()];
}

/// A pickle, read. Texts and keys point into the bytes that it was read from.
struct Pickle {
  PickleValue top;
  std::vector<std::vector<PickleValue>> containers;
  std::vector<TorchStorage> storages;
  std::vector<TorchTensor> tensors;

  /// The items of a tuple; nullptr for anything else.
  [[nodiscard]] std::vector<PickleValue> const* tuple(PickleValue const& value) const {
    auto const* const at = std::get_if<PickleItems>(&value);
    if (at == nullptr || at->kind != PickleItems::Kind::tuple) return nullptr;
    return &containers[at->index];
  }
  /// The keys and values of a dict of either kind; nullptr for anything else.
  [[nodiscard]] std::vector<PickleValue> const* dict(PickleValue const& value) const {
    auto const* const at = std::get_if<PickleItems>(&value);
    if (at == nullptr || at->kind < PickleItems::Kind::dict) return nullptr;
    return &containers[at->index];
  }
  /// The tensor that a value is; nullptr for anything else.
  [[nodiscard]] TorchTensor const* tensor(PickleValue const& value) const {
    auto const* const at = std::get_if<TorchTensorAt>(&value);
    return at == nullptr ? nullptr : &tensors[at->index];
  }
};

}  // namespace vlpt::io
