#pragma once
#include <algorithm>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/io/dataset/answer_list.hpp"
#include "vlpt/io/dataset/bad_lines.hpp"
#include "vlpt/io/dataset/json_lines.hpp"
#include "vlpt/io/dataset/picture_files.hpp"
#include "vlpt/io/dataset/question_line.hpp"
#include "vlpt/io/dataset/question_set.hpp"
#include "vlpt/io/read_file.hpp"

namespace vlpt::io {

/// Questions about pictures from a JSONL file, one QuestionLine a line; names of pictures are
/// relative to its folder. The answers are those of the settings, else of an answers.txt beside the
/// file, else its own, the most frequent first. A question none of whose answers is known is a bad
/// line, but where only the `most` frequent are taken it is left out. A bad line is an InputError
/// naming file and line, or, with BadLines::skip, left out and kept in skipped().
class QuestionLines {
 public:
  struct Settings {
    std::vector<std::string>
        answers{};   ///< the classes of a model, such as those of the training set
    Index most = 0;  ///< of the file's own answers; 0: all
    BadLines bad = BadLines::refuse;
  };

  explicit QuestionLines(std::filesystem::path const& jsonl) : QuestionLines(jsonl, Settings{}) {}
  QuestionLines(std::filesystem::path const& jsonl, Settings const& settings)
      : pictures_(jsonl.parent_path()), bad_(settings.bad), name_(jsonl.string()) {
    std::string const content = read_file(jsonl);
    std::vector<QuestionLine> lines;
    for_each_json_line(content, [&](int number, std::string_view line) {
      attempt(number, [&] { lines.push_back(parse_question(line, number)); });
    });
    class_names_ = settings.answers;
    auto const list = jsonl.parent_path() / "answers.txt";
    bool const own = class_names_.empty() && !is_there(list);
    if (own)
      class_names_ = frequent_answers(lines, settings.most);
    else if (class_names_.empty())
      class_names_ = read_answers(list);
    auto const places = answer_places(class_names_);
    for (QuestionLine const& line : lines) {
      auto scores = scores_of(line, places);
      if (scores.empty() && own)
        skipped_.push_back({line.line, text("none of its answers is among the ", settings.most,
                                            " most frequent")});
      else
        attempt(line.line, [&] { add(line, std::move(scores)); });
    }
    std::ranges::sort(skipped_, {}, &SkippedLine::line);
    if (items_.empty())
      throw InputError(text(name_, ": there are no questions", skipped_.empty() ? "" : "; ",
                            summary(skipped_, 0)));
  }

  [[nodiscard]] Index size() const { return static_cast<Index>(items_.size()); }
  [[nodiscard]] std::vector<std::string> const& class_names() const { return class_names_; }
  [[nodiscard]] std::string const& question(Index i) const { return item(i).question; }
  [[nodiscard]] std::span<AnswerScore const> scores(Index i) const { return item(i).scores; }
  [[nodiscard]] Index label(Index i) const { return item(i).scores.front().answer; }
  void image(Index i, Image& out) const { pictures_.image(picture_of(i), out); }
  [[nodiscard]] Index pictures() const { return pictures_.size(); }
  [[nodiscard]] Index picture_of(Index i) const { return item(i).picture; }
  [[nodiscard]] std::filesystem::path const& file(Index i) const {
    return pictures_.file(picture_of(i));
  }
  [[nodiscard]] std::vector<SkippedLine> const& skipped() const { return skipped_; }

 private:
  struct Item {
    Index picture;
    std::string question;
    std::vector<AnswerScore> scores;
  };
  [[nodiscard]] Item const& item(Index i) const { return items_[static_cast<std::size_t>(i)]; }

  template <class F>
  void attempt(int line, F const& f) {
    try {
      f();
    } catch (InputError const& e) {
      if (bad_ == BadLines::refuse) throw InputError(text(name_, ", line ", line, ": ", e.what()));
      skipped_.push_back({line, e.what()});
    }
  }
  void add(QuestionLine const& line, std::vector<AnswerScore> scores) {
    VLPT_CHECK(!scores.empty(), "none of its answers (", line.answers.front().first,
               line.answers.size() > 1 ? ", ..." : "", ") is one of the ", class_names_.size(),
               " known answers");
    items_.push_back(
        {pictures_.add(line.image, bad_ == BadLines::skip), line.question, std::move(scores)});
  }

  PictureFiles pictures_;
  BadLines bad_;
  std::string name_;
  std::vector<std::string> class_names_;
  std::vector<Item> items_;
  std::vector<SkippedLine> skipped_;
};

static_assert(QuestionSet<QuestionLines>);

}  // namespace vlpt::io
