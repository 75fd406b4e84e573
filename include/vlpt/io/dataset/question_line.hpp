#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/io/dataset/question_set.hpp"
#include "vlpt/io/edit_distance.hpp"
#include "vlpt/io/json.hpp"

namespace vlpt::io {

/// One question of a JSONL file: {"image": "a.png", "question": "...", "answer": "yes"}, or, where
/// several people answered, "answers": ["yes", "yes", "no"].
struct QuestionLine {
  int line = 0;
  std::string image;
  std::string question;
  std::vector<std::pair<std::string, double>> answers;  // each once, as first met, with its score
};

/// Reads such an object. One answer has the score 1, each of several its vqa_score. InputError says
/// what is wrong with it, but not in which file and line.
[[nodiscard]] inline QuestionLine parse_question(std::string_view content, int line) {
  Json const json = parse_json(content, "the object", 32, line);
  VLPT_CHECK(json.is_object(), "a JSON object is expected: ",
             R"({"image": "a.png", "question": "...", "answer": "..."})");
  static std::vector<std::string> const known{"image", "question", "answer", "answers"};
  for (auto const& [key, value] : json.items())
    if (std::ranges::find(known, key) == known.end()) {
      auto const near = near_names(key, known);
      throw InputError(text("the key ", Json(key).dump(), " is unknown",
                            near.empty() ? "; image, question and answer or answers are read"
                                         : text("; did you mean \"", near.front(), "\"?")));
    }
  auto const word = [](Json const& value, std::string_view key) {
    VLPT_CHECK(value.is_string(), "\"", key, "\" must be a string, not ", value.dump());
    auto const& s = value.get_ref<std::string const&>();
    VLPT_CHECK(s.find_first_not_of(" \t\r\n") != std::string::npos, "\"", key, "\" is empty");
    return s;
  };
  for (char const* key : {"image", "question"})
    VLPT_CHECK(json.contains(key), "the key \"", key, "\" is missing");
  VLPT_CHECK(json.contains("answer") != json.contains("answers"),
             "one of the keys \"answer\" and \"answers\" is expected");
  QuestionLine out{line, word(json["image"], "image"), word(json["question"], "question"), {}};
  if (json.contains("answer")) {
    out.answers.emplace_back(word(json["answer"], "answer"), 1.0);
    return out;
  }
  Json const& given = json["answers"];
  VLPT_CHECK(given.is_array() && !given.empty(), "\"answers\" must be a list of strings, not ",
             given.dump());
  std::vector<Index> people;
  for (Json const& value : given) {
    std::string const answer = word(value, "answers");
    auto const at = std::ranges::find(out.answers, answer, &std::pair<std::string, double>::first);
    if (at == out.answers.end())
      out.answers.emplace_back(answer, 0), people.push_back(1);
    else
      ++people[static_cast<std::size_t>(at - out.answers.begin())];
  }
  for (std::size_t i = 0; i < people.size(); ++i) out.answers[i].second = vqa_score(people[i]);
  return out;
}

}  // namespace vlpt::io
