#pragma once
#include <string>
#include <vector>

#include "vlpt/io/packed_file.hpp"
#include "vlpt/io/write_file.hpp"

namespace vlpt::io {

/// Writes what a net's backend holds, and its other tensors, as a packed file of
/// `checkpoint` with this fingerprint; atomically. The backend must hold matrices (PackedCpu, not
/// portable).
template <class N>
void write_packed(std::filesystem::path const& path, N const& net, Checkpoint const& checkpoint,
                  std::string const& fingerprint) {
  using B = std::remove_cvref_t<decltype(net.backend())>;
  auto const records = net.parameters();
  net.hold();
  if (!net.backend().holds())
    throw InputError(text("weights cannot be packed here: this processor (",
                          name_of(net.backend().isa()), ") has no kernels for them"));
  Json header{{"version", 1},
              {"layout", B::layout},
              {"fingerprint", fingerprint},
              {"sources", Json::array()},
              {"tensors", Json::array()}};
  for (auto const& s : PackedSource::of(checkpoint))
    header["sources"].push_back({{"file", s.file}, {"bytes", s.bytes}, {"modified", s.modified}});

  std::vector<std::span<std::byte const>> parts;
  for (auto const& r : records) {
    View<float const> const place = r.values;
    bool const held = r.multiplies && !r.learns;
    auto const bytes =
        held ? net.backend().held(place)
             : std::as_bytes(std::span(place.data, static_cast<std::size_t>(place.size())));
    std::vector<Index> shape;
    for (int i = 0; i < r.shape.rank; ++i) shape.push_back(r.shape[i]);
    header["tensors"].push_back({{"name", r.name},
                                 {"shape", shape},
                                 {"packed", held},
                                 {"offset", 0},
                                 {"bytes", bytes.size()}});
    parts.push_back(bytes);
  }
  // Offsets are as long as the header makes them: it is written with room to spare.
  auto const up = [](std::size_t n) {
    return (n + PackedFile::alignment - 1) / PackedFile::alignment * PackedFile::alignment;
  };
  std::size_t const room = up(header.dump().size() + 24 * parts.size() + 64);
  std::size_t at = up(PackedFile::magic.size() + 8 + room);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    header["tensors"][i]["offset"] = at;
    at = up(at + parts[i].size());
  }
  std::string words = header.dump();
  words.resize(room, ' ');

  AtomicFile out(path);
  std::uint64_t const length = room;
  std::vector<std::byte> const nothing(PackedFile::alignment);
  std::size_t written = 0;
  auto const write = [&](std::span<std::byte const> bytes) {
    out.write(bytes);
    written += bytes.size();
  };
  auto const align = [&] { write(std::span(nothing).first(up(written) - written)); };
  write(std::as_bytes(std::span(PackedFile::magic)));
  write(std::as_bytes(std::span(&length, 1)));
  write(std::as_bytes(std::span(words)));
  for (auto const& part : parts) {
    align();
    write(part);
  }
  align();
  write(std::span(nothing));  // kernels read whole vectors, beyond the last matrix too
  out.commit();
}

}  // namespace vlpt::io
