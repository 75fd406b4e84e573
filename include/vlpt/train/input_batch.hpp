#pragma once
#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/random.hpp"
#include "vlpt/models/text_images.hpp"
#include "vlpt/train/pair_row.hpp"

namespace vlpt {

/// Examples as the input of a net, in memory of its own that is used again from batch to batch:
/// pictures as one stream, or, where the examples are texts with pictures, TextImages padded to the
/// longest text and the largest picture of the batch.
template <class N, class E>
class InputBatch {
 public:
  using T = typename N::T;
  using Input = typename N::Input;
  static constexpr bool pairs = MakesPairs<E>;
  static_assert(pairs == std::same_as<Input, TextImages<T const>>,
                "the net reads texts with pictures and the examples are pictures alone, or the "
                "other way round");

  /// The examples that `which` names, until the next call. Augmentation is drawn from `draws`;
  /// without it each example is drawn as by Random{}, as nothing that is judged is augmented.
  [[nodiscard]] Input make(N const& net, E& examples, std::span<Index const> which,
                           std::optional<Random> draws = {}) {
    auto const random = [&](Index at) {
      return draws ? draws->fork(static_cast<std::uint64_t>(examples.index(at))) : Random{};
    };
    auto const n = static_cast<Index>(which.size());
    auto const& f = net.model().facts;
    if constexpr (pairs) {
      PairSize most;
      for (Index const at : which) {
        PairSize const s = examples.pair_size(at);
        most = {std::max(most.words, s.words), std::max(most.height, s.height),
                std::max(most.width, s.width)};
      }
      Index const channels = channels_of(f), rows = channels * most.height;
      check_values(examples.preprocess().channels, channels, "channels");
      ids_.assign(static_cast<std::size_t>(n * most.words), 0);
      mask_.assign(static_cast<std::size_t>(n * most.words), 0);
      planes_.assign(static_cast<std::size_t>(n * rows * most.width), T(0));
      for (Index i = 0; i < n; ++i) {
        Index const at = which[static_cast<std::size_t>(i)];
        PairRow<T> const row{ids_.data() + i * most.words, mask_.data() + i * most.words,
                             planes_.data() + i * rows * most.width, most.height, most.width};
        examples.fill(at, random(at), row);
      }
      return {
          n, most.words, ids_.data(), mask_.data(), nullptr, {planes_.data(), n, rows, most.width}};
    } else {
      Index const values = f.channels * f.image * f.image;
      check_values(examples.preprocess().values(), values, "values");
      planes_.resize(std::max(planes_.size(), static_cast<std::size_t>(n * values)));
      for (Index i = 0; i < n; ++i) {
        Index const at = which[static_cast<std::size_t>(i)];
        examples.fill(at, random(at), planes_.data() + i * values);
      }
      return {planes_.data(), n, f.channels * f.image, f.image};
    }
  }

 private:
  /// Examples write as much as their preprocessing makes, so it must be what the net reads.
  static void check_values(Index made, Index read, char const* what) {
    VLPT_CHECK(made == read, "the examples' preprocessing makes pictures of ", made, ' ', what,
               ", the net reads ", read);
  }
  template <class F>
  [[nodiscard]] static Index channels_of(F const& f) {
    if constexpr (requires { f.vision.channels; })
      return f.vision.channels;
    else
      return f.image.channels;
  }

  std::vector<T> planes_;
  std::vector<Index> ids_;
  std::vector<unsigned char> mask_;
};

}  // namespace vlpt
