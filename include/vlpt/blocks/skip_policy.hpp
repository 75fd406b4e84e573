#pragma once
#include <concepts>
#include <string_view>

#include "vlpt/blocks/facts.hpp"

namespace vlpt {

template <class S>
concept SkipNamed = requires {
  { S::name } -> std::convertible_to<std::string_view>;
};

/// Stands for a block where only the shape of a policy is checked.
struct ProbeBlock {};

template <class S>
concept MapsLayers = requires(S const s, ProbeBlock block, VisionFacts facts, Index layer) {
  typename S::template Layer<ProbeBlock>;
  { s.layer(block, facts, layer) } -> std::same_as<typename S::template Layer<ProbeBlock>>;
};

/// A map from layers to what runs there: the block itself, or something that has the interface of a
/// block (forward, backward, prepare, visit). Layer<Block> is one type for the whole stack; which
/// layers are skipped is data of its values.
template <class S>
concept SkipPolicy = SkipNamed<S> && MapsLayers<S>;

}  // namespace vlpt
