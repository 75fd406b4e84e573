#pragma once
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "vlpt/core/tensor.hpp"
#include "vlpt/io/safetensors.hpp"

namespace vlpt {

/// What a net learnt but for its head, by the names of the tensors: what a stage hands on.
template <class T>
using LearntValues = std::map<std::string, Tensor<T>>;

[[nodiscard]] inline bool belongs_to_head(std::string_view name) {
  return name.starts_with("head.");
}

template <class N>
[[nodiscard]] LearntValues<typename N::T> learnt_values(N const& net) {
  LearntValues<typename N::T> all;
  for (auto const& p : net.parameters())
    if (p.learns && !belongs_to_head(p.name)) {
      Tensor<typename N::T> values(p.shape);
      values.values = net.read(p);
      all.emplace(p.name, std::move(values));
    }
  return all;
}

/// The same out of a delta, as save_delta wrote it.
template <class T>
[[nodiscard]] LearntValues<T> learnt_values(std::filesystem::path const& delta) {
  auto const file = io::Safetensors::open(delta);
  LearntValues<T> all;
  for (auto const& r : file.records())
    if (!belongs_to_head(r.name)) all.emplace(r.name, file.template read<T>(r));
  return all;
}

/// Their mean, number by number: MVLPT's source prompt is that of the seeds' best epochs. Throws
/// InputError unless all have the same tensors.
template <class T>
[[nodiscard]] LearntValues<T> mean_of(std::vector<LearntValues<T>> const& all) {
  VLPT_CHECK(!all.empty(), "there are no learnt values to take the mean of");
  LearntValues<T> mean = all[0];
  for (auto& [name, values] : mean) {
    std::vector<double> sums(values.values.size());
    for (auto const& one : all) {
      auto const at = one.find(name);
      VLPT_CHECK(one.size() == mean.size() && at != one.end() && at->second.shape == values.shape,
                 "the mean of learnt values needs the same tensors in all of them; \"", name,
                 "\" is missing in one, has another shape, or stands beside others");
      for (std::size_t i = 0; i < sums.size(); ++i)
        sums[i] += static_cast<double>(at->second.values[i]);
    }
    for (std::size_t i = 0; i < sums.size(); ++i)
      values.values[i] = static_cast<T>(sums[i] / static_cast<double>(all.size()));
  }
  return mean;
}

/// What a net's tensor is called in a source where no task has parts of its own: prompt.pets.rows
/// is prompt.rows. Where a task is called as a part of the model is ("0", "layers"), what the
/// source knows is meant.
template <class T, class Tasks>
[[nodiscard]] std::string name_in_source(std::string const& name, Tasks const& tasks,
                                         LearntValues<T> const& source) {
  if (source.contains(name)) return name;
  std::string guess = name;
  for (auto const& task : tasks.names) {
    std::string const part = "." + task;
    for (auto at = name.find(part + "."); at != std::string::npos;
         at = name.find(part + ".", at + 1)) {
      std::string shorter = name;
      shorter.erase(at, part.size());
      if (source.contains(shorter)) return shorter;
      if (guess == name) guess = shorter;
    }
  }
  return guess;
}

/// Starts a net from what another one learnt; its head stays as it is. In a net with tasks each
/// task starts from the same values. Throws InputError that lists every tensor that does not fit;
/// then nothing is changed.
template <class N>
void start_from(N& net, LearntValues<typename N::T> const& source) {
  std::string faults;
  std::set<std::string> used;
  auto const own = [&](std::string const& name) {
    if constexpr (requires { net.model().tasks; })
      return name_in_source(name, net.model().tasks, source);
    else
      return name;
  };
  auto learnt = net.parameters();
  std::erase_if(learnt, [](auto const& p) { return !p.learns || belongs_to_head(p.name); });
  for (auto const& p : learnt) {
    auto const at = source.find(own(p.name));
    if (at == source.end()) {
      faults += text("\n  missing in the source: ", own(p.name), ' ', p.shape);
      continue;
    }
    used.insert(at->first);
    if (!(at->second.shape == p.shape))
      faults += text("\n  ", p.name, ": source ", at->second.shape, ", net ", p.shape);
  }
  for (auto const& [name, values] : source)
    if (!used.contains(name)) faults += text("\n  not in the net: ", name, ' ', values.shape);
  VLPT_CHECK(faults.empty(), "the source prompt does not fit the net:", faults);
  for (auto const& p : learnt) net.write(p, source.at(own(p.name)).values);
  net.touch_learnt();
}

}  // namespace vlpt
