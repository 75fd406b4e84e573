#pragma once
#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/real.hpp"
#include "vlpt/core/tensor.hpp"
#include "vlpt/io/dtype.hpp"
#include "vlpt/io/mapped_file.hpp"

namespace vlpt::io {

static_assert(std::endian::native == std::endian::little, "tensor files are little-endian");

/// One tensor of a file: its values lie in row-major order in bytes, which need not be aligned and
/// live as long as the file is open.
struct TensorRecord {
  std::string name;
  Dtype dtype = Dtype::F32;
  Shape shape;
  std::span<std::byte const> bytes;
};

/// A file of named tensors, mapped read-only: what Safetensors and TorchFile have in common. They
/// check all that the file says when it is opened, so that reading can trust the records.
class TensorFile {
 public:
  [[nodiscard]] std::filesystem::path const& path() const { return path_; }
  /// Sorted by name.
  [[nodiscard]] std::vector<TensorRecord> const& records() const { return records_; }
  [[nodiscard]] std::map<std::string, std::string> const& metadata() const { return metadata_; }
  [[nodiscard]] TensorRecord const* find(std::string_view name) const {
    auto const at = std::ranges::lower_bound(records_, name, {}, &TensorRecord::name);
    return at != records_.end() && at->name == name ? &*at : nullptr;
  }

  /// The values as T: any floating type for a floating T; integers and BOOL for an integer T,
  /// CheckpointError where a value does not fit.
  template <class T>
  [[nodiscard]] Tensor<T> read(TensorRecord const& r) const {
    if (facts(r.dtype).floating != Real<T>)
      fail(r.name, "holds ", name(r.dtype), ", but ", Real<T> ? "floating-point" : "integer",
           " values are needed");
    Tensor<T> out(r.shape);
    if constexpr (Real<T>) {
      if (r.dtype == Dtype::F64) copy<double>(r, out, [](double x) { return x; });
      if (r.dtype == Dtype::F32) copy<float>(r, out, [](float x) { return x; });
      if (r.dtype == Dtype::F16) copy<std::uint16_t>(r, out, half_to_float);
      if (r.dtype == Dtype::BF16) copy<std::uint16_t>(r, out, bfloat16_to_float);
    } else {
      if (r.dtype == Dtype::I64) copy_integers<std::int64_t>(r, out);
      if (r.dtype == Dtype::I32) copy_integers<std::int32_t>(r, out);
      if (r.dtype == Dtype::I16) copy_integers<std::int16_t>(r, out);
      if (r.dtype == Dtype::I8) copy_integers<std::int8_t>(r, out);
      if (size(r.dtype) == 1 && r.dtype != Dtype::I8) copy_integers<std::uint8_t>(r, out);
    }
    return out;
  }
  /// As read(record), by name; CheckpointError if there is no such tensor.
  template <class T>
  [[nodiscard]] Tensor<T> read(std::string_view name) const {
    TensorRecord const* const r = find(name);
    if (r == nullptr) fail(name, "is missing");
    return read<T>(*r);
  }

 protected:
  static constexpr std::size_t max_name = 1024;

  explicit TensorFile(std::filesystem::path path) : path_(std::move(path)), file_(path_) {}

  [[nodiscard]] std::span<std::byte const> content() const { return file_.bytes(); }
  void check_name(std::string const& name) const {
    if (name.size() > max_name)
      fail(name.substr(0, 40) + "...", "has a name of ", name.size(), " bytes; the limit is ",
           max_name);
  }
  template <class... Parts>
  [[noreturn]] void fail(std::string_view tensor, Parts const&... parts) const {
    throw CheckpointError(text(path_.string(), ": tensor ", tensor, ' ', parts...));
  }

  std::vector<TensorRecord> records_;
  std::map<std::string, std::string> metadata_;
  std::vector<std::vector<std::byte>> gathered_;  // what does not lie in row-major order on disk

 private:
  template <class From, class T, class F>
  void copy(TensorRecord const& r, Tensor<T>& out, F convert) const {
    std::byte const* const from = r.bytes.data();
    for (std::size_t i = 0; i < out.values.size(); ++i) {
      From x;  // the mapping need not be aligned
      std::memcpy(&x, from + i * sizeof(From), sizeof(From));
      out.values[i] = static_cast<T>(convert(x));  // NOLINT(bugprone-signed-char-misuse): I8
    }
  }
  template <class From, class T>
  void copy_integers(TensorRecord const& r, Tensor<T>& out) const {
    copy<From>(r, out, [&](From x) {
      if (!std::in_range<T>(x))
        fail(r.name, "holds ", +x, ", which the type asked for cannot hold");
      return x;
    });
  }

  std::filesystem::path path_;
  MappedFile file_;
};

}  // namespace vlpt::io
