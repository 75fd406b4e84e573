// From the start of a process to the first features of ViT-B/32, its weights read from a file; the
// driver takes the time. The first run makes the file.
#include <cstdlib>
#include <filesystem>

#include "vision.hpp"
#include "vlpt/io/bind.hpp"
#include "vlpt/io/naming/timm.hpp"
#include "vlpt/io/save_named.hpp"

peers::Work peers::cold(Request const& r) {
  if (r.rest != "vit-b32" || r.dtype != "float") throw None{"not in " + r.dtype};
  using Model = vlpt::VisionTower<vlpt::arch::ViT_B16>;
  auto const net = net_of<Model, float>({.facts = vision_facts(r.rest)}, r.rest);
  char const* const folder = std::getenv("PEERS_FOLDER");
  auto const file = std::filesystem::path(folder == nullptr ? "." : folder) / "vit-b32.safetensors";
  auto const naming = vlpt::io::naming::timm();
  if (!exists(file)) {
    std::vector<vlpt::io::NamedTensor<float>> tensors;
    for (auto const& p : net->parameters())
      tensors.push_back(
          {p.name, vlpt::Tensor<float>(p.shape, {p.values.data, p.values.data + p.shape.size()})});
    vlpt::io::save_named(file, tensors, naming, 3, vlpt::io::Dtype::F32);
  }
  (void)vlpt::io::bind(*net, vlpt::io::open_checkpoint(file), naming);
  return forward_work(net, r.batch, Images(r.batch));
}
