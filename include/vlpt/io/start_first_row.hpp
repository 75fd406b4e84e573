#pragma once
#include <cmath>
#include <span>
#include <string>

#include "vlpt/core/error.hpp"
#include "vlpt/core/tensor.hpp"
#include "vlpt/core/view.hpp"
#include "vlpt/kernels/apart.hpp"

namespace vlpt::io {

/// Starts the row that replaces a single stream's first word (token4classifier in APT's code) as
/// that code does: as the embedding of the word `id` ([CLS]) at the first place, norm(word +
/// segment 0 + position 0). After bind(); does nothing where no row replaces the word.
template <class N>
void start_first_row(N& net, Index id) {
  using T = typename N::T;
  auto const& facts = net.model().facts;
  VLPT_CHECK(id >= 0 && id < facts.vocabulary, "the word ", id, " that the first row starts as is ",
             "none of the model's ", facts.vocabulary);
  View<T> words, positions, segments, weight, bias, first;
  for (auto const& r : net.parameters()) {
    if (r.name == "embed.text.words") words = r.values;
    if (r.name == "embed.text.positions") positions = r.values;
    if (r.name == "embed.text.segments") segments = r.values;
    if (r.name == "embed.text.norm.weight") weight = r.values;
    if (r.name == "embed.text.norm.bias") bias = r.values;
    if (r.name == "embed.first_row") first = r.values;
  }
  if (first.data == nullptr) return;
  auto const row = [&](View<T> table, Index r) {
    return net.read(View<T const>(table.middle_rows(r, 1)));
  };
  auto const word = row(words, id), place = row(positions, 0), segment = row(segments, 0);
  auto const gamma = row(weight, 0), beta = row(bias, 0);
  Index const dim = first.cols;
  Tensor<T> made(Shape{1, dim});
  T mean = T(0), square = T(0);
  auto const sum = [&](Index i) { return word[i] + segment[i] + place[i]; };
  for (Index i = 0; i < dim; ++i) mean += sum(i) / static_cast<T>(dim);
  for (Index i = 0; i < dim; ++i) square += (sum(i) - mean) * (sum(i) - mean) / static_cast<T>(dim);
  T const scale = T(1) / std::sqrt(square + static_cast<T>(facts.text_eps));
  for (Index i = 0; i < dim; ++i) made[i] = (sum(i) - mean) * scale * gamma[i] + beta[i];
  bring(net.backend(), std::span<T const>(made.values), first.data);
  net.touch();
}

}  // namespace vlpt::io
