#pragma once
#include "models/tiny_dual.hpp"
#include "models/tiny_stream.hpp"
#include "models/tiny_two_stream.hpp"
#include "policies/check_tasks.hpp"

namespace vlpt::test {

/// Values of some samples, `each` values a sample.
template <class V>
[[nodiscard]] std::vector<V> of_samples(std::span<V const> all, std::vector<Index> const& samples,
                                        Index each) {
  std::vector<V> some;
  for (Index const i : samples)
    some.insert(some.end(), all.begin() + i * each, all.begin() + (i + 1) * each);
  return some;
}

/// Some pairs of texts and images of all sizes, for a single-stream model; Each pairs a sample.
template <Index Each>
struct StreamFamily {
  template <class Settings>
  static void classes_alone(Settings& s, Index, Index count) {
    s.classes = count;
  }
  template <class Policy, class Skip, class Learn, class Rows>
  using Model = SingleStream<TinyStream, Policy, Skip, Learn, Rows>;

  struct Batch : StreamBatch {
    explicit Batch(std::vector<Index> const& which) : StreamBatch(6, Each) {
      samples = static_cast<Index>(which.size());
      pixels.values = of_samples<double>(pixels.values, which, Each * 2 * 12 * 12);
      pixels.shape = d_pixels.shape = Shape{samples * Each, 2, 12, 12};
      d_pixels.values = pixels.values;
      ids = of_samples<Index>(ids, which, Each * 4);
      mask = of_samples<unsigned char>(mask, which, Each * 4);
    }
  };
};

/// The same for a two-stream model; no gradient reaches its images.
struct PairFamily {
  template <class Settings>
  static void classes_alone(Settings& s, Index, Index count) {
    s.classes = count;
  }
  template <class Policy, class Skip, class Learn, class Rows>
  using Model = TwoStream<TinyMeter, Policy, Skip, learn::Policy, Rows>;

  struct Batch : PairBatch {
    explicit Batch(std::vector<Index> const& which) : PairBatch(6) {
      samples = static_cast<Index>(which.size());
      pixels.values = of_samples<double>(pixels.values, which, 2 * 8 * 8);
      pixels.shape = Shape{samples, 2, 8, 8};
      ids = of_samples<Index>(ids, which, 4);
      mask = of_samples<unsigned char>(mask, which, 4);
      positions = roberta_positions(ids, 4);
    }
    [[nodiscard]] TextImages<double> gradient() const { return {}; }
    [[nodiscard]] std::span<double> moved() const { return {}; }
    [[nodiscard]] std::span<double const> slopes() const { return {}; }
    Tensor<double> d_pixels{Shape{1}};
  };
};

/// Images for a dual encoder, whose six classes have texts of one to three words.
struct DualFamily : ImageFamily {
  template <class Policy, class Skip, class Learn, class Rows>
  using Model = DualEncoder<TinyDual, Policy, Skip, Learn, Rows>;
  static ClassTexts six_texts() {
    ClassTexts texts{6, 6};
    for (Index k = 0; k < 6; ++k) {
      Index const name = 1 + k % 3;
      texts.name_lengths.push_back(name);
      for (Index w = 0; w < 6; ++w)
        texts.ids.push_back(w == 0          ? 1
                            : w <= name     ? 3 + (k + 2 * w) % 5
                            : w == name + 1 ? 2
                            : w == name + 2 ? 8
                                            : 0);
    }
    return texts;
  }
  template <class Settings>
  static void classes_alone(Settings& s, Index first, Index count) {
    auto const all = six_texts();
    s.texts = {count, 6};
    s.texts.ids.assign(all.ids.begin() + first * 6, all.ids.begin() + (first + count) * 6);
    s.texts.name_lengths.assign(all.name_lengths.begin() + first,
                                all.name_lengths.begin() + first + count);
  }
};

}  // namespace vlpt::test
