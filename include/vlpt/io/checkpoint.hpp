#pragma once
#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/io/json.hpp"
#include "vlpt/io/open_tensor_file.hpp"
#include "vlpt/io/read_file.hpp"
#include "vlpt/io/tensor_file.hpp"

namespace vlpt::io {

/// The tensors of a model, in one file or in several shards.
class Checkpoint {
 public:
  struct Entry {
    TensorRecord const* record = nullptr;
    TensorFile const* file = nullptr;
  };

  explicit Checkpoint(std::filesystem::path path, std::vector<TensorFile> files)
      : path_(std::move(path)), files_(std::move(files)) {
    for (TensorFile const& file : files_)
      for (TensorRecord const& r : file.records())
        if (!entries_.emplace(r.name, Entry{&r, &file}).second)
          throw CheckpointError(text(path_.string(), ": tensor ", r.name, " is in two files"));
  }
  Checkpoint(Checkpoint&&) = default;  // moving a vector keeps the addresses of its elements
  Checkpoint& operator=(Checkpoint&&) = default;

  [[nodiscard]] std::filesystem::path const& path() const { return path_; }
  [[nodiscard]] std::vector<TensorFile> const& files() const { return files_; }
  [[nodiscard]] std::map<std::string, Entry, std::less<>> const& entries() const {
    return entries_;
  }
  [[nodiscard]] Entry find(std::string_view name) const {
    auto const at = entries_.find(name);
    return at == entries_.end() ? Entry{} : at->second;
  }
  template <class T>
  [[nodiscard]] Tensor<T> read(std::string_view name) const {
    Entry const e = find(name);
    if (e.record == nullptr)
      throw CheckpointError(text(path_.string(), ": tensor ", name, " is missing"));
    return e.file->read<T>(*e.record);
  }

 private:
  std::filesystem::path path_;
  std::vector<TensorFile> files_;
  std::map<std::string, Entry, std::less<>> entries_;
};

/// The shards that an index lists (model.safetensors.index.json, pytorch_model.bin.index.json); the
/// list and the files must agree.
[[nodiscard]] inline Checkpoint open_shards(std::filesystem::path const& index) {
  Json const json = parse_json<CheckpointError>(read_file(index), index.string());
  if (!json.is_object() || !json.contains("weight_map") || !json["weight_map"].is_object())
    throw CheckpointError(text(index.string(), ": an object \"weight_map\" is expected"));
  std::map<std::string, std::set<std::string>> shards;
  for (auto const& [tensor, file] : json["weight_map"].items()) {
    std::string const shard = file.is_string() ? file.get<std::string>() : "";
    if (shard.empty() || std::filesystem::path(shard).filename() != shard || shard == "..")
      throw CheckpointError(text(index.string(), ": tensor ", tensor,
                                 " needs the name of a file in the same folder, not ",
                                 file.dump()));
    shards[shard].insert(tensor);
  }
  std::vector<TensorFile> files;
  for (auto const& [shard, tensors] : shards) {
    files.push_back(open_tensor_file(index.parent_path() / shard));
    for (std::string const& tensor : tensors)
      if (files.back().find(tensor) == nullptr)
        throw CheckpointError(text(index.string(), ": tensor ", tensor, " is not in ", shard));
    for (TensorRecord const& r : files.back().records())
      if (!tensors.contains(r.name))
        throw CheckpointError(text(index.string(), ": tensor ", r.name, " of ", shard,
                                   " is not listed for that file"));
  }
  return Checkpoint(index, std::move(files));
}

/// Opens a file of tensors, an index of shards, or a folder that holds one of them; see
/// find_tensor_file. Throws CheckpointError for a broken one.
[[nodiscard]] inline Checkpoint open_checkpoint(std::filesystem::path const& path) {
  if (path.empty()) throw CheckpointError("cannot read a checkpoint: the name is empty");
  if (!is_there(path))
    throw CheckpointError(text("cannot read ", path.string(), ": there is no such file or folder"));
  std::filesystem::path const file = is_folder(path) ? find_tensor_file(path) : path;
  if (file.extension() == ".json") return open_shards(file);
  std::vector<TensorFile> files;
  files.push_back(open_tensor_file(file));
  return Checkpoint(path, std::move(files));
}

}  // namespace vlpt::io
