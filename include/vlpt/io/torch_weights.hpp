#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/io/pickle_value.hpp"

namespace vlpt::io {

/// The dict of a torch file that holds its weights, and what to call it.
struct TorchWeights {
  std::vector<PickleValue> const* dict = nullptr;  ///< keys and values take turns
  std::string key;                                 ///< "state_dict"; empty: the top level
  std::vector<std::string> beside;                 ///< the other keys of the top level
};

/// Whether a dict has a tensor among its values.
[[nodiscard]] inline bool has_tensor(Pickle const& pickle, std::vector<PickleValue> const& dict) {
  for (std::size_t i = 1; i < dict.size(); i += 2)
    if (pickle.tensor(dict[i]) != nullptr) return true;
  return false;
}

/// Where the weights are: under state_dict, model, module, model_state_dict, teacher or student, in
/// this order (Lightning, MoCo, MAE, DINO and CoOp write one of them); else at the top level; else
/// in its only dict of tensors. CheckpointError where that leaves none or several.
[[nodiscard]] inline TorchWeights find_weights(Pickle const& pickle, std::string const& where) {
  static constexpr std::array<std::string_view, 6> known{"state_dict",       "model",   "module",
                                                         "model_state_dict", "teacher", "student"};
  auto const* const top = pickle.dict(pickle.top);
  if (top == nullptr)
    throw CheckpointError(
        text(where, ": a dict of tensors is expected, this holds ", kind_of(pickle.top)));
  TorchWeights found;
  std::vector<std::string> dicts;
  std::size_t best = known.size() + 1;
  bool const flat = has_tensor(pickle, *top);
  for (std::size_t i = 0; i < top->size(); i += 2) {
    auto const* const key = std::get_if<PickleText>(&(*top)[i]);
    auto const* const dict = pickle.dict((*top)[i + 1]);
    if (key == nullptr || dict == nullptr || !has_tensor(pickle, *dict)) continue;
    dicts.emplace_back(key->utf8);
    auto const rank = static_cast<std::size_t>(std::ranges::find(known, key->utf8) - known.begin());
    if (rank >= best || (flat && rank == known.size())) continue;
    best = rank;
    found = {dict, dicts.back(), {}};
  }
  if (found.dict == nullptr && flat) found.dict = top;
  if (found.dict == nullptr || (best == known.size() && dicts.size() > 1)) {
    std::string list;
    for (std::string const& name : dicts) list += (list.empty() ? ": " : ", ") + name;
    throw CheckpointError(text(where,
                               dicts.empty() ? ": it holds no dict of tensors"
                                             : ": several dicts of tensors might be the weights",
                               list));
  }
  if (found.dict != top)
    for (std::size_t i = 0; i < top->size(); i += 2)
      if (auto const* const key = std::get_if<PickleText>(&(*top)[i]);
          key != nullptr && key->utf8 != found.key)
        found.beside.emplace_back(key->utf8);
  return found;
}

}  // namespace vlpt::io
