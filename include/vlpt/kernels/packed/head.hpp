#pragma once
#include "vlpt/kernels/attention.hpp"
#include "vlpt/kernels/packed/table.hpp"

namespace vlpt::packed {

/// One head by the kernels of a table; a part of PackedCpu.
struct Head {
  Table const& table;

  [[nodiscard]] static Index scratch(Attention<float> const& a) {
    return head_scratch(a.key.tokens, a.extra_key.tokens, a.head_dim());
  }

  void forward(Attention<float> const& a, Index b, Index h, Stream<float> out,
               float* scratch) const {
    View<float> const y = head_of(out, b, h, a.head_dim());
    table.attend(inputs(a, b, h, scratch), y.data, y.stride);
  }
  void reverse(Attention<float> const& a, Stream<float const> d_out,
               AttentionGradients<float> const& g, Stream<float> d_extra_key,
               Stream<float> d_extra_value, Index b, Index h, float* scratch) const {
    Index const d = a.head_dim();
    HeadGradient to;
    View<float const> const dy = head_of(d_out, b, h, d);
    to.out = dy.data, to.out_stride = dy.stride;
    if (g.query.data != nullptr) {
      View<float> const dq = head_of(g.query, b, h, d);
      to.query = dq.data, to.query_stride = dq.stride;
    }
    if (g.key.data != nullptr) {
      View<float> const dk = head_of(g.key, b, h, d), dv = head_of(g.value, b, h, d);
      to.key = dk.data, to.key_stride = dk.stride;
      to.value = dv.data, to.value_stride = dv.stride;
    }
    if (d_extra_key.data != nullptr) {
      View<float> const dk = a.extra_head(d_extra_key, b, h);
      View<float> const dv = a.extra_head(d_extra_value, b, h);
      to.extra_key = dk.data, to.extra_value = dv.data, to.extra_stride = dk.stride;
    }
    table.attend_reverse(inputs(a, b, h, scratch), to);
  }

 private:
  static HeadAttention inputs(Attention<float> const& a, Index b, Index h, float* scratch) {
    Index const d = a.head_dim();
    View<float const> const q = head_of(a.query, b, h, d), k = head_of(a.key, b, h, d),
                            v = head_of(a.value, b, h, d);
    HeadAttention to{.query = q.data,
                     .key = k.data,
                     .value = v.data,
                     .query_stride = q.stride,
                     .key_stride = k.stride,
                     .value_stride = v.stride,
                     .queries = a.query.tokens,
                     .keys = a.key.tokens,
                     .extra = a.extra_count(b),
                     .width = d,
                     .scale = a.scale,
                     .mask_first = a.mask_first,
                     .causal = a.causal,
                     .first_query = a.first_query,
                     .scratch = scratch};
    if (to.extra > 0) {
      View<float const> const ek = a.extra_head(a.extra_key, b, h);
      to.extra_key = ek.data, to.extra_stride = ek.stride;
      to.extra_value = a.extra_head(a.extra_value, b, h).data;
    }
    if (a.key_mask != nullptr) to.mask = a.key_mask + b * (a.key.tokens - a.mask_first);
    return to;
  }
};

}  // namespace vlpt::packed
