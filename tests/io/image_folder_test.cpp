#include "vlpt/io/dataset/image_folder.hpp"

#include <boost/test/unit_test.hpp>

#include "sample_images.hpp"
#include "scratch.hpp"

using namespace vlpt;
using io::ImageFolder;
using Names = std::vector<std::string>;
using test::says;
using test::Scratch;

namespace {

void refused(std::filesystem::path const& folder, char const* what, char const* more = "",
             ImageFolder::SkipBad skip = ImageFolder::SkipBad::no) {
  BOOST_CHECK_EXCEPTION(ImageFolder(folder, skip), InputError, says(what, more));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(image_folder)

BOOST_AUTO_TEST_CASE(one_subfolder_a_class) {
  Scratch const s;
  s.file("dog/2.PNG", test::colour_png());
  s.file("dog/1.jpeg", test::colour_jpeg());
  s.file("cat/a.png", test::grey_png());
  s.file("cat/.hidden", "");
  s.file("README.txt", "");
  ImageFolder const data(s.path());
  BOOST_TEST(data.size() == 3);
  BOOST_TEST((data.class_names() == Names{"cat", "dog"}));
  BOOST_TEST(data.label(0) == 0);
  BOOST_TEST(data.label(2) == 1);
  BOOST_TEST(data.file(1).filename() == "1.jpeg");
  io::Image image;
  data.image(1, image);
  BOOST_TEST(image.width == 16);
  data.image(0, image);
  BOOST_TEST(image.channels == 1);
}

BOOST_AUTO_TEST_CASE(a_table_of_labels) {
  Scratch const s;
  s.file("pics/one.png", test::grey_png());
  s.file("two, three.png", test::colour_png());
  s.file("labels.csv", "file,label\r\npics/one.png,zebra\r\n\"two, three.png\",ant\r\n");
  ImageFolder const data(s.path());
  BOOST_TEST((data.class_names() == Names{"ant", "zebra"}));
  BOOST_TEST(data.size() == 2);
  BOOST_TEST(data.label(0) == 1);
  BOOST_TEST(data.file(1).filename() == "two, three.png");
}

BOOST_AUTO_TEST_CASE(bad_folders) {
  Scratch const s;
  refused(s / "none", "none", "no such folder");
  refused(std::string(5000, 'x'), "xxx", "no such folder");
  refused(s.path(), "neither labels.csv");
  std::filesystem::create_directory(s / "cat");
  refused(s.path(), "no images");
  s.file("dog/1.png", test::grey_png());
  refused(s.path(), "the class cat has no images");
  s.file("cat/notes.txt", "x");
  refused(s.path(), "cat/notes.txt", "only");
  std::filesystem::remove(s / "cat/notes.txt");
  s.file("cat/1.png", test::grey_png());
  s.file("M\xe4use/1.png", test::grey_png());
  refused(s.path(), "M\xe4use", "not UTF-8");
}

BOOST_AUTO_TEST_CASE(bad_tables) {
  Scratch const s;
  s.file("a.png", test::grey_png());
  auto const with = [&](char const* csv, char const* what, char const* more = "labels.csv") {
    s.file("labels.csv", csv);
    refused(s.path(), what, more);
  };
  with("", "file,label");
  with("label,file\na.png,x\n", "file,label");
  with("file,label\n", "no images", "");
  with("file,label\na.png\n", "line 2: a file and a label");
  with("file,label\na.png,x\na.png,\n", "line 3: a file and a label");
  with("file,label\na.png,x\n\nb.png,x\n", "line 4: there is no file", "b.png");
  with("file,label\na.png,x\n\n./a.png,y\n", "lines 2 and 4", "named twice");
  with("file,label\na.png,M\xe4use\n", "line 2", "save the table as UTF-8");
  with("file,label\n\"a.png,x\n", "never closed");
}

BOOST_AUTO_TEST_CASE(undecodable_images) {
  Scratch const s;
  s.file("cat/1.png", test::grey_png());
  s.file("cat/2.png", test::grey_png().substr(0, 50));
  s.file("cat/3.gif", "GIF89a");
  refused(s.path(), "cat/3.gif");
  ImageFolder const data(s.path(), ImageFolder::SkipBad::yes);
  BOOST_TEST(data.size() == 1);
  BOOST_TEST_REQUIRE(data.skipped().size() == 2U);
  BOOST_TEST(data.skipped()[0].file.filename() == "3.gif");
  BOOST_TEST(data.skipped()[1].file.filename() == "2.png");
  BOOST_TEST(says("2.png", "truncated")(std::runtime_error(data.skipped()[1].reason)));
  std::filesystem::remove(s / "cat/3.gif");
  ImageFolder const strict(s.path());  // decoding is lazy, the error comes with the image
  io::Image image;
  BOOST_CHECK_EXCEPTION(strict.image(1, image), InputError, says("2.png", "truncated"));
  std::filesystem::remove(s / "cat/1.png");
  refused(s.path(), "no images", "1 were skipped", ImageFolder::SkipBad::yes);
}

BOOST_AUTO_TEST_SUITE_END()
