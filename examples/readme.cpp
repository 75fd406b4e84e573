// The program of README.md. Run from the root of the repository.
//! [program]
#include <vlpt/io.hpp>
#include <vlpt/vlpt.hpp>

#include <iostream>

using Model = vlpt::VisionTower<vlpt::arch::TinyViTMae, vlpt::prompt::Deep<8>>;
static_assert(Model::cost().trainable == 8 * 8 * 128);  // known before it runs

int main() try {
  auto const folder = vlpt::io::ModelFolder::open("examples/models/tiny-vit-mae");
  auto const images =
      vlpt::io::IdxGz::open("/usr/share/datasets/fashion-mnist", vlpt::io::IdxGz::Part::train);
  vlpt::Net<Model, vlpt::PackedCpu<float>> net{Model{{.classes = 10}}};
  vlpt::io::bind(net, folder);  // completely, or not at all
  auto const split = vlpt::io::few_shot_split(images, 16, 1);
  vlpt::Examples<float, vlpt::io::IdxGz> train(images, split.indices, folder.preprocess());
  vlpt::AdamW<float> optimizer(vlpt::groups_of(net));
  vlpt::fit(net, optimizer, train, {.epochs = 2, .batch = 32, .learning_rate = 1e-2});
  vlpt::io::save_delta("readme.delta", net, {.class_names = images.class_names()});
} catch (vlpt::Error const& e) {
  std::cerr << e.what() << '\n';
  return e.exit_code();
}
//! [program]
