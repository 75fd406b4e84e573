#include "vlpt/models/text_layout.hpp"

#include <boost/test/unit_test.hpp>

using namespace vlpt;

namespace {

constexpr TextTowerFacts facts{.vocabulary = 10, .tokens = 12, .dim = 4, .depth = 1, .hidden = 4};

/// [1, name, 2, 9, padding], names of one and of three words.
ClassTexts texts() { return {2, 6, {1, 3, 2, 9, 0, 0, 1, 4, 5, 6, 2, 9}, {1, 3}}; }

/// A text as it is put together: words, and context row j as 100 + j.
std::vector<Index> assembled(TextLayout const& layout, Index k) {
  auto const rows = layout.rows(0);
  std::vector<Index> out;
  for (Index i = 0; i < rows.tokens; ++i) {
    Index const from = rows.order[k * rows.tokens + i];
    out.push_back(from < rows.words ? rows.ids[k * rows.words + from] : 100 + from - rows.words);
  }
  return out;
}
using List = std::vector<Index>;

}  // namespace

BOOST_AUTO_TEST_SUITE(text_layout)

BOOST_AUTO_TEST_CASE(texts_end_with_the_longest) {
  TextLayout const layout(texts(), facts, 0, ContextPlace::end, false, 64, 32);
  BOOST_TEST(layout.chunks() == 1);
  BOOST_TEST((assembled(layout, 0) == List{1, 3, 2, 9, 0, 0}));
  auto const& all = layout.chunk(0);
  BOOST_TEST(all.tokens == 6);
  BOOST_TEST(all.read.first == 3);
  BOOST_TEST(all.read.count == 3);
  BOOST_TEST(layout.ends(0)[0] == 0);
  BOOST_TEST(layout.ends(0)[1] == 2);
  TextLayout const whole(texts(), facts, 0, ContextPlace::end, true, 64, 32);
  BOOST_TEST(whole.chunk(0).tokens == 12);
  BOOST_TEST(whole.ends(0)[1] == 5);
}

// Of an odd number the smaller half stands before the name.
BOOST_AUTO_TEST_CASE(a_context_stands_where_its_place_says) {
  using enum ContextPlace;
  auto const at = [](ContextPlace place, Index k) {
    return assembled(TextLayout(texts(), facts, 3, place, false, 64, 32), k);
  };
  BOOST_TEST((at(end, 0) == List{1, 100, 101, 102, 3, 2, 9, 0, 0}));
  BOOST_TEST((at(middle, 0) == List{1, 100, 3, 101, 102, 2, 9, 0, 0}));
  BOOST_TEST((at(middle, 1) == List{1, 100, 4, 5, 6, 101, 102, 2, 9}));
  BOOST_TEST((at(front, 1) == List{1, 4, 5, 6, 100, 101, 102, 2, 9}));
}

BOOST_AUTO_TEST_CASE(chunks_read_between_their_own_end_tokens) {
  TextLayout const layout(texts(), facts, 2, ContextPlace::front, false, 1, 32);
  BOOST_TEST(layout.chunks() == 2);
  BOOST_TEST(layout.chunk(0).read.first == 5);
  BOOST_TEST(layout.chunk(0).read.count == 1);
  BOOST_TEST(layout.ends(1)[0] == 0);
}

