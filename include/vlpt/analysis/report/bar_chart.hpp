#pragma once
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "vlpt/analysis/report/escape.hpp"
#include "vlpt/analysis/report/number.hpp"
#include "vlpt/core/error.hpp"

namespace vlpt::report {

/// Groups of horizontal bars, one bar a series; every bar says its value. Values are not negative.
/// Colours come from the classes in style.hpp.
struct BarChart {
  struct Group {
    std::string name;
    std::vector<double> values;  // one a series
  };
  std::string title;
  std::vector<std::string> series;
  std::vector<Group> groups;

  /// For a page: text in the page's own size, bars as wide as there is room.
  [[nodiscard]] std::string html() const {
    double const most = longest();
    std::string out = "<ul class=\"legend\">\n";
    for (std::size_t i = 0; i < series.size(); ++i)
      out += "<li><i class=\"bar " + colour(i) + "\"></i>" + escape(series[i]) + "</li>\n";
    out += "</ul>\n";
    for (Group const& g : groups) {
      out += "<div class=\"bars\"><b>" + escape(g.name) + "</b>\n";
      for (std::size_t i = 0; i < g.values.size(); ++i)
        out += "<div><i class=\"bar " + colour(i) +
               "\" style=\"width:" + fixed(most > 0 ? 80 * g.values[i] / most : 0, 2) + "%\"></i>" +
               scaled(g.values[i]) + "</div>\n";
      out += "</div>\n";
    }
    return out;
  }

  /// For a document: a picture of its own, light, with its legend.
  [[nodiscard]] std::string svg() const {
    static constexpr std::array<std::string_view, 4> fills{"#1f5fd0", "#c2410c", "#0b7a4b",
                                                           "#8b2fb0"};
    double const most = longest(), room = 560;
    double x = 12, y = 20;
    auto const letters = [](std::string const& text) {
      return 7.5 * static_cast<double>(text.size());
    };
    auto const rect = [](double left, double top, double width, std::size_t i) {
      return "<rect x=\"" + fixed(left, 0) + "\" y=\"" + fixed(top, 0) + "\" width=\"" +
             fixed(std::max(1.0, width), 1) + "\" height=\"14\" rx=\"2\" fill=\"" +
             std::string(fills[i % fills.size()]) + "\"/>";
    };
    auto const words = [](double left, double top, std::string const& what, bool bold) {
      return "<text x=\"" + fixed(left, 0) + "\" y=\"" + fixed(top + 12, 0) + "\"" +
             (bold ? " font-weight=\"600\"" : "") + ">" + escape(what) + "</text>\n";
    };
    std::string body;
    for (std::size_t i = 0; i < series.size(); ++i) {
      body += rect(x, y, 26, i) + words(x + 32, y, series[i], false);
      x += 52 + letters(series[i]);
    }
    y += 30;
    for (Group const& g : groups) {
      body += words(12, y, g.name, true);
      y += 20;
      for (std::size_t i = 0; i < g.values.size(); ++i, y += 18) {
        double const width = most > 0 ? room * g.values[i] / most : 0;
        body += rect(12, y, width, i) + words(20 + width, y, scaled(g.values[i]), false);
      }
      y += 12;
    }
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 660 " + fixed(y, 0) +
           "\" role=\"img\" aria-label=\"" + escape(title) +
           "\" font-family=\"sans-serif\" font-size=\"13\" fill=\"#171a21\">\n"
           "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n" +
           body + "</svg>\n";
  }

 private:
  static std::string colour(std::size_t i) { return 'c' + std::to_string(i % 8); }
  [[nodiscard]] double longest() const {
    double most = 0;
    for (Group const& g : groups) {
      VLPT_CHECK(g.values.size() == series.size(), "bars '", g.name, "' of chart '", title,
                 "' are ", g.values.size(), ", the chart has ", series.size(), " series");
      for (double v : g.values) most = std::max(most, v);
    }
    return most;
  }
};

}  // namespace vlpt::report
