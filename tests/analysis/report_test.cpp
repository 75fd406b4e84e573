#include "vlpt/analysis/report/report.hpp"

#include <zlib.h>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "vlpt/analysis/report/axis.hpp"
#include "vlpt/analysis/report/escape.hpp"
#include "vlpt/analysis/report/html.hpp"
#include "vlpt/analysis/report/json.hpp"
#include "vlpt/analysis/report/markdown.hpp"
#include "vlpt/analysis/report/number.hpp"
#include "vlpt/analysis/report/png.hpp"

namespace {
using namespace vlpt::report;
using vlpt::InputError;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

bool contains(std::string const& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}
std::size_t count(std::string const& text, std::string_view part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

Report sample() {
  Report r{.title = "A & B",
           .summary = "<script>alert(1)</script>",
           .date = "2026-10-03",
           .command = "vlpt tune --data \"x\""};
  r.table = {{"None", 1290, 79691776, 0.0043, 0.743, 0.008},
             {"prompt::Deep<8>", 9482, 96468992, 0.0212, 0.802, missing, 0.7961}};
  r.table[1].backbone_before = r.table[1].backbone_after = "abc";
  r.charts = {{"Loss", "epoch", "nats", {{"None", {1, 2, 3}, {2, 1.5, 1}}}, false}};
  std::uint8_t const pixels[] = {0, 50, 100, 150, 200, 250};
  r.predictions = {{encode_png(pixels, 3, 2), "bag", "bag", 0.9},
                   {encode_png(pixels, 2, 1, 3), "shirt", "coat", 0.51}};
  r.facts = {{"Seeds", "1, 2, 3"}};
  r.notes = {"a < b"};
  return r;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(report)

BOOST_AUTO_TEST_CASE(numbers_read_well) {
  BOOST_TEST(grouped(0) == "0");
  BOOST_TEST(grouped(999) == "999");
  BOOST_TEST(grouped(1234567) == "1,234,567");
  BOOST_TEST(grouped(-123456) == "-123,456");
  BOOST_TEST(scaled(12) == "12");
  BOOST_TEST(scaled(92160) == "92.2 k");
  BOOST_TEST(scaled(999499) == "999 k");
  BOOST_TEST(scaled(999500) == "1.00 M");
  BOOST_TEST(scaled(17563828224.0) == "17.6 G");
  BOOST_TEST(duration(0) == "0 s");
  BOOST_TEST(duration(2.5e-5) == "25.0 µs");
  BOOST_TEST(duration(0.0212) == "21.2 ms");
  BOOST_TEST(duration(0.9996) == "1.00 s");
  BOOST_TEST(duration(123.4) == "123 s");
  BOOST_TEST(duration(missing) == "n/a");
  BOOST_TEST(percent(0.8412) == "84.1");
  BOOST_TEST(fixed(-0.01, 1) == "0.0");
}

BOOST_AUTO_TEST_CASE(axes_have_round_ticks) {
  Axis const loss = Axis::over(0.31, 2.2, 5).rounded();
  BOOST_TEST(loss.low == 0);
  BOOST_TEST(loss.high == 2.5);
  BOOST_TEST(loss.ticks().size() == 6U);
  BOOST_TEST(loss.label(0.5) == "0.5");
  BOOST_TEST(loss.label(0) == "0");
  Axis const epochs = Axis::over(1, 3, 6, true);
  BOOST_TEST(epochs.ticks() == (std::vector<double>{1, 2, 3}), boost::test_tools::per_element());
  BOOST_TEST(Axis::over(0, 30000, 6, true).label(25000) == "25 k");
  BOOST_TEST(Axis::over(1e-7, 3e-7, 5).label(2e-7) == "2.0e-07");
  for (double same : {0.0, -3.0, 1e12}) {
    Axis const flat = Axis::over(same, same, 5).rounded();
    BOOST_TEST(flat.low < same);
    BOOST_TEST(flat.high > same);
    BOOST_TEST(flat.ticks().size() >= 2U);
  }
}

BOOST_AUTO_TEST_CASE(text_is_escaped) {
  BOOST_TEST(escape("<a href=\"x\">'&") == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
  BOOST_TEST(escape_markdown("a|b\n<c>") == "a\\|b \\<c\\>");
  BOOST_TEST(shortened("prompt", 6) == "prompt");
  BOOST_TEST(shortened("prompts", 6) == "promp…");
  BOOST_TEST(shortened("äöüäöü!", 6) == "äöüäö…");
  std::string const words = "foobar";
  std::string const expected[] = {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
  for (std::size_t n = 0; n <= 6; ++n) {  // the test vectors of RFC 4648
    std::vector<std::uint8_t> const bytes(words.begin(), words.begin() + static_cast<long>(n));
    BOOST_TEST(base64(bytes) == expected[n]);
  }
}

BOOST_AUTO_TEST_CASE(a_png_holds_its_pixels) {
  std::uint8_t const pixels[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  for (vlpt::Index channels : {1, 3}) {
    vlpt::Index const width = channels == 1 ? 4 : 2, height = channels == 1 ? 3 : 2;
    auto const png = encode_png(pixels, width, height, channels);
    BOOST_TEST(is_png(png));
    // Walk the chunks: length, type, data, checksum.
    std::string types;
    std::vector<std::uint8_t> raw(64);
    for (std::size_t at = 8; at < png.size();) {
      auto number = [&](std::size_t p) {
        return std::size_t{png[p]} << 24 | std::size_t{png[p + 1]} << 16 |
               std::size_t{png[p + 2]} << 8 | png[p + 3];
      };
      std::size_t const size = number(at);
      std::string const type(png.begin() + static_cast<long>(at) + 4,
                             png.begin() + static_cast<long>(at) + 8);
      types += type + ' ';
      BOOST_TEST(number(at + 8 + size) == crc32(0, &png[at + 4], static_cast<uInt>(size + 4)));
      if (type == "IHDR") {
        BOOST_TEST(number(at + 8) == static_cast<std::size_t>(width));
        BOOST_TEST(number(at + 12) == static_cast<std::size_t>(height));
        BOOST_TEST(int{png[at + 16]} == 8);
        BOOST_TEST(int{png[at + 17]} == (channels == 1 ? 0 : 2));
      } else if (type == "IDAT") {
        uLongf n = raw.size();
        BOOST_TEST(uncompress(raw.data(), &n, &png[at + 8], static_cast<uLong>(size)) == Z_OK);
        raw.resize(n);
      }
      at += size + 12;
    }
    BOOST_TEST(types == "IHDR IDAT IEND ");
    auto const line = static_cast<std::size_t>(width * channels);
    BOOST_REQUIRE_EQUAL(raw.size(), (line + 1) * static_cast<std::size_t>(height));
    for (std::size_t i = 0; i < raw.size(); ++i)
      BOOST_TEST(int{raw[i]} == (i % (line + 1) == 0 ? 0 : pixels[i - i / (line + 1) - 1]));
  }
  BOOST_CHECK_THROW((void)encode_png(pixels, 4, 4), InputError);
  BOOST_CHECK_THROW((void)encode_png(pixels, 3, 2, 2), InputError);
  BOOST_CHECK_THROW((void)encode_png({}, 0, 0), InputError);
  BOOST_TEST(!is_png({}));
  BOOST_TEST(!is_png(std::vector<std::uint8_t>(20, 'x')));
}

BOOST_AUTO_TEST_CASE(markdown_table) {
  BOOST_TEST(to_markdown(sample()) ==
             "| policy | trained parameters | MACs per image | time per step | accuracy | mean of "
             "classes |\n"
             "|:--|--:|--:|--:|--:|--:|\n"
             "| None | 1,290 | 79.7 M | 4.3 ms | 74.3 ± 0.8 % | n/a |\n"
             "| prompt::Deep\\<8\\> | 9,482 | 96.5 M | 21.2 ms | 80.2 % | 79.6 % |\n");
}

BOOST_AUTO_TEST_CASE(json_says_it_all) {
  auto const j = nlohmann::json::parse(to_json(sample()));
  BOOST_TEST(j["table"].size() == 2U);
  BOOST_TEST(j["table"][1]["policy"] == "prompt::Deep<8>");
  BOOST_TEST(j["table"][1]["trained_parameters"] == 9482);
  BOOST_TEST(j["table"][1]["macs_per_image"].is_number_integer());
  BOOST_TEST(j["table"][1]["accuracy_std"].is_null());
  BOOST_TEST(j["table"][0]["class_mean"].is_null());
  BOOST_TEST(j["table"][1]["class_mean"] == 0.7961);
  BOOST_TEST(j["backbone"]["unchanged"] == true);
  BOOST_TEST(j["charts"][0]["curves"][0]["y"][1] == 1.5);
  BOOST_TEST(j["predictions"][1]["predicted_class"] == "coat");
  BOOST_TEST(j["facts"]["Seeds"] == "1, 2, 3");
  Report bad;
  bad.title = "\xff";
  BOOST_TEST(!nlohmann::json::parse(to_json(bad)).contains("backbone"));
}

BOOST_AUTO_TEST_CASE(html_is_escaped_complete_and_offline) {
  auto const html = to_html(sample());
  BOOST_TEST(contains(html, "<h1>A &amp; B</h1>"));
  BOOST_TEST(!contains(html, "<script"));
  BOOST_TEST(!contains(html, "http://"));
  BOOST_TEST(!contains(html, "https://"));
  BOOST_TEST(contains(html, "default-src 'none'"));
  BOOST_TEST(contains(html, "prompt::Deep&lt;8&gt;<span class=\"tag\">best</span>"));
  BOOST_TEST(contains(html, "74.3 ± 0.8 %"));
  BOOST_TEST(contains(html, "<td>79.6 %</td>"));
  BOOST_TEST(contains(html, "✓ unchanged"));
  BOOST_TEST(count(html, "src=\"data:image/png;base64,iVBORw0KGgo") == 2U);
  BOOST_TEST(count(html, "class=\"picture wrong\"") == 1U);
  BOOST_TEST(contains(html, "is shirt"));
  BOOST_TEST(contains(html, "1 of 2 are classified right"));
  BOOST_TEST(contains(html, "--data &quot;x&quot;"));
  BOOST_TEST(html == to_html(sample()));
  for (auto tag : {"section", "figure", "div", "table", "tr", "td", "svg", "text", "path", "dl"})
    BOOST_TEST(
        count(html, std::string("<") + tag + ">") + count(html, std::string("<") + tag + " ") ==
            count(html, std::string("</") + tag + ">") +
                (std::string(tag) == "path" ? count(html, "/>") - count(html, "<circle") : 0),
        "unbalanced " << tag);
}

BOOST_AUTO_TEST_CASE(no_text_gets_into_the_page_raw) {
  std::string const x = "<x>\"";
  auto const png = sample().predictions[0].png;
  Report const r{x,
                 x,
                 x,
                 x,
                 {{x}},
                 {{x, x, x, {{x, {1}, {1}}}, false}},
                 {{png, x, x, 1}, {png, x, x + "y", 1}},
                 {{x, x}},
                 {x}};
  Report more = r;
  more.table.push_back({.policy = x,
                        .group = x,
                        .seconds_per_answer = 1,
                        .tasks = {{x, 0.5}},
                        .backbone_before = x,
                        .backbone_after = x});
  auto const html = to_html(more);
  BOOST_TEST(!contains(html, "<x>"));
  BOOST_TEST(!contains(html, "&gt;\""));
  BOOST_TEST(count(html, "&lt;x&gt;&quot;") >= 20U);
}

BOOST_AUTO_TEST_CASE(a_changed_backbone_is_shouted) {
  auto r = sample();
  r.table[1].backbone_after = "abd";
  BOOST_TEST(contains(to_html(r), "✗ CHANGED"));
  BOOST_TEST(!contains(to_html(r), "✓ unchanged"));
}

BOOST_AUTO_TEST_CASE(an_empty_report_is_a_page) {
  auto const html = to_html({});
  BOOST_TEST(contains(html, "</html>"));
  BOOST_TEST(!contains(html, "<section>"));
  BOOST_TEST(!contains(html, "class=\"tiles\""));
}

BOOST_AUTO_TEST_CASE(curves_keep_inside_and_break_at_gaps) {
  Chart const chart{"t", "x", "y", {{"a", {1, 2, 3, 4}, {0.5, missing, 0.25, 1.0}}}, true};
  auto const svg = LineChart(chart).svg();
  BOOST_TEST(contains(svg, "100 %"));
  auto const begin = svg.find(" d=\"M", svg.find("class=\"line c0\""));
  auto const path = svg.substr(begin, svg.find("\"/>", begin) - begin);
  BOOST_TEST(count(path.substr(0, path.find("\"><title>")), "M") == 2U);
  BOOST_TEST(!contains(svg, "nan"));
  BOOST_TEST(contains(LineChart(Chart{}).svg(), "nothing to draw"));
  Chart const lost{"t", "x", "y", {{"a", {1}, {missing}}}, false};
  BOOST_TEST(contains(LineChart(lost).svg(), "nothing to draw"));
  Chart const uneven{"t", "x", "y", {{"deep", {1, 2}, {1}}}, false};
  BOOST_CHECK_EXCEPTION((void)LineChart(uneven).svg(), InputError,
                        [](auto const& e) { return contains(e.what(), "'deep'"); });
}

BOOST_AUTO_TEST_CASE(only_png_files_are_taken) {
  auto r = sample();
  r.predictions[0].png = {'G', 'I', 'F'};
  BOOST_CHECK_THROW((void)to_html(r), InputError);
}

BOOST_AUTO_TEST_CASE(the_best_row) {
  Report r;
  BOOST_TEST(r.best_row("") == -1);
  r.table = {{"a"}, {"b"}, {"c"}, {"d"}};
  r.table[0].accuracy_mean = missing;
  r.table[2].accuracy_mean = 0.5;
  r.table[3].accuracy_mean = 0.9, r.table[3].group = "questions";
  BOOST_TEST(r.best_row("") == 2);
  BOOST_TEST(r.best_row("questions") == 3);
}

// Rows of different tasks stand apart, each group with a best one of its own.
BOOST_AUTO_TEST_CASE(groups_of_rows) {
  auto r = sample();
  r.table[0].group = "pictures", r.table[1].group = "questions";
  r.table[0].tasks = {{"food", 0.75}, {"animals", 0.25}};
  r.table[1].seconds_per_answer = 0.004;
  auto const html = to_html(r);
  BOOST_TEST(count(html, "class=\"group\"") == 2U);
  BOOST_TEST(count(html, "<span class=\"tag\">best</span>") == 2U);
  BOOST_TEST(contains(html, "Task by task"));
  BOOST_TEST(contains(html, "<td>75.0 %</td><td>25.0 %</td>"));
  BOOST_TEST(contains(html, "4.0 ms"));
  auto const j = nlohmann::json::parse(to_json(r));
  BOOST_TEST(j["table"][0]["tasks"]["food"] == 0.75);
  BOOST_TEST(j["table"][1]["group"] == "questions");
  BOOST_TEST(j["table"][0]["seconds_per_answer"].is_null());
}

BOOST_AUTO_TEST_SUITE_END()
