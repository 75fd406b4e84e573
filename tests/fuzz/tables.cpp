// A user's tables: captions in CSV, labels in CSV, questions in JSON lines, lists of answers.
#include "io/sample_images.hpp"
#include "target.hpp"
#include "vlpt/io/dataset/caption_table.hpp"
#include "vlpt/io/dataset/question_lines.hpp"

namespace {

using vlpt::io::BadLines;

/// Whether that goes without an error.
template <class F>
bool goes(F const& f) {
  try {
    f();
    return true;
  } catch (vlpt::InputError const&) {
    return false;
  }
}

void read(std::string_view content) {
  static auto const picture = vlpt::fuzz::file_of(vlpt::test::grey_png(), "a.png");
  auto const path = vlpt::fuzz::file_of(content, "x");
  vlpt::io::Image image;
  bool any = goes([&] { (void)vlpt::io::parse_csv(content, "x"); });
  for (auto bad : {BadLines::refuse, BadLines::skip}) {
    any = goes([&] {
            vlpt::io::CaptionTable const data(path, bad);
            data.image(data.size() - 1, image);
          }) ||
          any;
    for (vlpt::Index most : {0, 2})
      any = goes([&] {
              vlpt::io::QuestionLines const data(path, {.most = most, .bad = bad});
              (void)data.label(0);
              data.image(data.size() - 1, image);
            }) ||
            any;
  }
  any = goes([&] { (void)vlpt::io::read_answers(path); }) || any;
  if (!any) throw vlpt::InputError("it is none of these tables");
}

vlpt::fuzz::Target const target{"tables", read};

}  // namespace
