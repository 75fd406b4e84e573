#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/io/pickle.hpp"
#include "vlpt/io/tensor_file.hpp"
#include "vlpt/io/torch_weights.hpp"
#include "vlpt/io/utf8.hpp"
#include "vlpt/io/zip_file.hpp"

namespace vlpt::io {

/// A file of torch.save (.bin, .pt, .pth, .ckpt, .pth.tar), read without running any of it: a zip
/// archive with a pickle of plain values and tensors. See find_weights for which dict is taken;
/// metadata() has it under "weights", and what lies beside it under "beside". Throws
/// CheckpointError, naming file and entry, for whatever is broken or refused.
class TorchFile : public TensorFile {
 public:
  /// Copies of tensors that are not contiguous may take so much more than the file.
  static constexpr std::size_t spare = std::size_t{1} << 24;

  explicit TorchFile(std::filesystem::path const& path) : TensorFile(path) {
    require_archive();
    ZipFile const archive(content(), path.string());
    std::string const folder = folder_of(archive);
    std::string const where = path.string() + ": " + folder + "data.pkl";
    Pickle const pickle =
        Unpickler::read(text_of(archive.bytes(*archive.find(folder + "data.pkl"))), where);
    TorchWeights const weights = find_weights(pickle, where);
    metadata_["weights"] = weights.key;
    for (std::string const& key : weights.beside)
      metadata_["beside"] += (metadata_["beside"].empty() ? "" : ", ") + key;
    for (std::size_t i = 0; i < weights.dict->size(); i += 2)
      if (TorchTensor const* const tensor = pickle.tensor((*weights.dict)[i + 1]))
        add((*weights.dict)[i], *tensor, archive, folder);
    std::ranges::sort(records_, {}, &TensorRecord::name);
    for (std::size_t i = 1; i < records_.size(); ++i)
      if (records_[i].name == records_[i - 1].name) fail(records_[i].name, "is twice there");
  }

 private:
  /// Says what the file is where it is no zip archive.
  void require_archive() const {
    std::string_view const all = text_of(content());
    if (all.starts_with("PK\x03\x04")) return;
    std::string_view what = "this is no file of torch.save, which is a zip archive";
    if (all.starts_with("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"))
      what = "this is a file of torch.save from before PyTorch 1.6, a chain of bare pickles";
    else if (all.size() > 262 && all.substr(257, 5) == "ustar")
      what = "this is a tar archive, as the first versions of PyTorch wrote";
    else if (all.starts_with("\x80"))
      what = "this is a bare Python pickle";
    throw CheckpointError(text(path().string(), ": ", what,
                               "; load it with PyTorch and save its weights as safetensors, with "
                               "tests/reference/torch_to_safetensors.py FILE OUT.safetensors"));
  }

  /// "<any name>/": where data.pkl lies in the archive.
  [[nodiscard]] std::string folder_of(ZipFile const& archive) const {
    std::string folder;
    for (ZipEntry const& entry : archive.entries()) {
      if (!entry.name.ends_with("/data.pkl")) continue;
      if (!folder.empty())
        throw CheckpointError(text(path().string(), ": two entries are called data.pkl"));
      folder = entry.name.substr(0, entry.name.size() - std::string_view("data.pkl").size());
    }
    if (folder.empty())
      throw CheckpointError(
          text(path().string(), ": this zip archive is no file of torch.save: it lacks data.pkl"));
    for (ZipEntry const& entry : archive.entries())
      if (entry.name == folder + "constants.pkl" || entry.name.starts_with(folder + "code/"))
        throw CheckpointError(
            text(path().string(), ": this is a TorchScript archive (entry ", entry.name,
                 "), a program with its weights, as OpenAI publishes CLIP; load it with "
                 "torch.jit.load and save its weights as safetensors, with "
                 "tests/reference/torch_to_safetensors.py FILE OUT.safetensors"));
    ZipEntry const* const order = archive.find(folder + "byteorder");
    std::string_view const endian = order == nullptr ? "little" : text_of(archive.bytes(*order));
    if (endian != "little")
      throw CheckpointError(text(path().string(), ": entry ", order->name, " says \"",
                                 endian.substr(0, 10), "\"; only little-endian files are read"));
    return folder;
  }

