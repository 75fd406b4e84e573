#pragma once
#include <algorithm>
#include <vector>

#include "vlpt/core/tensor.hpp"
#include "vlpt/train/examples.hpp"
#include "vlpt/train/metrics.hpp"

namespace vlpt {

/// f(first, count, images) over all examples, `batch` at a time; images are not augmented.
template <class N, class E, class F>
void each_batch(N const& net, E& examples, Index batch, F const& f) {
  using T = typename N::T;
  auto const& facts = net.model().facts;
  Index const values = facts.channels * facts.image * facts.image;
  std::vector<T> planes(static_cast<std::size_t>(std::min(batch, examples.size()) * values));
  for (Index first = 0; first < examples.size(); first += batch) {
    Index const n = std::min(batch, examples.size() - first);
    for (Index i = 0; i < n; ++i) examples.fill(first + i, {}, planes.data() + i * values);
    f(first, n, Stream<T const>(planes.data(), n, facts.channels * facts.image, facts.image));
  }
}

/// logits (examples, classes) of a const net.
template <class N, class E>
[[nodiscard]] Tensor<typename N::T> predict_all(N const& net, E& examples, Index batch = 64) {
  Tensor<typename N::T> out(Shape{examples.size(), net.model().output_width()});
  auto work = net.workspace(std::min(batch, examples.size()));
  each_batch(net, examples, batch, [&](Index first, Index n, auto images) {
    net.predict(images, out.view().middle_rows(first, n), work);
  });
  return out;
}

/// features (examples, width) below the head.
template <class N, class E>
[[nodiscard]] Tensor<typename N::T> features_of_all(N const& net, E& examples, Index batch = 64) {
  Tensor<typename N::T> out(Shape{examples.size(), net.model().facts.features()});
  auto work = net.workspace(std::min(batch, examples.size()));
  each_batch(net, examples, batch, [&](Index first, Index n, auto images) {
    net.features(images, out.view().middle_rows(first, n), work);
  });
  return out;
}

/// Share of examples whose best_class() is their label.
template <class T, class E>
[[nodiscard]] double accuracy(Tensor<T> const& logits, E const& examples) {
  Index right = 0;
  auto const v = logits.view();
  for (Index i = 0; i < v.rows; ++i)
    if (best_class(v, i) == examples.label(i)) ++right;
  return static_cast<double>(right) / static_cast<double>(v.rows);
}

}  // namespace vlpt
