#pragma once
#include "vlpt/core/gelu_kind.hpp"
#include "vlpt/core/index.hpp"

namespace vlpt {

/// What a stream is made of.
enum class Modality { image, text };
/// What an attention reads besides its queries' own stream.
enum class Role { self, cross };

/// What a policy knows of the place where it is asked for a module: plain values. All layers of a
/// stack get modules of one type; whether and how a layer uses its own is in the module's value.
struct LayerFacts {
  Index dim = 0;
  Index heads = 1;
  Index hidden = 0;   // of the MLP
  double eps = 1e-6;  // of every layer norm
  bool qkv_bias = true;
  bool causal = false;  // a row reads the rows up to itself
  Index depth = 0;
  Index layer = 0;
  Index running = 0;        // layers that no skip policy leaves out: these have prompts
  double prompt_bound = 0;  // v of VPT's law U(-v, v) for this backbone
  Modality modality = Modality::image;
  Role role = Role::self;
  GeluKind gelu = GeluKind::exact;  // for AnyGelu; other activations are what their type says
};

}  // namespace vlpt
