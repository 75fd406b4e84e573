// expect: OnEpochExactlyIfDeclared
// A hook that is declared but misspelt would silently never run.
#include "vlpt/autodiff/net.hpp"
#include "vlpt/io/dataset/image_folder.hpp"
#include "vlpt/kernels/cpu.hpp"
#include "vlpt/models/vision_tower.hpp"
#include "vlpt/train/adamw.hpp"
#include "vlpt/train/examples.hpp"
#include "vlpt/train/loop.hpp"

struct Watcher {
  static constexpr vlpt::Event events = vlpt::Event::epoch;
  void on_epcoh(vlpt::EpochSummary const&) {}
};

using Net = vlpt::Net<vlpt::VisionTower<vlpt::arch::TinyViTMae>, vlpt::Cpu<float>>;
using Train = vlpt::Examples<float, vlpt::io::ImageFolder>;

void run(Net& net, vlpt::AdamW<float>& optimizer, Train& train, Watcher& watcher) {
  vlpt::fit(net, optimizer, train, &train, {}, watcher);
}
