#pragma once
#include <filesystem>
#include <iostream>

#include "../printable.hpp"
#include "vlpt/io/bind_folder.hpp"
#include "vlpt/io/bind_packed.hpp"
#include "vlpt/io/fingerprint.hpp"
#include "vlpt/io/write_packed.hpp"

namespace vlpt::cli {

/// Where `vlpt pack` keeps what a backend holds of a folder's weights.
[[nodiscard]] inline std::filesystem::path packed_path(io::ModelFolder const& folder) {
  return folder.checkpoint.files().front().path().parent_path() / "packed_float.vlpt";
}

/// Fills a net made with Draw::learnt from the packed file beside the weights, if there is one that
/// fits, else from the weights by their names. One that does not fit is named on standard error.
template <class N>
void load(N& net, io::ModelFolder const& folder) {
  auto const path = packed_path(folder);
  std::error_code none;
  if (std::filesystem::is_regular_file(path, none)) {
    try {
      auto const file = io::PackedFile::open(path);
      if (file.sources() != io::PackedSource::of(folder.checkpoint))
        throw InputError(text(path.string(), " was made of other weights; run vlpt pack again"));
      return io::bind_packed(net, file);
    } catch (std::exception const& e) {
      std::cerr << "vlpt: " << printable(e.what())
                << "\nvlpt: the weights are read by their names instead\n";
    }
  }
  (void)io::bind(net, folder);
}

/// Writes that file.
template <class N>
std::filesystem::path pack(N const& net, io::ModelFolder const& folder) {
  auto const path = packed_path(folder);
  io::write_packed(path, net, folder.checkpoint, io::fingerprint(folder.checkpoint));
  return path;
}

}  // namespace vlpt::cli
