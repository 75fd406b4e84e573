#include <boost/test/unit_test.hpp>
#include <set>

#include "io/sample_images.hpp"
#include "io/tiny_font.hpp"
#include "vlpt/io/dataset/emoji_task.hpp"

using namespace vlpt;

namespace {

constexpr char const* list =
    "# emoji-test.txt\n"
    "# group: Faces & more\n"
    "# subgroup: face-smiling\n"
    "1F600 ; fully-qualified # x E1.0 grinning face\r\n"
    "1F601 FE0F ; fully-qualified # x E0.6 beaming face\n"
    "1F601 ; unqualified # x E0.6 beaming face\n"
    "1F602 200D 1F603 ; fully-qualified # x E0.6 a sequence\n"
    "\n"
    "# subgroup: hand\n"
    "1F602 ; fully-qualified # x E0.6 raised hand\n"
    "1F605 ; fully-qualified # x E0.6 not in the font";

io::EmojiFont font() {
  return {test::tiny_font(0x1F600, {test::alpha_png(), test::grey_png(), test::colour_png(), ""}),
          "tiny.ttf"};
}
io::EmojiSet set() { return {font(), io::parse_emoji_names(list, "list.txt")}; }

bool says(Error const& e, std::string const& part) {
  bool const found = std::string(e.what()).find(part) != std::string::npos;
  if (!found) BOOST_TEST_MESSAGE(e.what());
  return found;
}
auto saying(std::string part) {
  return [part = std::move(part)](InputError const& e) { return says(e, part); };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(emoji)

BOOST_AUTO_TEST_CASE(a_font_gives_the_picture_of_a_character) {
  auto const f = font();
  BOOST_TEST(f.picture(0x1F600) == test::alpha_png());
  BOOST_TEST(f.picture(0x1F602) == test::colour_png());
  BOOST_TEST(f.picture(0x1F603).empty());  // a glyph without a picture
  BOOST_TEST(f.picture(0x1F604).empty());  // no glyph
  BOOST_TEST(f.picture(0x41).empty());
}

BOOST_AUTO_TEST_CASE(a_damaged_font_is_refused) {
  std::string const whole = test::tiny_font(0x1F600, {test::grey_png(), test::colour_png()});
  auto const open = [](std::string bytes) { return io::EmojiFont(std::move(bytes), "tiny.ttf"); };
  BOOST_CHECK_EXCEPTION(open(""), InputError, saying("tiny.ttf: the font is damaged"));
  BOOST_CHECK_EXCEPTION(open("OTTO" + std::string(20, '\0')), InputError,
                        saying("no font with coloured pictures (it has no table cmap)"));
  auto const with = [&](std::size_t at, std::uint64_t value, int bytes) {
    std::string out = whole;
    return out.replace(at, static_cast<std::size_t>(bytes), test::big_endian(value, bytes));
  };
  BOOST_CHECK_EXCEPTION(open(with(12 + 8, 1'000'000, 4)), InputError, saying("its head"));
  BOOST_CHECK_EXCEPTION(open(with(60 + 12, 4, 2)), InputError, saying("subtable of format 12"));
  BOOST_CHECK_EXCEPTION(open(with(60 + 24, 0xffffffff, 4)), InputError, saying("cmap"));
  BOOST_CHECK_EXCEPTION(open(with(100 + 4, 0xffffff, 4)), InputError, saying("CBLC"));
  BOOST_CHECK_EXCEPTION(open(with(100 + 4, 0, 4)), InputError, saying("no strike"));
  BOOST_CHECK_EXCEPTION(open(with(100 + 8 + 8, 0xffffff, 4)), InputError, saying("CBLC"));
  BOOST_CHECK_EXCEPTION(open(with(100 + 56 + 10, 19, 2)), InputError, saying("image format 17"));
  // Its pictures are looked at when they are asked for.
  BOOST_CHECK_EXCEPTION((void)open(with(100 + 56 + 12, 0xfffffff, 4)).picture(0x1F600), InputError,
                        saying("CBDT"));
  for (std::size_t size = 0; size < whole.size(); ++size) try {
      (void)open(whole.substr(0, size)).picture(0x1F601);
      BOOST_ERROR("a font cut to " << size << " bytes was accepted");
    } catch (InputError const&) {
    }
}

BOOST_AUTO_TEST_CASE(names_are_those_of_single_characters) {
  auto const names = io::parse_emoji_names(list, "list.txt");
  BOOST_REQUIRE(names.size() == 4);
  BOOST_TEST(std::uint32_t{names[1].character} == 0x1F601);
  BOOST_TEST(names[1].name == "beaming face");
  BOOST_TEST(names[0].name == "grinning face");
  BOOST_TEST(names[0].group == "Faces & more");
  BOOST_TEST(names[0].subgroup == "face-smiling");
  BOOST_TEST(names[2].subgroup == "hand");
  auto const refused = [](std::string const& row, std::string const& part) {
    BOOST_CHECK_EXCEPTION(
        (void)io::parse_emoji_names("# group: a\n# subgroup: b\n" + row, "list.txt"), InputError,
        saying("list.txt, line 3: " + part));
  };
  refused("nonsense", "expected characters");
  refused("XY ; fully-qualified # x E1.0 name", "expected a character in hexadecimal");
  refused("110000 ; fully-qualified # x E1.0 name", "expected a character in hexadecimal");
  refused("1F600 ; fully-qualified # x", "the name is missing");
  BOOST_CHECK_EXCEPTION(
      (void)io::parse_emoji_names("1F600 ; fully-qualified # x E1.0 name", "list.txt"), InputError,
      saying("line 1: an emoji stands before its group"));
}

BOOST_AUTO_TEST_CASE(a_set_holds_what_the_font_draws_on_white_squares) {
  auto const s = set();
  BOOST_TEST(s.size() == 3);  // one of four names has no picture
  io::Image image;
  s.image(1, image);  // grey, 3 x 2
  BOOST_TEST(
      (image == io::Image{3, 3, 3, {0, 0, 0, 100, 100, 100, 255, 255, 255, 7,   7,   7,   8,  8,
                                    8, 9, 9, 9,   255, 255, 255, 255, 255, 255, 255, 255, 255}}));
  BOOST_CHECK_EXCEPTION(io::EmojiSet(font(), {{0x41, "a", "b", "c"}}), InputError,
                        saying("a picture for none of the 1"));
}

BOOST_AUTO_TEST_CASE(a_task_sorts_emoji_into_classes) {
  auto const all = std::make_shared<io::EmojiSet const>(set());
  io::EmojiTask const task(all, {{"hand", {"hand"}}, {"face", {"face-smiling", "none"}}});
  BOOST_TEST(task.size() == 3);
  BOOST_TEST(task.label(0) == 1);
  BOOST_TEST(task.label(2) == 0);
  BOOST_TEST(task.name(2) == "raised hand");
  BOOST_TEST((task.class_names() == std::vector<std::string>{"hand", "face"}));
  BOOST_CHECK_EXCEPTION(io::EmojiTask(all, {{"a", {"hand"}}, {"b", {"hand"}}}), InputError,
                        saying("two classes: a and b"));
  BOOST_CHECK_EXCEPTION(io::EmojiTask(all, {{"a", {"hand"}}, {"b", {"feet"}}}), InputError,
                        saying("no emoji of the class b"));
}

BOOST_AUTO_TEST_CASE(the_font_of_debian) {
  if (!io::is_there(io::EmojiSet::usual_font) || !io::is_there(io::EmojiSet::usual_names)) {
    BOOST_TEST_MESSAGE("skipped: fonts-noto-color-emoji or unicode-data is not installed");
    return;
  }
  auto const s = io::EmojiSet::open();
  BOOST_TEST(s.size() > 1300);  // 1,377 in Debian 12
  std::set<std::string> groups;
  io::Image image;
  for (Index i = 0; i < s.size(); ++i) {
    groups.insert(s[i].group);
    if (s[i].name == "red circle") {
      s.image(i, image);
      BOOST_TEST(image.width == 136);
      BOOST_TEST(image.height == 136);
      auto const* const middle = image.row(68) + 68 * 3;
      BOOST_TEST((middle[0] > 180 && middle[1] < 100 && middle[2] < 100));
      BOOST_TEST(+image.row(0)[0] == 255);
    }
  }
  BOOST_TEST(groups.size() == 9);
  BOOST_TEST(!image.pixels.empty());
}

BOOST_AUTO_TEST_SUITE_END()
