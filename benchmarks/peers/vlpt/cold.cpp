// From the start of a process to the first features of ViT-B/32, its weights mapped from a packed
// file; the driver takes the time. The first run makes the file.
#include <cstdlib>
#include <filesystem>

#include "vision.hpp"
#include "vlpt/io/bind_packed.hpp"
#include "vlpt/io/naming/timm.hpp"
#include "vlpt/io/save_named.hpp"
#include "vlpt/io/write_packed.hpp"

namespace {

/// What vlpt pack makes of a checkpoint.
template <class Net>
void make_file(std::filesystem::path const& file, Net& net) {
  auto const checkpoint = std::filesystem::path(file).replace_extension("safetensors");
  peers::fill_frozen(net);
  std::vector<vlpt::io::NamedTensor<float>> tensors;
  for (auto const& p : net.parameters())
    tensors.push_back(
        {p.name, vlpt::Tensor<float>(p.shape, {p.values.data, p.values.data + p.shape.size()})});
  vlpt::io::save_named(checkpoint, tensors, vlpt::io::naming::timm(), 3, vlpt::io::Dtype::F32);
  vlpt::io::write_packed(file, net, vlpt::io::open_checkpoint(checkpoint), "drawn");
}

}  // namespace

peers::Work peers::cold(Request const& r) {
  if (r.rest != "vit-b32" || r.dtype != "float") throw None{"not in " + r.dtype};
  using Model = vlpt::VisionTower<vlpt::arch::ViT_B16>;
  auto const net = empty_net<Model, float>({.facts = vision_facts(r.rest)});
  char const* const folder = std::getenv("PEERS_FOLDER");
  auto const file = std::filesystem::path(folder == nullptr ? "." : folder) / "vit-b32.vlpt";
  if (!exists(file)) make_file(file, *net);
  vlpt::io::bind_packed(*net, vlpt::io::PackedFile::open(file));
  return forward_work(net, r.batch, Images(r.batch));
}
