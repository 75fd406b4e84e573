#include "vlpt/io/dataset/easy_vqa.hpp"

#include <boost/test/unit_test.hpp>

#include "scratch.hpp"
#include "vlpt/io/dataset/easy_vqa_facts.hpp"
#include "vlpt/io/dataset/question_lines.hpp"
#include "vlpt/io/write_file.hpp"

using namespace vlpt;

namespace {

std::filesystem::path const committed =
    std::filesystem::path(VLPT_SOURCE_DIR) / "examples/data/easy-vqa";

/// A folder as the package has it, with two pictures and these questions.
void make(std::filesystem::path const& folder, std::string const& questions) {
  std::filesystem::create_directories(folder / "images");
  for (char const* n : {"3", "7"})
    std::filesystem::copy_file(committed / "images" / text("train-", n, ".png"),
                               folder / "images" / text(n, ".png"),
                               std::filesystem::copy_options::overwrite_existing);
  io::write_file(folder / "questions.json", std::string_view(questions));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(easy_vqa)

BOOST_AUTO_TEST_CASE(questions_answers_and_pictures) {
  test::Scratch const scratch;
  make(scratch.path(),
       R"([["what is the brown shape?","rectangle",3],["is there a circle?","yes",7],
                           ["is there not a red shape?","yes",7],["is no black shape present?","no",7]])");
  io::EasyVqa const data(scratch.path());
  BOOST_TEST(data.size() == 4);
  BOOST_TEST(data.pictures() == 2);
  BOOST_TEST(data.picture_of(3) == data.picture_of(1));
  BOOST_TEST(data.class_names() == (std::vector<std::string>{"no", "rectangle", "yes"}),
             boost::test_tools::per_element());
  BOOST_TEST(data.label(0) == 1);
  BOOST_TEST(data.scores(1).front().answer == 2);
  io::Image picture;
  data.image(0, picture);
  BOOST_TEST(picture.width == 64);
  BOOST_TEST(picture.channels == 3);
  auto const facts = io::easy_vqa_facts(data);
  BOOST_TEST(facts[0].colour == 2);  // brown, as the question says
  BOOST_TEST(facts[0].shape == 1);   // rectangle, as the answer does
  BOOST_TEST(facts[1].shape == 0);   // there is a circle
  BOOST_TEST(facts[1].colour == 0);  // there is black, since that there is none is denied
}

BOOST_AUTO_TEST_CASE(what_is_odd_is_named) {
  test::Scratch const scratch;
  auto const refused = [&](std::string const& questions, auto const&... words) {
    make(scratch.path(), questions);
    BOOST_CHECK_EXCEPTION(io::EasyVqa(scratch.path()), InputError, test::says(words...));
  };
  refused("{}", "questions.json", "a list of questions");
  refused(R"([["a","b",3],["a",1,3]])", "entry 2");
  refused(R"([["a","b",-3]])", "entry 1");
  refused(R"([["a","b",5]])", "5.png", "no such file");
}

// What vlpt demo and the card of tiny-vilt speak of.
BOOST_AUTO_TEST_CASE(the_committed_subset) {
  io::QuestionLines const train(committed / "colour-train.jsonl");
  io::QuestionLines const test(committed / "colour-test.jsonl", {.answers = train.class_names()});
  BOOST_TEST(train.class_names().size() == 8U);
  BOOST_TEST(train.size() == 305);
  BOOST_TEST(test.size() == 332);
  io::QuestionLines const presence(committed / "presence-train.jsonl");
  BOOST_TEST(presence.class_names().size() == 2U);
  io::Image picture;
  presence.image(presence.size() - 1, picture);
  BOOST_TEST(picture.width == 64);
}

BOOST_AUTO_TEST_SUITE_END()
