// One batch, three tasks: each image has its task's own prompts and head, on one backbone.
#include <vlpt/vlpt.hpp>

#include <iostream>

//! [tasks]
struct Small : vlpt::arch::TinyViTMae {
  static constexpr vlpt::Pool pool = vlpt::Pool::class_row;
};
using Prompts = vlpt::prompt::PerTask<vlpt::prompt::Deep<>>;
using Model = vlpt::VisionTower<Small, Prompts>;

int main() {
  Prompts const prompts{{{"pets", 37, {{8}}}, {"food", 101, {{4}}}, {"cars", 196, {{16}}}}};
  vlpt::Net<Model, vlpt::PackedCpu<float>> net{Model{{.prompt = prompts}}};
  //! [tasks]

  auto const& f = net.model().facts;
  vlpt::Tensor<float> images(vlpt::Shape{4, f.channels, f.image, f.image}, 0.5F);

  //! [batch]
  auto const& tasks = net.model().tasks;
  std::vector<vlpt::Index> const of{tasks.named("cars"), 0, tasks.named("cars"), 1};
  auto const logits = net.forward(net.stream_of(images), of);  // (4, 37 + 101 + 196)
  for (std::size_t i = 0; i < of.size(); ++i) {
    auto const best = vlpt::best_class(logits, static_cast<vlpt::Index>(i));  // of its own task
    std::cout << tasks.names[static_cast<std::size_t>(of[i])] << " class "
              << best - tasks.start(of[i]) << '\n';
  }
  //! [batch]

  // A name that no task has is an error that lists those that are known.
  try {
    (void)tasks.named("birds");
    return 1;
  } catch (vlpt::InputError const& e) {
    std::cout << e.what() << '\n';
  }
  return 0;
}
