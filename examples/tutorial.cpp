// The first tutorial (docs/tutorial.md quotes this file): compose, bind, tune, predict.
// Run from the root of the repository.
//! [includes]
#include <vlpt/io.hpp>    // files: checkpoints, deltas, images, data sets, training
#include <vlpt/vlpt.hpp>  // models, policies, backends

#include <filesystem>
#include <iostream>
#include <numeric>
//! [includes]

//! [compose]
namespace arch = vlpt::arch;
namespace prompt = vlpt::prompt;

// A model is a sentence: an architecture, and how it is prompted.
using Plain = vlpt::VisionTower<arch::TinyViTMae>;
using Deep = vlpt::VisionTower<arch::TinyViTMae, prompt::Deep<8>>;

// Its cost is known before it runs: eight layers of eight prompts of width 128 learn.
static_assert(Plain::cost().trainable == 0);
static_assert(Deep::cost().trainable == 8 * 8 * 128);
static_assert(Deep::cost().macs < 2 * Plain::cost().macs);
//! [compose]

int main() try {
  //! [bind]
  // A backend is said once; it turns the description into storage and execution.
  vlpt::Net<Deep, vlpt::PackedCpu<float>> net{Deep{{.classes = 10}}, {.seed = 1}};

  // The file meets the type here, completely or not at all.
  auto const folder = vlpt::io::ModelFolder::open("examples/models/tiny-vit-mae");
  std::cout << vlpt::io::bind(net, folder) << '\n';
  std::string const before = vlpt::io::backbone_fingerprint(net);
  //! [bind]

  //! [data]
  using Fashion = vlpt::io::IdxGz;
  Fashion const images = Fashion::open("/usr/share/datasets/fashion-mnist", Fashion::Part::train);
  auto const split = vlpt::io::few_shot_split(images, 16, 1);  // 16 images a class, seed 1
  vlpt::Examples<float, Fashion> train(images, split.indices, folder.preprocess());
  //! [data]

  //! [cache]
  vlpt::CacheNeeds const kept = vlpt::cache_needs(net, train.size(), 16 << 20);
  std::cout << "a cache of 16 MiB keeps " << kept.samples << " images in " << kept.bytes
            << " bytes\n";
  //! [cache]

  //! [tune]
  vlpt::FitSettings settings{.epochs = 3, .batch = 32, .learning_rate = 1e-2};
  settings.schedule = {
      .kind = vlpt::Schedule::Kind::cosine,
      .total_steps = settings.epochs * vlpt::steps_of_epoch(train.size(), settings)};
  vlpt::AdamW<float> optimizer(vlpt::groups_of(net), {.weight_decay = 0.01});
  vlpt::EachEpoch print{[](auto const& epoch) { std::cout << epoch << '\n'; }};
  vlpt::fit(net, optimizer, train, settings, print);
  //! [tune]

  //! [save]
  vlpt::io::save_delta("deep.delta", net,
                       {.class_names = images.class_names(),
                        .preprocess = vlpt::io::preprocess_facts(folder.preprocess())});
  std::cout << "backbone unchanged: " << std::boolalpha
            << (before == vlpt::io::backbone_fingerprint(net)) << '\n';
  //! [save]

  //! [predict]
  Fashion const unseen = Fashion::open("/usr/share/datasets/fashion-mnist", Fashion::Part::test);
  std::vector<vlpt::Index> first(200);
  std::iota(first.begin(), first.end(), 0);
  vlpt::Examples<float, Fashion> test(unseen, first, folder.preprocess());
  auto const& tuned = net;  // a const Net keeps nothing for a reverse
  auto const logits = vlpt::predict_all(tuned, test);
  std::cout << "accuracy on " << test.size() << " images: " << vlpt::accuracy(logits, test) << '\n';
  //! [predict]
  std::filesystem::remove("deep.delta");
} catch (vlpt::Error const& e) {
  std::cerr << e.what() << '\n';
  return e.exit_code();
}
