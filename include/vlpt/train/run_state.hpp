#pragma once
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "vlpt/io/finite.hpp"
#include "vlpt/io/named_values.hpp"
#include "vlpt/io/safetensors.hpp"
#include "vlpt/io/safetensors_writer.hpp"
#include "vlpt/kernels/apart.hpp"
#include "vlpt/train/early_stopping.hpp"
#include "vlpt/train/epoch_summary.hpp"
#include "vlpt/train/optimizer.hpp"

namespace vlpt {

/// Where a training run stands, between two epochs. Everything random in a run is a function of
/// (seed, epoch, step), so this, the learnt values and the memory of the optimizer and of observers
/// are all of it.
struct RunState {
  Index epoch = 0;  // the next one to run
  Index step = 0;   // optimizer steps made
  EarlyStopping::State stopping{};
  std::vector<EpochSummary> history{};
};

/// Saves a run, atomically; `recipe` says what the run is and must be the same when it is resumed;
/// `remembered` is what observers add.
template <class N, Optimizer O>
void save_run(std::filesystem::path const& path, N const& net, O& optimizer, RunState const& s,
              io::NamedValues const& recipe, std::vector<io::TensorBytes> remembered = {}) {
  std::vector<io::TensorBytes> out = std::move(remembered);
  auto const put = [&]<class U>(std::string name, std::vector<U> const& v) {
    out.push_back(
        io::encode<U>(std::move(name), Shape{static_cast<Index>(v.size())}, v, io::dtype_of<U>));
  };
  put("learnt", fetched(net.backend(), net.learnt()));
  for (auto const& [name, span] : optimizer.state())
    put("optimizer." + name, fetched(net.backend(), span));
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
  io::save_safetensors(path, std::move(out),
                       {{"format", "vlpt.run"}, {"recipe", io::Json(recipe).dump()}});
}

/// "batch: saved 4, now 8; pool: saved mean_all, now not given": the settings that differ.
[[nodiscard]] inline std::string changed_settings(io::NamedValues const& saved,
                                                  io::NamedValues const& now) {
  auto const said = [](io::NamedValues const& values, std::string const& name) {
    auto const at = values.find(name);
    return at == values.end() ? std::string("not given") : at->second;
  };
  auto all = saved;
  all.insert(now.begin(), now.end());
  std::string out;
  for (auto const& [name, any] : all)
    if (said(saved, name) != said(now, name))
      out += text(out.empty() ? "" : "; ", name, ": saved ", said(saved, name), ", now ",
                  said(now, name));
  return out;
}

/// What a run file says it is must be what is asked for; the error names the settings that differ.
inline void require_recipe(io::Safetensors const& file, io::NamedValues const& recipe) {
  std::string const path = file.path().string();
  auto const said = file.metadata().find("recipe");
  if (said == file.metadata().end())
    throw CheckpointError(text(path, ": this is no saved run: its metadata lack \"recipe\""));
  auto const saved = io::parse_named_values(said->second, path + ": \"recipe\"");
  if (saved != recipe)
    throw CheckpointError(text(path, ": this run was saved with other settings (",
                               changed_settings(saved, recipe),
                               "); resume with the same settings, or start anew without --resume"));
}

/// A tensor of a run file: `count` finite values, or a CheckpointError.
template <class T>
[[nodiscard]] std::vector<T> values_of_run(io::Safetensors const& file, std::string const& name,
                                           std::size_t count) {
  auto t = file.template read<T>(name);
  if (t.values.size() != count)
    throw CheckpointError(text(file.path().string(), ": ", name, " holds ", t.size(),
                               " values, the run has ", count));
  io::require_finite<T>(t.values, name, file.path().string());
  return std::move(t.values);
}

/// The learnt values that a run was saved with.
template <class N>
[[nodiscard]] std::vector<typename N::T> learnt_of_run(std::filesystem::path const& path,
                                                       N const& net,
                                                       io::NamedValues const& recipe) {
  auto const file = io::Safetensors::open(path);
  require_recipe(file, recipe);
  return values_of_run<typename N::T>(file, "learnt", net.learnt().size());
}

/// Puts a saved run back, completely or not at all. Throws CheckpointError if the file is of
/// another run or cannot be one.
template <class N, Optimizer O>
[[nodiscard]] RunState load_run(std::filesystem::path const& path, N& net, O& optimizer,
                                io::NamedValues const& recipe) {
  using T = typename N::T;
  auto const file = io::Safetensors::open(path);
  require_recipe(file, recipe);
  auto const place = file.template read<std::int64_t>("place");
  auto const curve = file.template read<double>("history");
  constexpr Index fields = 9;
  auto const whole = [&](double x) { return x >= 0 && x < 1e15 && std::floor(x) == x; };
  bool sane = place.size() == 5 && curve.size() % fields == 1 && place[0] >= 0 &&
              place[0] == curve.size() / fields && place[1] >= 0 && place[2] == place[1] &&
              place[3] >= -1 && place[4] >= 0 && place[3] < place[4] + 1;
  for (Index i = 0; i < curve.size(); ++i) sane = sane && std::isfinite(curve[i]);
  for (Index i = 1; sane && i < curve.size(); i += fields)
    sane = whole(curve[i]) && whole(curve[i + 1]);
  if (!sane) throw CheckpointError(text(path.string(), ": the history of the run is damaged"));

  auto const learnt = learnt_of_run(path, net, recipe);
  using S = Sum<T>;
  std::vector<std::vector<S>> memory;
  for (auto const& [name, span] : optimizer.state())
    memory.push_back(values_of_run<S>(file, "optimizer." + name, span.size()));
  bring(net.backend(), std::span<T const>(learnt), net.learnt().data());
  auto from = memory.begin();
  for (auto const& [name, span] : optimizer.state())
    bring(net.backend(), std::span<S const>(*from++), span.data());
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