// Four texts that end at rows 3, 5, 3 and 4: those of a length, and those that have one row too
// many.
BOOST_AUTO_TEST_CASE(texts_that_end_alike_stand_together) {
  ClassTexts const t{
      4, 6, {1, 3, 2, 9, 0, 0, 1, 4, 5, 6, 2, 9, 1, 5, 2, 9, 0, 0, 1, 7, 3, 2, 9, 0}};
  auto const counts = [&](Index most, Index padding) {
    TextLayout const layout(t, facts, 0, ContextPlace::end, false, most, padding);
    List out;
    for (Index i = 0; i < layout.chunks(); ++i)
      for (Index const n : {layout.chunk(i).count, layout.chunk(i).tokens}) out.push_back(n);
    return out;
  };
  BOOST_TEST((counts(64, 0) == List{2, 4, 1, 5, 1, 6}));
  BOOST_TEST((counts(64, 1) == List{2, 4, 2, 6}));
  BOOST_TEST((counts(64, 4) == List{3, 5, 1, 6}));
  BOOST_TEST((counts(64, 5) == List{4, 6}));
  BOOST_TEST((counts(2, 32) == List{2, 4, 2, 6}));
  BOOST_TEST((counts(1, 0) == List{1, 4, 1, 4, 1, 5, 1, 6}));
  TextLayout const apart(t, facts, 0, ContextPlace::end, false, 64, 0);
  BOOST_TEST((assembled(apart, 1) == List{1, 5, 2, 9}));  // the third text
  BOOST_TEST(apart.rows(0).tokens == 4);
  BOOST_TEST(apart.rows(2).ids[5] == 9);
  BOOST_TEST(apart.places().text_at(1) == 2);
  BOOST_TEST(apart.kept());
}

// [1, words, end]: all start with 1 3 5.
BOOST_AUTO_TEST_CASE(texts_share_the_rows_with_which_all_start) {
  using enum ContextPlace;
  ClassTexts const t{3, 6, {1, 3, 5, 4, 9, 0, 1, 3, 5, 9, 0, 0, 1, 3, 5, 6, 7, 9}, {3, 2, 4}};
  auto const shared = [&](ClassTexts const& of, Index inserted, ContextPlace place,
                          bool whole = false) {
    TextLayout const layout(of, facts, inserted, place, whole, 64, 32);
    TextLayout const apart(of, facts, inserted, place, whole, 64, 0);
    BOOST_TEST(apart.prefix(true) == layout.prefix(true));
    BOOST_TEST(apart.prefix(false) == layout.prefix(false));
    return std::pair{layout.prefix(true), layout.prefix(false)};
  };
  BOOST_TEST((shared(t, 0, end) == std::pair<Index, Index>{3, 3}));  // the second ends at row 3
  BOOST_TEST((shared(t, 0, end, true) == std::pair<Index, Index>{0, 0}));
  BOOST_TEST((shared(t, 2, end) == std::pair<Index, Index>{5, 1}));     // 1 c c 3 5
  BOOST_TEST((shared(t, 2, middle) == std::pair<Index, Index>{4, 1}));  // 1 c 3 5
  BOOST_TEST((shared(t, 2, front) == std::pair<Index, Index>{3, 3}));   // names: 1 3 5
  ClassTexts const alone{1, 4, {1, 3, 5, 9}, {2}}, twice{2, 3, {1, 3, 9, 1, 3, 9}, {1, 1}};
  BOOST_TEST((shared(alone, 2, end) == std::pair<Index, Index>{0, 0}));
  BOOST_TEST((shared(twice, 2, front) == std::pair<Index, Index>{4, 2}));  // up to the end token
  BOOST_TEST((shared(ClassTexts::blank(3, 5), 2, end) == std::pair<Index, Index>{3, 1}));
}

BOOST_AUTO_TEST_CASE(texts_that_do_not_fit_are_refused) {
  auto const refused = [](ClassTexts const& t, Index inserted, std::string const& says) {
    BOOST_CHECK_EXCEPTION(
        TextLayout(t, facts, inserted, ContextPlace::middle, false, 64, 32), InputError,
        [&](InputError const& e) { return std::string(e.what()).find(says) != std::string::npos; });
  };
  auto t = texts();
  refused(t, 7, "13 tokens");
  t.ids[3] = 10;
  refused(t, 0, "word 10");
  t = texts(), t.name_lengths = {1};
  refused(t, 2, "got 1 for 2 classes");
  t = texts(), t.name_lengths[0] = 3;
  refused(t, 2, "the name of class 0 is 3 words long");
  t = texts(), t.ids.pop_back();
  refused(t, 0, "11 words do not make 2 texts of 6");
  refused({}, 0, "at least one class");
}

BOOST_AUTO_TEST_SUITE_END()
