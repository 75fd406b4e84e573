#pragma once
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/random.hpp"
#include "vlpt/io/dataset/dataset.hpp"
#include "vlpt/io/json.hpp"
#include "vlpt/io/read_file.hpp"
#include "vlpt/io/write_file.hpp"

namespace vlpt::io {

/// Which images of a data set are trained on: `shots` of each class, class by class.
struct FewShotSplit {
  std::uint64_t seed = 0;
  Index shots = 0;
  std::vector<std::string> class_names;
  std::vector<Index> indices;

  [[nodiscard]] bool operator==(FewShotSplit const&) const = default;
};

/// Draws `shots` images of each class. The draw of one class depends on the seed, the class and
/// its images alone. InputError if a class has too few, naming it.
template <Dataset D>
[[nodiscard]] FewShotSplit few_shot_split(D const& data, Index shots, std::uint64_t seed) {
  VLPT_CHECK(shots > 0, "at least one image a class is needed, not ", shots);
  FewShotSplit split{seed, shots, data.class_names(), {}};
  std::vector<std::vector<Index>> members(split.class_names.size());
  for (Index i = 0; i < data.size(); ++i)
    members[static_cast<std::size_t>(data.label(i))].push_back(i);
  for (std::size_t c = 0; c < members.size(); ++c) {
    auto const have = static_cast<Index>(members[c].size());
    VLPT_CHECK(have >= shots, "the class ", split.class_names[c], " has ", have, " images; ", shots,
               " are asked for");
    auto const order = Random{.seed = seed}.fork(c).permutation(have);
    auto const first = split.indices.size();
    for (Index k = 0; k < shots; ++k)
      split.indices.push_back(
          members[c][static_cast<std::size_t>(order[static_cast<std::size_t>(k)])]);
    std::sort(split.indices.begin() + static_cast<Index>(first), split.indices.end());
  }
  return split;
}

/// Writes a split as JSON, atomically.
inline void save_split(std::filesystem::path const& path, FewShotSplit const& split) {
  Json const json{{"seed", split.seed},
                  {"shots", split.shots},
                  {"class_names", split.class_names},
                  {"indices", split.indices}};
  write_file(path, std::string_view(json.dump() + "\n"));
}

/// Reads a split and checks that it belongs to this data set. Throws InputError.
template <Dataset D>
[[nodiscard]] FewShotSplit load_split(std::filesystem::path const& path, D const& data) {
  Json const json = parse_json(read_file(path), path.string());
  for (char const* field : {"seed", "shots", "class_names", "indices"})
    VLPT_CHECK(json.is_object() && json.contains(field), path.string(),
               ": seed, shots, class_names and indices are expected; \"", field, "\" is missing");
  auto const number = [&](Json const& value, char const* field) {  // get() would round 1.5
    VLPT_CHECK(value.is_number_unsigned(), path.string(), ": \"", field,
               "\" needs whole numbers from 0 on, not ", value.dump());
    return value.get<std::uint64_t>();
  };
  FewShotSplit split;
  split.seed = number(json["seed"], "seed");
  split.shots = static_cast<Index>(number(json["shots"], "shots"));
  for (char const* field : {"class_names", "indices"})
    VLPT_CHECK(json[field].is_array(), path.string(), ": \"", field, "\" must be a list");
  for (Json const& name : json["class_names"]) {
    VLPT_CHECK(name.is_string(), path.string(), ": \"class_names\" must be a list of strings");
    split.class_names.push_back(name.get<std::string>());
  }
  for (Json const& index : json["indices"])
    split.indices.push_back(static_cast<Index>(number(index, "indices")));
  VLPT_CHECK(split.class_names == data.class_names(), path.string(),
             ": the split is of other classes than the data set");
  std::vector<Index> count(split.class_names.size());
  std::vector<bool> seen(static_cast<std::size_t>(data.size()));
  for (Index i : split.indices) {
    VLPT_CHECK(i >= 0 && i < data.size(), path.string(), ": index ", i,
               " is out of range; the data set has ", data.size(), " images");
    VLPT_CHECK(!seen[static_cast<std::size_t>(i)], path.string(), ": index ", i, " stands twice");
    seen[static_cast<std::size_t>(i)] = true;
    ++count[static_cast<std::size_t>(data.label(i))];
  }
  for (std::size_t c = 0; c < count.size(); ++c)
    VLPT_CHECK(count[c] == split.shots, path.string(), ": the class ", split.class_names[c],
               " has ", count[c], " indices, expected ", split.shots);
  return split;
}

}  // namespace vlpt::io
