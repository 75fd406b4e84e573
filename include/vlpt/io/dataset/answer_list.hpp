#pragma once
#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/io/dataset/question_line.hpp"
#include "vlpt/io/dataset/question_set.hpp"
#include "vlpt/io/read_file.hpp"
#include "vlpt/io/utf8.hpp"

namespace vlpt::io {

using AnswerPlaces = std::map<std::string, Index, std::less<>>;

/// Reads answers.txt: an answer a line, in the order of a model's classes. InputError names an
/// empty line, one that stands twice, and one that is not UTF-8.
[[nodiscard]] inline std::vector<std::string> read_answers(std::filesystem::path const& path) {
  std::istringstream in(read_file(path));
  std::vector<std::string> out;
  std::map<std::string, int> seen;
  for (std::string line; std::getline(in, line);) {
    if (line.ends_with('\r')) line.pop_back();
    int const number = static_cast<int>(out.size()) + 1;
    VLPT_CHECK(!line.empty(), path.string(), ", line ", number, ": an answer is expected");
    VLPT_CHECK(is_utf8(line), path.string(), ", line ", number, ": the answer is not UTF-8");
    auto const [at, fresh] = seen.emplace(line, number);
    VLPT_CHECK(fresh, path.string(), ", lines ", at->second, " and ", number, ": the answer ", line,
               " stands twice");
    out.push_back(std::move(line));
  }
  VLPT_CHECK(!out.empty(), path.string(), ": there are no answers");
  return out;
}

/// The answers of questions, the most frequent (the sum of its scores) first, among equals in order
/// of their names; at most `most`, or all where that is 0.
[[nodiscard]] inline std::vector<std::string> frequent_answers(
    std::vector<QuestionLine> const& lines, Index most = 0) {
  VLPT_CHECK(most >= 0, "the number of answers cannot be ", most);
  std::map<std::string, double> sums;
  for (QuestionLine const& line : lines)
    for (auto const& [answer, score] : line.answers) sums[answer] += score;
  std::vector<std::pair<std::string, double>> ranked(sums.begin(), sums.end());
  std::ranges::stable_sort(ranked, std::greater{}, &std::pair<std::string, double>::second);
  if (most > 0 && static_cast<std::size_t>(most) < ranked.size())
    ranked.resize(static_cast<std::size_t>(most));
  std::vector<std::string> out;
  for (auto& [answer, sum] : ranked) out.push_back(std::move(answer));
  return out;
}

/// Where each answer stands. InputError if one stands twice.
[[nodiscard]] inline AnswerPlaces answer_places(std::vector<std::string> const& answers) {
  AnswerPlaces out;
  for (std::size_t i = 0; i < answers.size(); ++i)
    VLPT_CHECK(out.emplace(answers[i], static_cast<Index>(i)).second, "the answer ", answers[i],
               " stands twice in the list of answers");
  return out;
}

/// The known ones among a question's answers, the best first, among equals as they were given.
[[nodiscard]] inline std::vector<AnswerScore> scores_of(QuestionLine const& line,
                                                        AnswerPlaces const& places) {
  std::vector<AnswerScore> out;
  for (auto const& [answer, score] : line.answers)
    if (auto const at = places.find(answer); at != places.end()) out.push_back({at->second, score});
  std::ranges::stable_sort(out, std::greater{}, &AnswerScore::score);
  return out;
}

}  // namespace vlpt::io
