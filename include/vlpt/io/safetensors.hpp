#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/io/dtype.hpp"
#include "vlpt/io/json.hpp"
#include "vlpt/io/tensor_file.hpp"

namespace vlpt::io {

/// A safetensors file. open() believes nothing: sizes, types, offsets and their cover of the data
/// are all checked, and a lie is a CheckpointError naming the file and tensor.
class Safetensors : public TensorFile {
 public:
  static constexpr std::size_t max_header = 100'000'000;

  [[nodiscard]] static Safetensors open(std::filesystem::path const& path) {
    return Safetensors(path);
  }

 private:
  explicit Safetensors(std::filesystem::path const& path) : TensorFile(path) {
    std::span<std::byte const> const all = content();
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
    auto const data = all.subspan(sizeof length + header_size);
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
        records_.push_back(record(name, entry, data));
    std::ranges::sort(records_, {}, &TensorRecord::name);
    check_cover(data);
  }

  void read_metadata(Json const& entry) {
    if (!entry.is_object()) fail("__metadata__", "is no JSON object");
    for (auto const& [key, value] : entry.items()) {
      if (!value.is_string()) fail("__metadata__", "has a value that is no string, for ", key);
      metadata_[key] = value.get<std::string>();
    }
  }

  [[nodiscard]] TensorRecord record(std::string const& name, Json const& entry,
                                    std::span<std::byte const> data) const {
    check_name(name);
    if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") ||
        !entry.contains("data_offsets"))
      fail(name, "lacks dtype, shape or data_offsets");
    TensorRecord r{name, Dtype::F32, {}, {}};
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
    if (begin > end || end > data.size())
      fail(name, "claims the bytes ", begin, " to ", end, ", but the file holds ", data.size(),
           " bytes of data");
    std::size_t const needed = static_cast<std::size_t>(r.shape.size()) * size(r.dtype);
    if (end - begin != needed)
      fail(name, "of shape ", r.shape, " and type ", io::name(r.dtype), " needs ", needed,
           " bytes, but its offsets hold ", end - begin);
    r.bytes = data.subspan(static_cast<std::size_t>(begin), needed);
    return r;
  }

  void check_cover(std::span<std::byte const> data) const {
    std::vector<TensorRecord const*> order;
    for (TensorRecord const& r : records_) order.push_back(&r);
    std::ranges::sort(order, {}, [](TensorRecord const* r) {
      return std::pair(r->bytes.data(), r->bytes.size());
    });
    std::byte const* covered = data.data();
    for (TensorRecord const* r : order) {
      if (r->bytes.data() < covered) fail(r->name, "overlaps the tensor before it in the data");
      if (r->bytes.data() > covered)
        fail(r->name, "leaves a gap of ", r->bytes.data() - covered,
             " bytes before it in the data");
      covered += r->bytes.size();
    }
    if (covered != data.data() + data.size())
      throw CheckpointError(text(path().string(), ": the tensors cover ", covered - data.data(),
                                 " of ", data.size(), " bytes of data"));
  }
};

}  // namespace vlpt::io
