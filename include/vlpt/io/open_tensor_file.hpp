#pragma once
#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/io/mapped_file.hpp"
#include "vlpt/io/read_file.hpp"
#include "vlpt/io/safetensors.hpp"
#include "vlpt/io/tensor_file.hpp"
#include "vlpt/io/torch_file.hpp"

namespace vlpt::io {

/// Whether files of torch.save are called so.
[[nodiscard]] inline bool is_torch_name(std::string_view name) {
  static constexpr std::array<std::string_view, 5> endings{".bin", ".pt", ".pth", ".ckpt",
                                                           ".pth.tar"};
  return std::ranges::any_of(endings, [&](std::string_view e) { return name.ends_with(e); }) ||
         name.find(".pth.tar-") != std::string_view::npos;  // and the number of an epoch
}

/// Opens a file of tensors of any format that vlpt reads; its bytes decide which, and its name only
/// where they are neither's. Throws CheckpointError for a broken one.
[[nodiscard]] inline TensorFile open_tensor_file(std::filesystem::path const& path) {
  bool torch = false;
  {
    MappedFile const file(path);
    auto const bytes = file.bytes();
    auto const is = [&](std::size_t at, char c) {
      return bytes.size() > at && bytes[at] == static_cast<std::byte>(c);
    };
    // What git leaves of a large file that was not fetched.
    std::string_view const pointer = "version https://git-lfs.github.com/spec/";
    if (std::string_view(reinterpret_cast<char const*>(bytes.data()), bytes.size())
            .starts_with(pointer))
      throw CheckpointError(text(path.string(),
                                 ": this is a pointer of Git LFS, not the file that it stands for; "
                                 "git lfs pull fetches that"));
    std::string const name = path.filename().string();
    torch = !is(8, '{') && ((is(0, 'P') && is(1, 'K')) || is(0, '\x80') || is_torch_name(name));
  }
  if (torch) return open_torch_file(path);
  return Safetensors::open(path);
}

/// The file in a folder that holds its tensors, or the index of its shards: the first of the names
/// that Hugging Face and open_clip give it, or the only file of its kind. CheckpointError where
/// there is none, or several.
[[nodiscard]] inline std::filesystem::path find_tensor_file(std::filesystem::path const& folder) {
  for (char const* name :
       {"model.safetensors", "model.safetensors.index.json", "open_clip_model.safetensors",
        "pytorch_model.bin", "pytorch_model.bin.index.json", "open_clip_pytorch_model.bin"})
    if (is_there(folder / name)) return folder / name;
  std::vector<std::string> found;
  std::error_code why;
  std::filesystem::directory_iterator const entries(folder, why);
  if (why) throw CheckpointError(text("cannot read ", folder.string(), ": ", why.message()));
  for (auto const& entry : entries) {
    std::string const name = entry.path().filename().string();
    if (name.ends_with(".safetensors") || is_torch_name(name)) found.push_back(name);
  }
  if (found.size() == 1) return folder / found.front();
  std::ranges::sort(found);
  std::string list;
  for (std::string const& name : found) list += (list.empty() ? " " : ", ") + name;
  throw CheckpointError(
      text(folder.string(), ": this folder holds neither model.safetensors nor pytorch_model.bin, ",
           found.empty() ? "and no other file of tensors (.safetensors, .bin, .pt, .pth, .ckpt)"
                         : "but several files of tensors; name one of them:",
           list));
}

}  // namespace vlpt::io
