// A lone file of tensors, whose architecture its names and shapes tell. Content that begins with #
// lists them, so that a fuzzer varies what matters: "# heads text_heads image tower", then lines of
// a name and its extents, which make a sparse file. Other content is the file.
#include <cstdint>
#include <filesystem>
#include <limits>
#include <sstream>
#include <string>

#include "target.hpp"
#include "vlpt/io/model_folder.hpp"

namespace {

namespace io = vlpt::io;

constexpr std::uint64_t most = 1 << 30;  // bytes of data: published models have fewer values

/// A safetensors file's header of bytes with these names and shapes; `size` becomes the data's.
std::string header_of(std::istream& lines, std::uint64_t& size) {
  io::Json header = io::Json::object();
  for (std::string line, name; std::getline(lines, line);) {
    std::istringstream words(line);
    words >> name;
    io::Json shape = io::Json::array();
    std::uint64_t room = std::numeric_limits<std::int64_t>::max(), bytes = 1;
    for (std::uint64_t e = 0; words >> e && e <= room; bytes *= e) {
      room /= e > 0 ? e : 1;
      shape.push_back(e);
    }
    if (header.contains(name) || bytes > most - size) continue;
    header[name] = {{"dtype", "U8"}, {"shape", shape}, {"data_offsets", {size, size + bytes}}};
    size += bytes;
  }
  return header.dump(-1, ' ', false, io::Json::error_handler_t::replace);
}

void read(std::string_view content) {
  if (!content.starts_with('#'))
    return (void)io::ModelFolder::open(vlpt::fuzz::file_of(content, "x.pth"));
  std::istringstream lines{std::string(content.substr(1))};
  std::string first;
  std::getline(lines, first);
  io::FolderOptions options;
  std::istringstream(first) >> options.heads >> options.text_heads >> options.image >>
      options.image_tower;
  std::uint64_t size = 0;
  std::string const header = header_of(lines, size);
  std::uint64_t const length = header.size();
  std::string start(sizeof length, '\0');
  for (std::size_t i = 0; i < start.size(); ++i)
    start[i] = static_cast<char>(length >> (8 * i) & 0xff);
  auto const path = vlpt::fuzz::file_of(start + header, "x.safetensors");
  std::filesystem::resize_file(path, start.size() + header.size() + size);
  (void)io::ModelFolder::open(path, options);
}

vlpt::fuzz::Target const target{"from_shapes", read};

}  // namespace
