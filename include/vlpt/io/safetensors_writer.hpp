#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/real.hpp"
#include "vlpt/core/tensor.hpp"
#include "vlpt/io/dtype.hpp"
#include "vlpt/io/json.hpp"
#include "vlpt/io/write_file.hpp"

namespace vlpt::io {

/// A tensor under its name.
template <class T>
struct NamedTensor {
  std::string name;
  Tensor<T> tensor;
};

/// One tensor as it will stand in a file.
struct TensorBytes {
  std::string name;
  Dtype dtype = Dtype::F32;
  Shape shape;
  std::vector<std::byte> bytes;
};

using Metadata = std::map<std::string, std::string>;

/// Values as the bytes of a dtype: any floating dtype for a floating T (rounded to nearest even; a
/// double becomes a float first), I64 or U8 for an integer T. requires: shape.size() values.
/// Throws RunError where a finite value would become infinite, naming the tensor.
template <class T>
[[nodiscard]] TensorBytes encode(std::string name, Shape shape, std::span<T const> values,
                                 Dtype dtype) {
  VLPT_CHECK(static_cast<Index>(values.size()) == shape.size(), "tensor ", name, " of shape ",
             shape, " got ", values.size(), " values");
  VLPT_CHECK(facts(dtype).floating == Real<T>, "tensor ", name, " cannot be written as ",
             io::name(dtype));
  TensorBytes out{std::move(name), dtype, shape,
                  std::vector<std::byte>(values.size() * size(dtype))};
  auto const fill = [&](auto convert) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      auto const x = convert(values[i]);
      std::memcpy(out.bytes.data() + i * sizeof x, &x, sizeof x);
    }
  };
  auto const check = [&](auto from, float to) {
    if (std::isfinite(from) && !std::isfinite(to))
      throw RunError(
          text("tensor ", out.name, " holds ", from, ", too large for ", io::name(dtype)));
  };
  if constexpr (Real<T>) {
    switch (dtype) {
      case Dtype::F64:
        fill([](T x) { return static_cast<double>(x); });
        break;
      case Dtype::F16:
        fill([&](T x) {
          std::uint16_t const h = float_to_half(static_cast<float>(x));
          check(x, half_to_float(h));
          return h;
        });
        break;
      case Dtype::BF16:
        fill([&](T x) {
          std::uint16_t const b = float_to_bfloat16(static_cast<float>(x));
          check(x, bfloat16_to_float(b));
          return b;
        });
        break;
      default:
        fill([&](T x) {
          auto const f = static_cast<float>(x);
          check(x, f);
          return f;
        });
    }
  } else {
    VLPT_CHECK(
        dtype == Dtype::I64 || (dtype == Dtype::U8 && sizeof(T) == 1 && std::is_unsigned_v<T>),
        "tensor ", out.name, " cannot be written as ", io::name(dtype));
    if (dtype == Dtype::I64)
      fill([](T x) { return static_cast<std::int64_t>(x); });
    else
      fill([](T x) { return static_cast<std::uint8_t>(x); });
  }
  return out;
}

/// Writes a safetensors file, atomically. The bytes depend on the contents alone, not on the order
/// of the tensors: wide types come first, so that every tensor is aligned, then names in order.
inline void save_safetensors(std::filesystem::path const& path, std::vector<TensorBytes> tensors,
                             Metadata const& metadata = {}) {
  std::ranges::sort(tensors, {}, [](TensorBytes const& t) {
    return std::pair<std::size_t, std::string const&>(16 - size(t.dtype), t.name);
  });
  Json header = Json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::size_t offset = 0;
  for (TensorBytes const& t : tensors) {
    VLPT_CHECK(!header.contains(t.name), "two tensors are named ", t.name);
    Json shape = Json::array();
    for (int i = 0; i < t.shape.rank; ++i) shape.push_back(t.shape[i]);
    header[t.name] = {{"dtype", name(t.dtype)},
                      {"shape", shape},
                      {"data_offsets", {offset, offset + t.bytes.size()}}};
    offset += t.bytes.size();
  }
  std::string json = header.dump();
  json.append((8 - json.size() % 8) % 8, ' ');
  std::uint64_t const length = json.size();
  AtomicFile file(path);
  file.write(std::as_bytes(std::span(&length, 1)));
  file.write(std::as_bytes(std::span(json)));
  for (TensorBytes const& t : tensors) file.write(t.bytes);
  file.commit();
}

/// The same for tensors of one type, each written as `dtype`.
template <class T>
void save_safetensors(std::filesystem::path const& path, std::vector<NamedTensor<T>> const& tensors,
                      Metadata const& metadata, Dtype dtype) {
  std::vector<TensorBytes> encoded;
  for (auto const& [name, tensor] : tensors)
    encoded.push_back(encode<T>(name, tensor.shape, tensor.values, dtype));
  save_safetensors(path, std::move(encoded), metadata);
}

}  // namespace vlpt::io
