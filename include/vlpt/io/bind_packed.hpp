#pragma once
#include <algorithm>
#include <map>
#include <vector>

#include "vlpt/io/packed_file.hpp"
#include "vlpt/kernels/packed/matrix.hpp"

namespace vlpt::io {

/// Fills a net's backbone from a packed file, completely or not at all. The backend holds the
/// matrices where the file is mapped; other tensors are copied. The net should be made with
/// Draw::learnt. Throws CheckpointError, naming every tensor, where file and model differ, and
/// InputError where this backend holds its matrices otherwise.
template <class N>
void bind_packed(N& net, PackedFile const& file) {
  using B = std::remove_cvref_t<decltype(net.backend())>;
  if (file.layout() != B::layout)
    throw InputError(
        text(file.path().string(), " holds ", file.layout(), "; this net reads ", B::layout));
  std::map<std::string, PackedRecord const*> in_file;
  for (auto const& r : file.records()) in_file[r.name] = &r;

  std::string message;
  std::vector<packed::Matrix> matrices;
  std::vector<std::pair<View<float>, PackedRecord const*>> values;
  for (auto const& r : net.parameters()) {
    if (r.learns) continue;
    auto const at = in_file.find(r.name);
    View<float> const place = r.values;
    auto const bytes = static_cast<std::size_t>(
        r.multiplies ? B::held_bytes(place) : r.shape.size() * Index{sizeof(float)});
    if (at == in_file.end())
      message += text("\n  ", r.name, " is missing");
    else if (PackedRecord const& found = *at->second;
             found.shape != r.shape || found.packed != r.multiplies || found.bytes.size() != bytes)
      message += text("\n  ", r.name, ": the file has ", found.shape, ", the model ", r.shape);
    else if (r.multiplies)
      matrices.push_back(
          {place.data, place.rows, place.cols, const_cast<std::byte*>(found.bytes.data())});
    else
      values.emplace_back(place, &found);
  }
  if (!message.empty())
    throw CheckpointError(text(file.path().string(), " does not fit the model:", message));
  if (!net.backend().adopt(std::move(matrices), file.owner()))
    throw InputError(text("this processor (", name_of(net.backend().isa()),
                          ") has no kernels for packed weights; leave ", file.path().string(),
                          " out"));
  for (auto const& [place, record] : values)
    std::copy_n(reinterpret_cast<float const*>(record->bytes.data()), place.size(), place.data);
  net.held_already();
}

}  // namespace vlpt::io
