#pragma once
#include <algorithm>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/io/dataset/question_set.hpp"
#include "vlpt/io/decode_image.hpp"
#include "vlpt/io/json.hpp"
#include "vlpt/io/read_file.hpp"

namespace vlpt::io {

/// The easy-VQA questions (V. Zhou, 2019; PyPI's easy-vqa) about pictures of one coloured shape: a
/// folder of questions.json, which lists [question, answer, picture], and images/PICTURE.png.
/// Classes are all answers that the file holds, in the order of their names. Pictures are decoded
/// once and kept. What is missing or odd is an InputError that names the file and the entry.
class EasyVqa {
 public:
  explicit EasyVqa(std::filesystem::path const& folder) : folder_(folder) {
    auto const file = folder / "questions.json";
    auto const json = parse_json(read_file(file), file.string());
    if (!json.is_array() || json.empty())
      throw InputError(text(file.string(), ": a list of questions is expected"));
    for (std::size_t i = 0; i < json.size(); ++i) {
      Json const& q = json[i];
      if (!q.is_array() || q.size() != 3 || !q[0].is_string() || !q[1].is_string() ||
          !q[2].is_number_unsigned())
        throw InputError(text(file.string(), ": entry ", i + 1,
                              " must be [question, answer, number of a picture]"));
      entries_.push_back({q[0].get<std::string>(), q[1].get<std::string>(), picture(q[2]), {}});
    }
    for (Entry const& e : entries_) class_names_.push_back(e.answer);
    std::ranges::sort(class_names_);
    class_names_.erase(std::unique(class_names_.begin(), class_names_.end()), class_names_.end());
    for (Entry& e : entries_)
      e.score.answer = std::ranges::lower_bound(class_names_, e.answer) - class_names_.begin();
  }

  [[nodiscard]] Index size() const { return static_cast<Index>(entries_.size()); }
  [[nodiscard]] std::vector<std::string> const& class_names() const { return class_names_; }
  [[nodiscard]] std::string const& question(Index i) const { return entry(i).question; }
  [[nodiscard]] std::string const& answer(Index i) const { return entry(i).answer; }
  [[nodiscard]] Index label(Index i) const { return entry(i).score.answer; }
  [[nodiscard]] std::span<AnswerScore const> scores(Index i) const { return {&entry(i).score, 1}; }
  void image(Index i, Image& out) const { out = picture_at(picture_of(i)); }

  /// Pictures that questions are about: fewer than questions, numbered from 0.
  [[nodiscard]] Index pictures() const { return static_cast<Index>(pictures_.size()); }
  [[nodiscard]] Index picture_of(Index i) const { return entry(i).picture; }
  [[nodiscard]] Image const& picture_at(Index p) const {
    return pictures_[static_cast<std::size_t>(p)];
  }

 private:
  struct Entry {
    std::string question, answer;
    Index picture;
    AnswerScore score;
  };

  /// The place of a picture, which is decoded when it is met first.
  [[nodiscard]] Index picture(Json const& number) {
    auto const [at, fresh] = places_.emplace(number.get<std::uint64_t>(), pictures());
    if (fresh) pictures_.push_back(load_image(folder_ / "images" / text(at->first, ".png")));
    return at->second;
  }
  [[nodiscard]] Entry const& entry(Index i) const { return entries_[static_cast<std::size_t>(i)]; }

  std::filesystem::path folder_;
  std::vector<Entry> entries_;
  std::vector<std::string> class_names_;
  std::map<std::uint64_t, Index> places_;
  std::vector<Image> pictures_;
};

static_assert(QuestionSet<EasyVqa>);

}  // namespace vlpt::io
