#pragma once
#include <algorithm>
#include <concepts>
#include <span>
#include <string>

#include "vlpt/core/index.hpp"
#include "vlpt/io/dataset/dataset.hpp"
#include "vlpt/io/image.hpp"

namespace vlpt::io {

/// How good an answer is for a question, above 0 and at most 1: what the model is to say of it.
struct AnswerScore {
  Index answer = 0;  // of class_names()
  double score = 1;
  [[nodiscard]] bool operator==(AnswerScore const&) const = default;
};

/// The score of an answer that so many people gave, as VQA v2 and ViLT's code have it: 0.3 for
/// each, at most 1.
[[nodiscard]] inline double vqa_score(Index people) {
  return std::min(1.0, static_cast<double>(3 * people) / 10.0);
}

/// Questions about pictures: a Dataset whose classes are the answers. scores(i) has each good
/// answer of question i once, the best first, which is also label(i). Several questions may be
/// about one picture: picture_of(i), in [0, pictures()), is the same for them.
template <class D>
concept QuestionSet = Dataset<D> && requires(D const& d, Index i) {
  { d.question(i) } -> std::convertible_to<std::string const&>;
  { d.scores(i) } -> std::convertible_to<std::span<AnswerScore const>>;
  { d.pictures() } -> std::same_as<Index>;
  { d.picture_of(i) } -> std::same_as<Index>;
};

}  // namespace vlpt::io
