#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "vlpt/core/error.hpp"
#include "vlpt/core/tensor.hpp"
#include "vlpt/io/mapped_file.hpp"
#include "vlpt/io/write_file.hpp"

namespace vlpt::io {

/// The element types of .npy files here: f4, f8, i8, u1.
template <class T>
inline constexpr std::string_view npy_type{};
template <>
inline constexpr std::string_view npy_type<float> = "<f4";
template <>
inline constexpr std::string_view npy_type<double> = "<f8";
template <>
inline constexpr std::string_view npy_type<std::int64_t> = "<i8";
template <>
inline constexpr std::string_view npy_type<std::uint8_t> = "|u1";

/// Reads a NumPy .npy file (format 1, 2 or 3, C order) of exactly the element type T.
/// Throws InputError naming the file and saying what was expected.
template <class T>
[[nodiscard]] Tensor<T> load_npy(std::filesystem::path const& path) {
  static_assert(!npy_type<T>.empty(), "npy: float, double, std::int64_t or std::uint8_t");
  MappedFile const file(path);
  auto const bytes = file.bytes();
  std::string_view rest(static_cast<char const*>(static_cast<void const*>(bytes.data())),
                        bytes.size());
  auto const fail = [&](auto const&... parts) {
    throw InputError(text(path.string(), ": ", parts...));
  };
  if (!rest.starts_with("\x93NUMPY") || rest.size() < 12) fail("this is no .npy file");
  int const version = static_cast<unsigned char>(rest[6]);
  if (version < 1 || version > 3) fail("the .npy format ", version, " is unknown; 1 to 3 are read");
  std::size_t const width = version == 1 ? 2 : 4;
  std::uint32_t length = 0;
  std::memcpy(&length, rest.data() + 8, width);
  rest.remove_prefix(8 + width);
  if (length > rest.size()) fail("the file is truncated inside its header");
  std::string_view const header = rest.substr(0, length);
  rest.remove_prefix(length);

  auto const value = [&](std::string_view key) {  // what follows 'key': in the header's dictionary
    std::size_t const at = header.find(text('\'', key, "':"));
    if (at == std::string_view::npos) fail("the header lacks '", key, "'");
    std::string_view v = header.substr(at + key.size() + 3);
    v.remove_prefix(std::min(v.find_first_not_of(' '), v.size()));
    return v;
  };
  std::string_view type = value("descr");
  type = type.substr(std::min<std::size_t>(1, type.size()), 3);
  if (type != npy_type<T>) fail("the element type is '", type, "', expected '", npy_type<T>, "'");
  if (!value("fortran_order").starts_with("False"))
    fail("the array is in Fortran order; save numpy.ascontiguousarray(array) instead");

  std::string_view list = value("shape");
  if (!list.starts_with('(') || list.find(')') == std::string_view::npos)
    fail("the shape is no list of counts in brackets");
  std::string_view const whole = list = list.substr(0, list.find(')'));
  list.remove_prefix(1);
  Shape shape;
  Index room = std::numeric_limits<Index>::max() / static_cast<Index>(sizeof(T));
  auto const blanks = [&] {
    list.remove_prefix(std::min(list.find_first_not_of(' '), list.size()));
  };
  auto const digit = [&] { return !list.empty() && list.front() >= '0' && list.front() <= '9'; };
  for (blanks(); !list.empty(); blanks()) {
    if (!digit()) fail("the shape ", whole, ") is no list of counts");
    Index extent = 0;
    for (; digit(); list.remove_prefix(1)) {
      Index const d = list.front() - '0';
      if (d > room || extent > (room - d) / 10) fail("the shape ", whole, ") overflows");
      extent = extent * 10 + d;
    }
    room /= std::max<Index>(extent, 1);
    if (shape.rank == Shape::max_rank)
      fail("the array has more than ", Shape::max_rank, " dimensions");
    shape.append(extent);
    blanks();
    if (!list.empty() && list.front() != ',') fail("the shape ", whole, ") is no list of counts");
    if (!list.empty()) list.remove_prefix(1);
  }
  std::size_t const needed = static_cast<std::size_t>(shape.size()) * sizeof(T);
  if (rest.size() != needed)
    fail("the shape ", shape, " needs ", needed, " bytes of data, the file has ", rest.size());
  Tensor<T> out(shape);
  if (needed != 0) std::memcpy(out.data(), rest.data(), needed);
  return out;
}

/// Writes a NumPy .npy file, format 1, C order, atomically.
template <class T>
void save_npy(std::filesystem::path const& path, Tensor<T> const& tensor) {
  static_assert(!npy_type<T>.empty(), "npy: float, double, std::int64_t or std::uint8_t");
  std::string shape = "(";
  for (int i = 0; i < tensor.shape.rank; ++i) shape += text(tensor.shape[i], ", ");
  if (tensor.shape.rank > 1) shape.resize(shape.size() - 2);  // but (5,) keeps its comma
  if (tensor.shape.rank == 1) shape.pop_back();
  std::string header =
      text("{'descr': '", npy_type<T>, "', 'fortran_order': False, 'shape': ", shape, "), }");
  header.append(63 - (10 + header.size()) % 64, ' ');
  header += '\n';
  auto const length = static_cast<std::uint16_t>(header.size());
  AtomicFile file(path);
  file.write(std::as_bytes(std::span(std::string_view("\x93NUMPY\x01\x00", 8))));
  file.write(std::as_bytes(std::span(&length, 1)));
  file.write(std::as_bytes(std::span(header)));
  file.write(std::as_bytes(std::span(tensor.values)));
  file.commit();
}

}  // namespace vlpt::io
