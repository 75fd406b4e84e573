#pragma once
#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/tensor.hpp"
#include "vlpt/io/dtype.hpp"
#include "vlpt/io/json.hpp"
#include "vlpt/io/mapped_file.hpp"

namespace vlpt::io {

static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian");

/// What the header of a safetensors file says of one tensor; begin and end count from the data.
struct TensorRecord {
  std::string name;
  Dtype dtype = Dtype::F32;
  Shape shape;
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// A safetensors file, mapped read-only. open() believes nothing: sizes, types, offsets and their
/// cover of the data are all checked, and a lie is a CheckpointError naming the file and tensor.
class Safetensors {
 public:
  static constexpr std::size_t max_header = 100'000'000;
  static constexpr std::size_t max_name = 1024;

  [[nodiscard]] static Safetensors open(std::filesystem::path const& path) {
    return Safetensors(path);
  }
  [[nodiscard]] std::filesystem::path const& path() const { return path_; }
  /// Sorted by name.
  [[nodiscard]] std::vector<TensorRecord> const& records() const { return records_; }
  [[nodiscard]] std::map<std::string, std::string> const& metadata() const { return metadata_; }
  [[nodiscard]] TensorRecord const* find(std::string_view name) const {
    auto const at = std::ranges::lower_bound(records_, name, {}, &TensorRecord::name);
    return at != records_.end() && at->name == name ? &*at : nullptr;
  }
  [[nodiscard]] std::span<std::byte const> bytes(TensorRecord const& r) const {
    return data_.subspan(r.begin, r.end - r.begin);
  }

  /// The values as T: any floating type for a floating T; integers and BOOL for an integer T,
  /// CheckpointError where a value does not fit.
  template <class T>
  [[nodiscard]] Tensor<T> read(TensorRecord const& r) const {
    if (facts(r.dtype).floating != std::is_floating_point_v<T>)
      fail(r.name, "holds ", name(r.dtype), ", but ",
           std::is_floating_point_v<T> ? "floating-point" : "integer", " values are needed");
    Tensor<T> out(r.shape);
    if constexpr (std::is_floating_point_v<T>) {
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

 private:
  explicit Safetensors(std::filesystem::path const& path) : path_(path), file_(path) {
    std::span<std::byte const> const all = file_.bytes();
    std::uint64_t length = 0;
    if (all.size() < sizeof length)
      throw CheckpointError(
          text(path.string(), ": a safetensors file has at least 8 bytes, this has ", all.size()));
    std::memcpy(&length, all.data(), sizeof length);
    if (length > max_header || length > all.size() - sizeof length)
      throw CheckpointError(text(path.string(), ": the header claims ", length,
                                 " bytes, but the file has ", all.size(), " and the limit is ",
                                 max_header, "; it is truncated or no safetensors file"));
    auto const header_size = static_cast<std::size_t>(length);
    data_ = all.subspan(sizeof length + header_size);
    std::string_view const header(
        static_cast<char const*>(static_cast<void const*>(all.data() + sizeof length)),
        header_size);
    Json const json = parse_json<CheckpointError>(header, path.string() + ": header", 4);
    if (!json.is_object())
      throw CheckpointError(text(path.string(), ": the header is no JSON object"));
    for (auto const& [name, entry] : json.items())
      if (name == "__metadata__")
        read_metadata(entry);
      else
        records_.push_back(record(name, entry));
    std::ranges::sort(records_, {}, &TensorRecord::name);
    check_cover();
  }

  void read_metadata(Json const& entry) {
    if (!entry.is_object()) fail("__metadata__", "is no JSON object");
    for (auto const& [key, value] : entry.items()) {
      if (!value.is_string()) fail("__metadata__", "has a value that is no string, for ", key);
      metadata_[key] = value.get<std::string>();
    }
  }

  [[nodiscard]] TensorRecord record(std::string const& name, Json const& entry) const {
    if (name.size() > max_name)
      fail(name.substr(0, 40) + "...", "has a name of ", name.size(), " bytes; the limit is ",
           max_name);
    if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") ||
        !entry.contains("data_offsets"))
      fail(name, "lacks dtype, shape or data_offsets");
    TensorRecord r{name, Dtype::F32, {}, 0, 0};
    Json const& type = entry["dtype"];
    auto const dtype =
        type.is_string() ? dtype_named(type.get_ref<std::string const&>()) : std::nullopt;
    if (!dtype) fail(name, "has the unknown dtype ", type.dump());
    r.dtype = *dtype;

    Json const& shape = entry["shape"];
    if (!shape.is_array() || shape.size() > static_cast<std::size_t>(Shape::max_rank))
      fail(name, "needs a shape of at most ", Shape::max_rank, " extents");
    // An extent of 0 must not hide an overflow of the others, so these multiply as if it were 1.
    std::size_t room = static_cast<std::size_t>(std::numeric_limits<Index>::max()) / size(r.dtype);
    for (Json const& extent : shape) {
      if (!extent.is_number_unsigned()) fail(name, "has a shape that is no list of counts");
      auto const e = extent.get<std::uint64_t>();
      if (e > room) fail(name, "has a shape whose size overflows: ", shape.dump());
      room /= std::max<std::size_t>(static_cast<std::size_t>(e), 1);
      r.shape.append(static_cast<Index>(e));
    }

    Json const& offsets = entry["data_offsets"];
    if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
        !offsets[1].is_number_unsigned())
      fail(name, "has data_offsets that are no two counts: ", offsets.dump());
    auto const begin = offsets[0].get<std::uint64_t>(), end = offsets[1].get<std::uint64_t>();
    if (begin > end || end > data_.size())
      fail(name, "claims the bytes ", begin, " to ", end, ", but the file holds ", data_.size(),
           " bytes of data");
    std::size_t const needed = static_cast<std::size_t>(r.shape.size()) * size(r.dtype);
    if (end - begin != needed)
      fail(name, "of shape ", r.shape, " and type ", io::name(r.dtype), " needs ", needed,
           " bytes, but its offsets hold ", end - begin);
    r.begin = static_cast<std::size_t>(begin);
    r.end = static_cast<std::size_t>(end);
    return r;
  }

  void check_cover() const {
    std::vector<TensorRecord const*> order;
    for (TensorRecord const& r : records_) order.push_back(&r);
    std::ranges::sort(order, {}, [](TensorRecord const* r) { return std::pair(r->begin, r->end); });
    std::size_t covered = 0;
    for (TensorRecord const* r : order) {
      if (r->begin < covered) fail(r->name, "overlaps the tensor before it in the data");
      if (r->begin > covered)
        fail(r->name, "leaves a gap of ", r->begin - covered, " bytes before it in the data");
      covered = r->end;
    }
    if (covered != data_.size())
      throw CheckpointError(text(path_.string(), ": the tensors cover ", covered, " of ",
                                 data_.size(), " bytes of data"));
  }

  template <class From, class T, class F>
  void copy(TensorRecord const& r, Tensor<T>& out, F convert) const {
    std::byte const* const from = bytes(r).data();
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

  template <class... Parts>
  [[noreturn]] void fail(std::string_view tensor, Parts const&... parts) const {
    throw CheckpointError(text(path_.string(), ": tensor ", tensor, ' ', parts...));
  }

  std::filesystem::path path_;
  MappedFile file_;
  std::span<std::byte const> data_;
  std::vector<TensorRecord> records_;
  std::map<std::string, std::string> metadata_;
};

}  // namespace vlpt::io
