#pragma once
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "vlpt/io/safetensors.hpp"
#include "vlpt/io/safetensors_writer.hpp"
#include "vlpt/train/early_stopping.hpp"
#include "vlpt/train/epoch_summary.hpp"
#include "vlpt/train/optimizer.hpp"

namespace vlpt {

/// Where a training run stands, between two epochs. Everything random in a run is a function of
/// (seed, epoch, step), so this, the learnt values and the optimizer's memory are all of it.
struct RunState {
  Index epoch = 0;  // the next one to run
  Index step = 0;   // optimizer steps made
  EarlyStopping::State stopping{};
  std::vector<EpochSummary> history{};
};

/// Saves a run, atomically; `recipe` says what the run is and must be the same when it is resumed.
template <class N, Optimizer O>
void save_run(std::filesystem::path const& path, N const& net, O& optimizer, RunState const& s,
              std::string const& recipe) {
  using T = typename N::T;
  std::vector<io::TensorBytes> out;
  auto const exact = std::is_same_v<T, float> ? io::Dtype::F32 : io::Dtype::F64;
  auto const put = [&](std::string name, std::span<T const> v) {
    out.push_back(io::encode<T>(std::move(name), Shape{static_cast<Index>(v.size())}, v, exact));
  };
  put("learnt", net.learnt());
  for (auto const& [name, span] : optimizer.state()) put("optimizer." + name, span);
  std::vector<std::int64_t> const place{s.epoch, s.step, optimizer.steps(), s.stopping.best_update,
                                        s.stopping.updates};
  out.push_back(io::encode<std::int64_t>("place", Shape{5}, place, io::Dtype::I64));
  std::vector<double> curve{s.stopping.best};
  for (auto const& e : s.history)
    curve.insert(curve.end(), {static_cast<double>(e.epoch), static_cast<double>(e.steps),
                               e.train_loss, e.train_accuracy, e.valid_accuracy.value_or(-1),
                               e.learning_rate, e.gradient_norm, e.seconds, e.seconds_per_step});
  out.push_back(io::encode<double>("history", Shape{static_cast<Index>(curve.size())}, curve,
                                   io::Dtype::F64));
  io::save_safetensors(path, std::move(out), {{"format", "vlpt.run"}, {"recipe", recipe}});
}

/// Puts a saved run back. Throws CheckpointError if the file is of another run.
template <class N, Optimizer O>
[[nodiscard]] RunState load_run(std::filesystem::path const& path, N& net, O& optimizer,
                                std::string const& recipe) {
  using T = typename N::T;
  auto const file = io::Safetensors::open(path);
  auto const said = file.metadata().find("recipe");
  if (said == file.metadata().end() || said->second != recipe)
    throw CheckpointError(
        text(path.string(), ": this run was saved as \"",
             said == file.metadata().end() ? "?" : said->second, "\", not as \"", recipe,
             "\"; resume with the same settings, or start anew without --resume"));
  auto const get = [&](std::string const& name, std::span<T> to) {
    auto const t = file.template read<T>(name);
    if (t.size() != static_cast<Index>(to.size()))
      throw CheckpointError(
          text(path.string(), ": ", name, " holds ", t.size(), " values, the run has ", to.size()));
    std::copy_n(t.data(), to.size(), to.begin());
  };
  auto const place = file.template read<std::int64_t>("place");
  auto const curve = file.template read<double>("history");
  constexpr Index fields = 9;
  if (place.size() != 5 || curve.size() % fields != 1)
    throw CheckpointError(text(path.string(), ": the history of the run is damaged"));
  get("learnt", net.learnt());
  for (auto const& [name, span] : optimizer.state()) get("optimizer." + name, span);
  optimizer.set_steps(place[2]);
  RunState s;
  s.epoch = static_cast<Index>(place[0]), s.step = static_cast<Index>(place[1]);
  s.stopping = {curve[0], static_cast<Index>(place[3]), static_cast<Index>(place[4])};
  for (Index i = 1; i < curve.size(); i += fields) {
    EpochSummary e;
    e.epoch = static_cast<Index>(curve[i]), e.steps = static_cast<Index>(curve[i + 1]);
    e.train_loss = curve[i + 2], e.train_accuracy = curve[i + 3];
    if (curve[i + 4] >= 0) e.valid_accuracy = curve[i + 4];
    e.learning_rate = curve[i + 5], e.gradient_norm = curve[i + 6];
    e.seconds = curve[i + 7], e.seconds_per_step = curve[i + 8];
    s.history.push_back(e);
  }
  return s;
}

}  // namespace vlpt
