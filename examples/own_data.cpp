// Your own pictures, captions and questions, as docs/data.md tells it.
//! [includes]
#include <vlpt/io/dataset/caption_table.hpp>
#include <vlpt/io/dataset/preprocessor_config.hpp>
#include <vlpt/io/dataset/question_lines.hpp>
//! [includes]

#include <iostream>
#include <vector>

namespace {

//! [concept]
/// Any set of captions will do: a table, emoji with their names, your own class.
template <vlpt::io::CaptionSet Set>
void print_captions(Set const& set) {
  std::cout << set.size() << " captions of " << set.pictures() << " pictures\n";
  for (vlpt::Index i = 0; i < set.size(); ++i)
    std::cout << "  picture " << set.picture_of(i) << ": " << set.caption(i) << '\n';
}
//! [concept]

}  // namespace

int main() try {
  //! [captions]
  vlpt::io::CaptionTable const captions("examples/data/captions.csv");
  print_captions(captions);
  //! [captions]

  //! [questions]
  vlpt::io::QuestionLines const questions("examples/data/questions.jsonl",
                                          {.bad = vlpt::io::BadLines::skip});
  for (vlpt::Index i = 0; i < questions.size(); ++i) {
    std::cout << questions.question(i);
    for (auto const& [answer, score] : questions.scores(i))
      std::cout << "  " << questions.class_names()[static_cast<std::size_t>(answer)] << ' '
                << score;
    std::cout << '\n';
  }
  std::cout << vlpt::io::summary(questions.skipped(), questions.size()) << '\n';
  //! [questions]

  //! [preprocess]
  vlpt::io::Preprocess const how = vlpt::io::read_preprocess("examples/models/tiny-vit-mae");
  vlpt::io::Image picture;
  questions.image(0, picture);
  std::vector<float> planes(static_cast<std::size_t>(how.values()));  // (channels, size, size)
  vlpt::io::preprocess<float>(picture, how, planes);
  //! [preprocess]
  std::cout << picture.width << " x " << picture.height << " becomes " << how.channels << " x "
            << how.size << " x " << how.size << '\n';
} catch (vlpt::Error const& e) {
  std::cerr << e.what() << '\n';
  return e.exit_code();
}
