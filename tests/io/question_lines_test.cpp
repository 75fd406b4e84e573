#include "vlpt/io/dataset/question_lines.hpp"

#include <boost/test/unit_test.hpp>

#include "sample_images.hpp"
#include "scratch.hpp"

using namespace vlpt;
using io::QuestionLines;
using Names = std::vector<std::string>;
using test::says;
using test::Scratch;

BOOST_AUTO_TEST_SUITE(question_lines)

BOOST_AUTO_TEST_CASE(questions_pictures_and_answers) {
  Scratch const s;
  s.file("a.png", test::grey_png());
  s.file("more/b.jpg", test::colour_jpeg());
  QuestionLines const data(s.file(
      "q.jsonl",
      "\xef\xbb\xbf{\"image\": \"a.png\", \"question\": \"what?\", \"answer\": \"two\"}\r\n"
      "\n"
      R"({"image": "more/b.jpg", "question": "caf\u00e9?", "answers": ["no", "yes", "yes", "no", "no", "no"]})"
      "\n"
      R"({"answer": "yes", "image": "./a.png", "question": "is it?"})"));
  BOOST_TEST(data.size() == 3);
  BOOST_TEST((data.class_names() == Names{"yes", "no", "two"}));  // 1.6, 1 and 1: then by name
  BOOST_TEST(data.question(1) == "caf\xc3\xa9?");
  BOOST_TEST(data.label(0) == 2);
  BOOST_TEST_REQUIRE(data.scores(1).size() == 2U);
  BOOST_TEST((data.scores(1)[0] == io::AnswerScore{1, 1.0}));
  BOOST_TEST((data.scores(1)[1] == io::AnswerScore{0, 0.6}));
  BOOST_TEST(data.pictures() == 2);
  BOOST_TEST(data.picture_of(2) == data.picture_of(0));
  io::Image image;
  data.image(1, image);
  BOOST_TEST(image.width == 16);
  BOOST_TEST(data.skipped().empty());
}

BOOST_AUTO_TEST_CASE(scores_of_votes) {
  for (auto [people, score] : {std::pair{1, 0.3}, {2, 0.6}, {3, 0.9}, {4, 1.0}, {10, 1.0}})
    BOOST_TEST(io::vqa_score(people) == score);
}

BOOST_AUTO_TEST_CASE(lists_of_answers) {
  Scratch const s;
  s.file("a.png", test::grey_png());
  std::string lines;
  for (char const* answer : {"red", "blue", "blue", "green"})
    lines += text(R"({"image": "a.png", "question": "which?", "answer": ")", answer, "\"}\n");
  auto const file = s.file("q.jsonl", lines);
  QuestionLines const two(file, {.most = 2});
  BOOST_TEST((two.class_names() == Names{"blue", "green"}));
  BOOST_TEST(two.size() == 3);
  BOOST_TEST_REQUIRE(two.skipped().size() == 1U);
  BOOST_TEST(two.skipped()[0].line == 1);
  QuestionLines const given(file, {.answers = {"green", "red", "blue", "pink"}});
  BOOST_TEST(given.label(1) == 2);
  BOOST_TEST(given.class_names().size() == 4U);
  BOOST_CHECK_EXCEPTION(QuestionLines(file, {.answers = {"red", "blue"}}), InputError,
                        says("q.jsonl, line 4", "green", "2 known answers"));
  BOOST_CHECK_EXCEPTION(QuestionLines(file, {.answers = {"red", "red"}}), InputError,
                        says("red stands twice"));
  s.file("answers.txt", "blue\r\nred\n");
  QuestionLines const skips(file, {.bad = io::BadLines::skip});
  BOOST_TEST((skips.class_names() == Names{"blue", "red"}));
  BOOST_TEST(skips.size() == 3);
  auto const refused = [&](char const* list, char const* what) {
    s.file("answers.txt", list);
    BOOST_CHECK_EXCEPTION(QuestionLines{file}, InputError, says("answers.txt", what));
  };
  refused("", "no answers");
  refused("a\n\nb\n", "line 2: an answer is expected");
  refused("a\nb\na\n", "lines 1 and 3: the answer a stands twice");
  refused("M\xe4use\n", "line 1: the answer is not UTF-8");
}

BOOST_AUTO_TEST_CASE(bad_lines) {
  Scratch const s;
  s.file("a.png", test::grey_png());
  s.file("cut.png", test::grey_png().substr(0, 50));
  std::string const good = R"({"image": "a.png", "question": "q", "answer": "x"})";
  auto const refused = [&](std::string const& line, char const* what, char const* more = "") {
    auto const file = s.file("q.jsonl", good + "\n\n" + line);
    BOOST_CHECK_EXCEPTION(QuestionLines{file}, InputError, says("q.jsonl, line 3: ", what, more));
    QuestionLines const rest(file, {.bad = io::BadLines::skip});
    BOOST_TEST(rest.size() == 1);
    BOOST_TEST_REQUIRE(rest.skipped().size() == 1U);
    BOOST_TEST(rest.skipped()[0].line == 3);
    BOOST_TEST(says(what, more)(InputError(io::summary(rest.skipped(), rest.size()))));
  };
  refused("{\"image\": ", "no valid JSON", "line 3, column 11 is");
  refused("[]", "a JSON object is expected");
  refused(R"({"image": "a.png", "image": "a.png"})", "\"image\" twice");
  refused(R"({"image": "a.png", "question": "q", "anser": "x"})", "\"anser\"",
          "did you mean \"answer\"?");
  refused(R"({"image": "a.png", "question": "q", "zzzzzzzzz": 1})", "\"zzzzzzzzz\" is unknown",
          "are read");
  refused(R"({"question": "q", "answer": "x"})", "\"image\" is missing");
  refused(R"({"image": "a.png", "answer": "x"})", "\"question\" is missing");
  refused(R"({"image": "a.png", "question": "q"})", "one of the keys");
  refused(R"({"image": "a.png", "question": "q", "answer": "x", "answers": ["x"]})",
          "one of the keys");
  refused(R"({"image": "a.png", "question": "q", "answer": 2})", "\"answer\" must be a string",
          "not 2");
  refused(R"({"image": "a.png", "question": "q", "answers": []})", "a list of strings");
  refused(R"({"image": "a.png", "question": "q", "answers": [null]})", "not null");
  refused(R"({"image": "a.png", "question": " ", "answer": "x"})", "\"question\" is empty");
  refused(R"({"image": "b.png", "question": "q", "answer": "x"})", "there is no file", "b.png");
  refused(R"({"image": "a\u0000.png", "question": "q", "answer": "x"})", "zero byte");
  refused("{\"image\": \"a.png\", \"question\": \"M\xe4use\", \"answer\": \"x\"}", "no valid JSON");
  auto const file = s.file("q.jsonl", good + R"(
{"image": "cut.png", "question": "q", "answer": "x"}
{"image": "cut.png", "question": "r", "answer": "x"})");
  BOOST_TEST(QuestionLines(file).size() == 3);  // decoding is lazy: the error comes with the image
  BOOST_TEST(QuestionLines(file, {.bad = io::BadLines::skip}).skipped().size() == 2U);
  BOOST_CHECK_EXCEPTION(QuestionLines{s.file("q.jsonl", "\n")}, InputError, says("no questions"));
  BOOST_CHECK_THROW(QuestionLines{s / "none.jsonl"}, InputError);
}

BOOST_AUTO_TEST_SUITE_END()
