#pragma once
#include "tiny_run.hpp"
#include "vlpt/policies/prompt/per_task.hpp"
#include "vlpt/policies/prompt/shared.hpp"
#include "vlpt/train/multitask/task_examples.hpp"

namespace vlpt::test {

/// Pictures of noise with a task planted in them: how light they are, which side is lighter, or
/// which end is.
class Planted {
 public:
  enum class Task { light, side, end };
  Planted(Task task, Index count) : task_(task), count_(count) {
    if (task == Task::light) names_ = {"dark", "middle", "light"};
    if (task == Task::side) names_ = {"left", "right"};
    if (task == Task::end) names_ = {"top", "bottom"};
  }
  [[nodiscard]] Index size() const { return count_; }
  [[nodiscard]] Index label(Index i) const { return i % static_cast<Index>(names_.size()); }
  [[nodiscard]] std::vector<std::string> const& class_names() const { return names_; }
  void image(Index i, io::Image& out) const {
    out.resize(8, 8, 1);
    Random const random{.seed = 5, .stream = static_cast<std::uint64_t>(i)};
    for (std::size_t p = 0; p < out.pixels.size(); ++p) {
      std::size_t const half = task_ == Task::side ? p % 8 / 4 : p / 8 / 4;
      Index const level = task_ == Task::light                         ? 60 * label(i)
                          : half == static_cast<std::size_t>(label(i)) ? 120
                                                                       : 20;
      out.pixels[p] = static_cast<std::uint8_t>(level + random.below(p, 60));
    }
  }

 private:
  Task task_;
  Index count_;
  std::vector<std::string> names_;
};
static_assert(io::Dataset<Planted>);

using PlantedExamples = Examples<float, Planted>;

/// Three tasks of 3, 2 and 2 classes.
struct PlantedTasks {
  Planted light, side, end;
  PlantedExamples first, second, third;

  explicit PlantedTasks(Index count = 18)
      : light(Planted::Task::light, count),
        side(Planted::Task::side, count),
        end(Planted::Task::end, count),
        first(examples(light)),
        second(examples(side)),
        third(examples(end)) {}
  PlantedTasks(PlantedTasks const&) = delete;
  [[nodiscard]] std::vector<TaskPart<PlantedExamples>> parts() {
    return {{"light", first}, {"side", second}, {"end", third}};
  }

 private:
  static PlantedExamples examples(Planted const& data) {
    std::vector<Index> all(static_cast<std::size_t>(data.size()));
    std::iota(all.begin(), all.end(), Index{0});
    return {data, all, tiny_preprocess()};
  }
};

/// A net with prompts and a head for each task.
template <class Inner>
[[nodiscard]] auto per_task_net(Inner const& prompt, std::uint64_t seed = 1) {
  using Model = TinyModel<prompt::PerTask<Inner>>;
  typename Model::Settings s;
  s.facts.pool = Pool::mean_image;
  s.prompt.tasks = {{"light", 3, prompt}, {"side", 2, prompt}, {"end", 2, prompt}};
  return Net<Model, Cpu<float>>{Model{s}, {.seed = seed}, Cpu<float>(2)};
}
/// A net whose tasks share one prompt, and whose head has the classes of all.
template <class Inner>
[[nodiscard]] auto shared_net(Inner const& prompt, Index classes, std::uint64_t seed = 1) {
  using Model = TinyModel<prompt::Shared<Inner>>;
  typename Model::Settings s;
  s.facts.pool = Pool::mean_image;
  s.prompt = {prompt}, s.classes = classes;
  return Net<Model, Cpu<float>>{Model{s}, {.seed = seed}, Cpu<float>(2)};
}

}  // namespace vlpt::test
