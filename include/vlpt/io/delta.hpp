#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "vlpt/autodiff/parameters.hpp"
#include "vlpt/io/backbone_fingerprint.hpp"
#include "vlpt/io/finite.hpp"
#include "vlpt/io/json.hpp"
#include "vlpt/io/safetensors.hpp"
#include "vlpt/io/safetensors_writer.hpp"

namespace vlpt::io {

/// What a delta says of itself: enough to build the net that it belongs to.
struct DeltaInfo {
  std::string policy{};  // prompt::Deep<8>::name
  Index prompts = 0;
  std::string pool{};      // "mean_all"
  std::string backbone{};  // fingerprint of the frozen weights that it was trained on
  std::vector<std::string> class_names{};
  std::string recipe{};  // how it was trained, for people
};

inline constexpr char const* delta_format = "vlpt.delta";
inline constexpr char const* delta_version = "1";

/// Writes what was learnt, and nothing else, atomically: a few kilobytes.
template <class N>
void save_delta(std::filesystem::path const& path, N const& net, DeltaInfo info) {
  using T = typename N::T;
  info.backbone = backbone_fingerprint(net);
  std::vector<TensorBytes> out;
  for (auto const& r : net.parameters())
    if (r.learns)
      out.push_back(encode<T>(
          r.name, r.shape, {r.values.data, static_cast<std::size_t>(r.shape.size())}, Dtype::F32));
  save_safetensors(path, std::move(out),
                   {{"format", delta_format},
                    {"format_version", delta_version},
                    {"policy", info.policy},
                    {"prompts", std::to_string(info.prompts)},
                    {"pool", info.pool},
                    {"backbone", info.backbone},
                    {"class_names", Json(info.class_names).dump()},
                    {"recipe", info.recipe}});
}

/// Reads what a delta says of itself. Throws CheckpointError if the file is no delta.
[[nodiscard]] inline DeltaInfo read_delta_info(Safetensors const& file) {
  auto const fail = [&](auto const&... parts) {
    throw CheckpointError(text(file.path().string(), ": ", parts...));
  };
  auto const get = [&](char const* key) {
    auto const at = file.metadata().find(key);
    if (at == file.metadata().end()) fail("this is no vlpt delta: its metadata lack \"", key, "\"");
    return at->second;
  };
  if (get("format") != delta_format)
    fail("this is no vlpt delta: its format is \"", get("format"), "\"");
  if (get("format_version") != delta_version)
    fail("delta version ", get("format_version"), " is not known; this program reads version ",
         delta_version);
  DeltaInfo info;
  info.policy = get("policy"), info.pool = get("pool");
  info.backbone = get("backbone"), info.recipe = get("recipe");
  Json const prompts = parse_json<CheckpointError>(get("prompts"), file.path().string());
  if (!prompts.is_number_unsigned() || prompts.get<std::uint64_t>() > 1'000'000)
    fail("\"prompts\" must be a count, not ", get("prompts"));
  info.prompts = prompts.get<Index>();
  Json const names = parse_json<CheckpointError>(get("class_names"), file.path().string());
  if (!names.is_array()) fail("\"class_names\" must be a list");
  for (Json const& name : names) {
    if (!name.is_string()) fail("\"class_names\" must be a list of strings");
    info.class_names.push_back(name.get<std::string>());
  }
  return info;
}

/// Puts a delta into a net whose backbone is loaded. A CheckpointError for another backbone, and
/// one that lists every missing, unexpected and mis-shaped tensor.
template <class N>
DeltaInfo load_delta(std::filesystem::path const& path, N& net) {
  using T = typename N::T;
  auto const file = Safetensors::open(path);
  DeltaInfo info = read_delta_info(file);
  std::string faults;
  std::vector<ParameterRecord<T>> learnt;
  for (auto const& r : net.parameters())
    if (r.learns) learnt.push_back(r);
  for (auto const& r : learnt) {
    auto const* const found = file.find(r.name);
    if (found == nullptr)
      faults += text("\n  missing: ", r.name, ' ', r.shape);
    else if (!(found->shape == r.shape))
      faults += text("\n  ", r.name, ": file ", found->shape, ", model ", r.shape);
  }
  for (auto const& found : file.records())
    if (std::none_of(learnt.begin(), learnt.end(),
                     [&](auto const& r) { return r.name == found.name; }))
      faults += text("\n  unexpected: ", found.name, ' ', found.shape);
  if (!faults.empty())
    throw CheckpointError(text(path.string(), " (policy ", info.policy, ", ", info.prompts,
                               " prompts, ", info.class_names.size(),
                               " classes) does not fit the model:", faults));
  std::string const own = backbone_fingerprint(net);
  if (own != info.backbone)
    throw CheckpointError(
        text(path.string(), " was trained on another backbone: its fingerprint is ",
             info.backbone.substr(0, 16), "..., the loaded model's is ", own.substr(0, 16), "..."));
  std::vector<Tensor<T>> values;
  for (auto const& r : learnt) {
    values.push_back(file.template read<T>(r.name));
    require_finite<T>(values.back().values, r.name, path.string());
  }
  for (std::size_t i = 0; i < learnt.size(); ++i)
    std::copy_n(values[i].data(), values[i].size(), learnt[i].values.data);
  net.touch();
  return info;
}

}  // namespace vlpt::io
