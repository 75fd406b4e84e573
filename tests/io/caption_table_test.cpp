#include "vlpt/io/dataset/caption_table.hpp"

#include <boost/test/unit_test.hpp>

#include "sample_images.hpp"
#include "scratch.hpp"

using namespace vlpt;
using io::BadLines;
using io::CaptionTable;
using test::says;
using test::Scratch;

BOOST_AUTO_TEST_SUITE(caption_table)

BOOST_AUTO_TEST_CASE(several_captions_of_a_picture) {
  Scratch const s;
  s.file("pics/a.png", test::grey_png());
  auto const b = s.file("b, c.png", test::colour_png());
  CaptionTable const data(s.file(
      "t/captions.csv", text("file,caption\r\n../pics/a.png,a cat\r\n\"", b.string(),
                             "\",\"a \"\"dog\"\", and\na ball\"\r\n./../pics/a.png,cats\n")));
  BOOST_TEST(data.size() == 3);
  BOOST_TEST(data.caption(1) == "a \"dog\", and\na ball");
  BOOST_TEST(data.pictures() == 2);
  BOOST_TEST(data.picture_of(0) == 0);
  BOOST_TEST(data.picture_of(2) == 0);
  BOOST_TEST(data.file(1) == b);
  io::Image image;
  data.image(2, image);
  BOOST_TEST(image.width == 3);
}

BOOST_AUTO_TEST_CASE(bad_tables) {
  Scratch const s;
  s.file("a.png", test::grey_png());
  s.file("cut.png", test::grey_png().substr(0, 50));
  auto const refused = [&](std::string const& csv, char const* what, char const* more = "c.csv") {
    auto const file = s.file("c.csv", csv);
    BOOST_CHECK_EXCEPTION(CaptionTable{file}, InputError, says(what, more));
  };
  refused("", "file,caption");
  refused("caption,file\na,a.png\n", "file,caption");
  refused("file,caption\n", "no captions");
  refused("file,caption\na.png,\"x\n", "never closed");
  refused("file,caption\n\na.png\n", "line 3: a file and a caption are expected, found 1");
  refused("file,caption\na.png,x,y\n", "line 2", "commas in quotes");
  refused("file,caption\na.png, \n", "line 2: the caption of a.png is empty");
  refused("file,caption\nb.png,x\n", "line 2: there is no file", "b.png");
  refused("file,caption\n,x\n", "line 2: the name of the picture is empty");
  refused("file,caption\na.png,M\xe4use\n", "line 2: the caption is not UTF-8");
  auto const file = s.file("c.csv", "file,caption\na.png,x\nb.png,x\ncut.png,x\ncut.png,y\n");
  CaptionTable const rest(file, BadLines::skip);
  BOOST_TEST(rest.size() == 1);
  BOOST_TEST(rest.pictures() == 1);
  auto const said = io::summary(rest.skipped(), rest.size(), 2);
  BOOST_TEST(said.starts_with("3 of 4 lines were skipped:\n  line 3: there is no file"), said);
  BOOST_TEST(said.find("line 4: " + (s / "cut.png").string() + ": the PNG is trunc") != said.npos);
  BOOST_TEST(said.ends_with("\n  and 1 more"), said);
  BOOST_TEST(io::summary({}, 3).empty());
  BOOST_CHECK_EXCEPTION(CaptionTable(s.file("d.csv", "file,caption\nb.png,x\n"), BadLines::skip),
                        InputError, says("no captions; 1 of 1 lines were skipped", "b.png"));
}

BOOST_AUTO_TEST_SUITE_END()
