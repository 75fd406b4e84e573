#pragma once
#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/tensor.hpp"
#include "vlpt/io/write_file.hpp"

namespace vlpt::io {

/// A zip archive whose files are stored as they are, in memory: as much of the format as torch.load
/// reads.
class StoredZip {
 public:
  void add(std::string const& name, std::string_view content) {
    auto const checksum = static_cast<std::uint32_t>(
        ::crc32(0, static_cast<unsigned char const*>(static_cast<void const*>(content.data())),
                static_cast<unsigned>(content.size())));
    auto const offset = static_cast<std::uint32_t>(bytes_.size());
    std::string const facts = number(20, 2) + std::string(8, '\0') + number(checksum, 4) +
                              number(content.size(), 4) + number(content.size(), 4) +
                              number(name.size(), 2) + number(0, 2);
    bytes_ += "PK\x03\x04" + facts + name;
    bytes_ += content;
    list_ +=
        "PK\x01\x02" + number(20, 2) + facts + std::string(10, '\0') + number(offset, 4) + name;
    ++count_;
  }
  /// The whole archive.
  [[nodiscard]] std::string bytes() const {
    return bytes_ + list_ + "PK\x05\x06" + std::string(4, '\0') + number(count_, 2) +
           number(count_, 2) + number(list_.size(), 4) + number(bytes_.size(), 4) + number(0, 2);
  }
  /// Little-endian, of so many bytes.
  [[nodiscard]] static std::string number(std::uint64_t n, int size) {
    std::string out;
    for (int i = 0; i < size; ++i) out += static_cast<char>(n >> (8 * i) & 255U);
    return out;
  }

 private:
  std::string bytes_, list_;
  std::uint64_t count_ = 0;
};

/// Writes {"state_dict": {name: tensor}, "epoch": 0} as torch.save does, atomically: what CoOp's
/// code calls model.pth.tar. torch.load reads it with weights_only as well.
inline void write_torch(std::filesystem::path const& path, std::string const& name,
                        Tensor<float> const& tensor) {
  VLPT_CHECK(tensor.size() > 0 && tensor.size() <= Index{1} << 28, path.string(), ": a tensor of ",
             tensor.size(), " values has no place in a file of this kind");
  auto const number = [](Index n) {
    return 'J' + StoredZip::number(static_cast<std::uint64_t>(n), 4);
  };
  auto const word = [](std::string const& s) { return 'X' + StoredZip::number(s.size(), 4) + s; };
  auto const global = [](std::string const& module, std::string const& of) {
    return 'c' + module + '\n' + of + '\n';
  };
  std::string const empty = global("collections", "OrderedDict") + ")R";
  std::string extents, strides;
  for (Index i = 0, stride = tensor.size(); i < tensor.shape.rank; ++i) {
    Index const extent = tensor.shape[static_cast<int>(i)];
    stride /= extent;
    extents += number(extent), strides += number(stride);
  }
  std::string const storage = '(' + word("storage") + global("torch", "FloatStorage") + word("0") +
                              word("cpu") + number(tensor.size()) + "tQ";
  std::string const rebuilt = global("torch._utils", "_rebuild_tensor_v2") + '(' + storage +
                              number(0) + '(' + extents + "t(" + strides + "t\x89" + empty + "tR";
  std::string const pickle = "\x80\x02}(" + word("state_dict") + empty + '(' + word(name) +
                             rebuilt + 'u' + word("epoch") + number(0) + "u.";
  StoredZip zip;
  zip.add("archive/data.pkl", pickle);
  zip.add("archive/data/0", {static_cast<char const*>(static_cast<void const*>(tensor.data())),
                             tensor.values.size() * sizeof(float)});
  zip.add("archive/version", "3\n");
  std::string const bytes = zip.bytes();
  write_file(path, std::string_view(bytes));
}

}  // namespace vlpt::io
