#pragma once
#include <array>
#include <optional>
#include <string_view>

#include "vlpt/io/pickle_value.hpp"

namespace vlpt::io {

/// All that a pickle may name. Names stand for what this program does itself: nothing of a file is
/// ever executed.
inline constexpr std::array<PickleName, 9> pickle_names{
    {{PickleName::Means::ordered_dict, Dtype::F32, "collections.OrderedDict"},
     {PickleName::Means::rebuild_tensor, Dtype::F32, "torch._utils._rebuild_tensor_v2"},
     {PickleName::Means::storage, Dtype::F32, "torch.FloatStorage"},
     {PickleName::Means::storage, Dtype::F16, "torch.HalfStorage"},
     {PickleName::Means::storage, Dtype::BF16, "torch.BFloat16Storage"},
     {PickleName::Means::storage, Dtype::I64, "torch.LongStorage"},
     {PickleName::Means::storage, Dtype::I32, "torch.IntStorage"},
     {PickleName::Means::storage, Dtype::U8, "torch.ByteStorage"},
     {PickleName::Means::storage, Dtype::BOOL, "torch.BoolStorage"}}};

[[nodiscard]] constexpr std::optional<PickleName> pickle_name(std::string_view full) {
  for (PickleName const& known : pickle_names)
    if (known.full == full) return known;
  return std::nullopt;
}

}  // namespace vlpt::io