  void add(PickleValue const& key, TorchTensor const& t, ZipFile const& archive,
           std::string const& folder) {
    auto const* const word = std::get_if<PickleText>(&key);
    if (word == nullptr)
      throw CheckpointError(text(path().string(), ": ", folder, "data.pkl: a tensor's name is ",
                                 kind_of(key), ", not a string"));
    TensorRecord r{std::string(word->utf8), t.storage.dtype, t.shape, {}};
    check_name(r.name);
    if (!is_utf8(r.name))
      throw CheckpointError(
          text(path().string(), ": ", folder, "data.pkl: a tensor's name is no UTF-8"));
    std::string const entry = folder + "data/" + std::string(t.storage.key);
    ZipEntry const* const found = archive.find(entry);
    if (found == nullptr) fail(r.name, "lies in entry ", entry, ", which is missing");
    auto const storage = archive.bytes(*found);
    std::size_t const each = size(r.dtype);
    if (static_cast<std::uint64_t>(t.storage.count) > storage.size() / each ||
        static_cast<std::size_t>(t.storage.count) * each != storage.size())
      fail(r.name, "lies in entry ", entry, ", which has ", storage.size(), " bytes, but ",
           t.storage.count, " values of ", name(r.dtype), " are claimed");
    check_window(r.name, t);
    auto const count = static_cast<std::size_t>(t.shape.size());
    if (count == 0) {
      records_.push_back(std::move(r));
      return;
    }
    if (contiguous(t))
      r.bytes = storage.subspan(static_cast<std::size_t>(t.offset) * each, count * each);
    else
      r.bytes = gather(r.name, t, storage);
    records_.push_back(std::move(r));
  }

  /// Every element must lie in the storage, and their number must be a number.
  void check_window(std::string const& tensor, TorchTensor const& t) const {
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    std::int64_t room = most / static_cast<std::int64_t>(size(t.storage.dtype));
    std::int64_t last = t.offset;
    bool empty = false, inside = t.offset <= t.storage.count;
    for (int i = 0; i < t.shape.rank; ++i) {
      // An extent of 0 must not hide an overflow of the others, so these multiply as if it were 1.
      std::int64_t const extent = std::max<std::int64_t>(t.shape[i], 1);
      if (extent > room) fail(tensor, "has a shape whose size overflows: ", t.shape);
      room /= extent;
      empty = empty || t.shape[i] == 0;
      std::int64_t const stride = t.strides[static_cast<std::size_t>(i)];
      inside = inside && (extent == 1 || stride <= (most - last) / (extent - 1));
      if (inside && extent > 1) last += stride * (extent - 1);
    }
    if (!inside || (!empty && last >= t.storage.count))
      fail(tensor, "of shape ", t.shape, " from element ", t.offset,
           " reaches past its storage of ", t.storage.count, " values");
  }

  /// Whether the elements lie in row-major order without gaps.
  [[nodiscard]] static bool contiguous(TorchTensor const& t) {
    std::int64_t expected = 1;
    for (int i = t.shape.rank; i-- > 0;) {
      if (t.shape[i] != 1 && t.strides[static_cast<std::size_t>(i)] != expected) return false;
      expected *= t.shape[i];
    }
    return true;
  }

  /// The elements in row-major order: transposed, sliced and expanded tensors are copied.
  [[nodiscard]] std::span<std::byte const> gather(std::string const& tensor, TorchTensor const& t,
                                                  std::span<std::byte const> storage) {
    std::size_t const each = size(t.storage.dtype);
    std::size_t const needed = static_cast<std::size_t>(t.shape.size()) * each;
    std::size_t const left = content().size() + spare - copied_;
    if (needed > left)
      fail(tensor, "of shape ", t.shape, " repeats its ", t.storage.count,
           " stored values too often: the tensors of this file that are not contiguous would take ",
           "more than ", content().size() + spare, " bytes");
    copied_ += needed;
    std::vector<std::byte>& out = gathered_.emplace_back(needed);
    Shape at;
    at.rank = t.shape.rank;
    auto from = static_cast<std::size_t>(t.offset);
    for (std::size_t to = 0; to < needed; to += each) {
      std::memcpy(out.data() + to, storage.data() + from * each, each);
      for (int i = t.shape.rank; i-- > 0;) {  // the next place, its last index first
        auto const d = static_cast<std::size_t>(i);
        auto const stride = static_cast<std::size_t>(t.strides[d]);
        from += stride;
        if (++at.extent[d] < t.shape[i]) break;
        from -= stride * static_cast<std::size_t>(t.shape[i]);
        at.extent[d] = 0;
      }
    }
    return out;
  }

  [[nodiscard]] static std::string_view text_of(std::span<std::byte const> bytes) {
    return {static_cast<char const*>(static_cast<void const*>(bytes.data())), bytes.size()};
  }

  std::size_t copied_ = 0;
};

/// Opens a file of torch.save; its records are the weights, sorted by name.
[[nodiscard]] inline TorchFile open_torch_file(std::filesystem::path const& path) {
  return TorchFile(path);
}

}  // namespace vlpt::io
