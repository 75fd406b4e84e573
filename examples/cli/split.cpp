#include "split.hpp"

#include <algorithm>
#include <set>

#include "names.hpp"
#include "vlpt/core/random.hpp"
#include "vlpt/io/dataset/few_shot.hpp"
#include "vlpt/io/write_file.hpp"

namespace vlpt::cli {

std::vector<Index> evenly(Index n, Index limit) {
  Index const take = limit > 0 ? std::min(limit, n) : n;
  std::vector<Index> out;
  for (Index i = 0; i < take; ++i) out.push_back(i * n / take);
  return out;
}

Split make_split(Data const& data, Index shots, Index valid, std::uint64_t seed, Index limit) {
  Split out{.shots = shots, .seed = seed};
  std::set<Index> taken;
  if (shots > 0) {
    out.train = io::few_shot_split(data.train, shots, seed).indices;
    taken.insert(out.train.begin(), out.train.end());
    if (valid > 0)  // the first `shots` of a longer draw are the shorter draw
      for (Index i : io::few_shot_split(data.train, shots + valid, seed).indices)
        if (taken.insert(i).second) out.valid.push_back(i);
  } else {
    std::vector<std::vector<Index>> members(data.train.class_names().size());
    for (Index i = 0; i < data.train.size(); ++i)
      members[static_cast<std::size_t>(data.train.label(i))].push_back(i);
    for (std::size_t c = 0; c < members.size(); ++c) {
      auto const have = static_cast<Index>(members[c].size());
      Index const held = data.test ? 0 : have / 5, left = have - held - valid;
      VLPT_CHECK(left > 0, "the class ", data.train.class_names()[c], " has ", have,
                 " images: with ", held, " to test on and --valid ", valid, ", none are left");
      auto const order = Random{.seed = seed}.fork(c).permutation(have);
      for (Index k = 0; k < left + valid; ++k) {
        Index const i = members[c][static_cast<std::size_t>(order[static_cast<std::size_t>(k)])];
        (k < left ? out.train : out.valid).push_back(i);
        taken.insert(i);
      }
    }
    std::sort(out.train.begin(), out.train.end());
  }
  std::vector<Index> rest;
  for (Index i = 0; i < data.tested().size(); ++i)
    if (data.test || !taken.contains(i)) rest.push_back(i);
  VLPT_CHECK(!rest.empty(), data.name,
             ": no images are left to test on; add some, or learn from fewer a class");
  for (Index i : evenly(static_cast<Index>(rest.size()), limit))
    out.test.push_back(rest[static_cast<std::size_t>(i)]);
  return out;
}

void save_splits(std::filesystem::path const& path, Data const& data,
                 std::vector<Split> const& splits) {
  auto const one = [](Split const& split) {
    return io::Json{{"seed", split.seed},
                    {"shots", split.shots},
                    {"indices", split.train},
                    {"valid", split.valid}};
  };
  io::Json json = one(splits.front());
  json.update({{"data", data.name},
               {"class_names", data.train.class_names()},
               {"images", data.train.size()},
               {"test", splits.front().test},
               {"test_part", data.test ? "test" : "train"}});
  if (splits.size() > 1)
    for (Split const& split : splits) json["splits"].push_back(one(split));
  io::write_file(path, std::string_view(json.dump() + "\n"));
}

std::vector<bool> seen_images(std::filesystem::path const& path, Data const& data) {
  io::Json const json = io::parse_json(io::read_file(path), path.string());
  VLPT_CHECK(json.is_object() && json.contains("class_names") && json.contains("indices"),
             path.string(), ": this is no split.json: class_names and indices are expected");
  auto const& names = data.train.class_names();
  VLPT_CHECK(json["class_names"] == io::Json(names), path.string(),
             ": the split is of other classes than ", data.name, ", which has ", listed(names));
  auto const size = static_cast<std::size_t>(data.train.size());
  VLPT_CHECK(!json.contains("images") || json["images"] == size, path.string(),
             ": the split is of ", json["images"].dump(), " images, but ", data.name, " has ", size,
             "; it belongs to other data, or images came or went since");
  std::vector<bool> seen(size);
  for (char const* part : {"indices", "valid"}) {
    io::Json const indices = json.contains(part) ? json[part] : io::Json::array();
    VLPT_CHECK(indices.is_array(), path.string(), ": \"", part, "\" must be a list");
    for (io::Json const& i : indices) {
      VLPT_CHECK(i.is_number_unsigned() && i.get<std::uint64_t>() < size, path.string(), ": ",
                 i.dump(), " is no image of ", data.name, ", which has ", size);
      VLPT_CHECK(!seen[i.get<std::size_t>()], path.string(), ": image ", i.dump(),
                 " stands there twice");
      seen[i.get<std::size_t>()] = true;
    }
  }
  return seen;
}

void require_readable(Data const& data, std::vector<Split> const& splits) {
  std::set<Index> train, test;
  for (Split const& split : splits) {
    train.insert(split.train.begin(), split.train.end());
    train.insert(split.valid.begin(), split.valid.end());
    (data.test ? test : train).insert(split.test.begin(), split.test.end());
  }
  io::Image picture;
  auto const read = [&](Images const& images, Index i) {
    try {
      images.image(i, picture);
    } catch (InputError const& e) {
      throw InputError(text(e.what(), "; repair or remove it, or go on without it: --skip-bad"));
    }
  };
  for (Index i : train) read(data.train, i);
  for (Index i : test) read(data.tested(), i);
}

}  // namespace vlpt::cli
