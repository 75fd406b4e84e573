#pragma once
#include <algorithm>
#include <map>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "vlpt/core/random.hpp"
#include "vlpt/io/dataset/preprocess_padded.hpp"
#include "vlpt/io/dataset/question_set.hpp"
#include "vlpt/train/pair_row.hpp"

namespace vlpt {

/// A part of a set of questions as a model of texts and pictures wants it: the ids of each text,
/// read once, and its picture, read anew for each batch, since there may be many. Pictures may have
/// sizes of their own (ViLT's preprocessing).
template <class T, io::QuestionSet D>
class TextExamples {
 public:
  /// Texts are cut to `words` ids, special ones included; cut() says how many were.
  template <class Tokenizer>
  TextExamples(D const& data, std::vector<Index> indices, Tokenizer const& tokenizer, Index words,
               io::Preprocess how)
      : data_(&data), indices_(std::move(indices)), how_(std::move(how)) {
    VLPT_CHECK(!indices_.empty(), "there are no questions to work on");
    starts_.push_back(0);
    for (Index const i : indices_) {
      auto const encoded = tokenizer.encode(data.question(i), words);
      ids_.insert(ids_.end(), encoded.ids.begin(), encoded.ids.end());
      starts_.push_back(static_cast<Index>(ids_.size()));
      labels_.push_back(data.label(i));
      if (encoded.cut > 0) ++cut_;
      std::span<io::AnswerScore const> const scores = data.scores(i);
      soft_ = soft_ || scores.size() != 1 || scores.front().score != 1;
    }
    if (how_.fit.own_size()) read_sizes();
  }

  [[nodiscard]] Index size() const { return static_cast<Index>(indices_.size()); }
  [[nodiscard]] Index classes() const { return static_cast<Index>(data_->class_names().size()); }
  [[nodiscard]] bool augmented() const { return false; }
  [[nodiscard]] io::Preprocess const& preprocess() const { return how_; }
  [[nodiscard]] Index label(Index i) const { return labels_[static_cast<std::size_t>(i)]; }
  /// Of the data set's own numbering.
  [[nodiscard]] Index index(Index i) const { return indices_[static_cast<std::size_t>(i)]; }
  /// Texts that were cut.
  [[nodiscard]] Index cut() const { return cut_; }
  [[nodiscard]] std::span<Index const> ids(Index i) const {
    auto const first = starts_[static_cast<std::size_t>(i)];
    auto const count = starts_[static_cast<std::size_t>(i) + 1] - first;
    return std::span(ids_).subspan(static_cast<std::size_t>(first),
                                   static_cast<std::size_t>(count));
  }
  /// Whether some question has several good answers, or one that is not wholly good: then
  /// targets(i), the answers' scores, are what is learnt.
  [[nodiscard]] bool soft() const { return soft_; }
  void targets(Index i, T* row) const {
    std::fill_n(row, classes(), T(0));
    for (auto const& [answer, score] : data_->scores(index(i))) row[answer] = static_cast<T>(score);
  }

  [[nodiscard]] PairSize pair_size(Index i) const {
    PairSize out{static_cast<Index>(ids(i).size()), how_.size, how_.size};
    if (how_.fit.own_size())
      std::tie(out.width, out.height) = sizes_.at(data_->picture_of(index(i)));
    return out;
  }
  void fill(Index i, Random, PairRow<T> const& row) {
    auto const own = ids(i);
    std::ranges::copy(own, row.ids);
    std::fill_n(row.mask, own.size(), static_cast<unsigned char>(1));
    data_->image(index(i), picture_);
    std::span<T> const planes(row.planes,
                              static_cast<std::size_t>(how_.channels * row.height * row.width));
    if (how_.fit.own_size())
      io::preprocess_padded<T>(picture_, how_, row.height, row.width, planes);
    else
      io::preprocess<T>(picture_, how_, planes);
  }

 private:
  /// How wide and high each picture becomes: known before a batch's canvas is.
  void read_sizes() {
    for (Index const i : indices_) {
      Index const p = data_->picture_of(i);
      if (sizes_.contains(p)) continue;
      data_->image(i, picture_);
      sizes_.emplace(p, how_.fit.scaled(picture_.width, picture_.height, how_.size));
    }
  }

  D const* data_;
  std::vector<Index> indices_, labels_, ids_, starts_;
  io::Preprocess how_;
  Index cut_ = 0;
  bool soft_ = false;
  std::map<Index, std::pair<Index, Index>> sizes_;  // of pictures, where they have their own
  io::Image picture_;
};

}  // namespace vlpt
