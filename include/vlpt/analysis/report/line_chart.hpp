#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "vlpt/analysis/report/axis.hpp"
#include "vlpt/analysis/report/escape.hpp"
#include "vlpt/analysis/report/number.hpp"
#include "vlpt/analysis/report/report.hpp"
#include "vlpt/core/error.hpp"

namespace vlpt::report {

/// The look of the i-th curve: its colour (CSS classes c0 to c7) and its dashes, so that curves
/// differ without colour as well.
[[nodiscard]] inline std::string stroke(std::size_t i) {
  constexpr std::array<std::string_view, 5> dashes{"", "7 4", "2 4", "11 3 2 3", "15 6"};
  std::string const dash(dashes[i % dashes.size()]);
  return "class=\"line c" + std::to_string(i % 8) + "\"" +
         (dash.empty() ? "" : " stroke-dasharray=\"" + dash + "\"");
}

/// A line chart as one <svg> element, every point drawn, each curve named at its end.
/// Colours and text sizes come from the classes in style.hpp.
class LineChart {
 public:
  explicit LineChart(Chart const& chart) : chart_(chart), factor_(chart.percent ? 100 : 1) {
    double x0 = 0, x1 = 0, y0 = 0, y1 = 0;
    bool whole = true;
    for (auto const& c : chart.curves) {
      VLPT_CHECK(c.x.size() == c.y.size(), "curve '", c.name, "' of chart '", chart.title, "' has ",
                 c.x.size(), " x, but ", c.y.size(), " y");
      for (std::size_t i = 0; i < c.x.size(); ++i) {
        if (!drawable(c, i)) continue;
        double const x = c.x[i], y = c.y[i] * factor_;
        if (empty_) x0 = x1 = x, y0 = y1 = y;
        empty_ = false;
        x0 = std::min(x0, x), x1 = std::max(x1, x);
        y0 = std::min(y0, y), y1 = std::max(y1, y);
        whole = whole && x == std::floor(x);
      }
    }
    x_ = Axis::over(x0, x1, 6, whole);
    y_ = Axis::over(y0, y1, 5).rounded();

    // 10 units hold a bold letter of size 15, the one used on a phone.
    std::size_t letters = 0, digits = 0;
    for (double t : y_.ticks()) digits = std::max(digits, y_label(t).size());
    for (std::size_t i = 0; i < chart.curves.size(); ++i)
      letters = std::max(letters, std::min<std::size_t>(name(i).size(), longest_name));
    left_ = 12 + 10 * static_cast<double>(digits);
    right_ = width - 22 - 10 * static_cast<double>(letters);
  }

  [[nodiscard]] std::string svg() const {
    std::string out = "<svg viewBox=\"0 0 480 300\" role=\"img\" aria-label=\"" +
                      escape(chart_.title + ": " + chart_.y_label + " over " + chart_.x_label) +
                      "\">\n";
    if (empty_) return out + text(240, 150, "middle", "tick", "nothing to draw") + "</svg>\n";
    out += axes();
    for (std::size_t i = 0; i < chart_.curves.size(); ++i) out += line(i);
    return out + labels() + "</svg>\n";
  }

 private:
  static constexpr double width = 480, top = 12, bottom = 250;
  static constexpr int longest_name = 13;

  static bool drawable(Curve const& c, std::size_t i) {  // false for NaN, too
    return std::abs(c.x[i]) < 1e30 && std::abs(c.y[i]) < 1e30;
  }
  [[nodiscard]] double across(double x) const { return left_ + (right_ - left_) * x_.position(x); }
  [[nodiscard]] double down(double y) const {
    return bottom - (bottom - top) * y_.position(y * factor_);
  }
  static std::string at(double v) { return fixed(v, 1); }
  static std::string text(double x, double y, std::string const& anchor, std::string const& look,
                          std::string const& words) {
    return "<text x=\"" + at(x) + "\" y=\"" + at(y) + "\" text-anchor=\"" + anchor + "\" class=\"" +
           look + "\">" + escape(words) + "</text>\n";
  }
  static std::string straight(double x0, double y0, double x1, double y1, std::string const& look) {
    return "<path d=\"M" + at(x0) + ' ' + at(y0) + 'L' + at(x1) + ' ' + at(y1) + "\" class=\"" +
           look + "\"/>\n";
  }

  [[nodiscard]] std::string y_label(double tick) const {
    return y_.label(tick) + (chart_.percent ? " %" : "");
  }
  [[nodiscard]] std::string axes() const {
    std::string out;
    for (double t : y_.ticks()) {
      double const y = down(t / factor_);
      out += straight(left_, y, right_, y, "grid");
      out += text(left_ - 8, y + 4, "end", "tick", y_label(t));
    }
    out += straight(left_, bottom, right_, bottom, "axis");
    for (double t : x_.ticks()) {
      out += straight(across(t), bottom, across(t), bottom + 5, "axis");
      out += text(across(t), bottom + 19, "middle", "tick", x_.label(t));
    }
    return out + text((left_ + right_) / 2, bottom + 41, "middle", "label", chart_.x_label);
  }

  [[nodiscard]] std::string line(std::size_t which) const {
    auto const& c = chart_.curves[which];
    std::string path;
    bool down_on_paper = false;
    for (std::size_t i = 0; i < c.x.size(); ++i) {
      bool const draw = drawable(c, i);
      if (draw)
        path += (down_on_paper ? "L" : "M") + at(across(c.x[i])) + ' ' + at(down(c.y[i])) +
                (down_on_paper ? "" : "h0");  // h0: a lone point shows as a dot
      down_on_paper = draw;
    }
    return "<path " + stroke(which) + " d=\"" + path + "\"><title>" + escape(c.name) +
           "</title></path>\n";
  }

  /// A curve's name without leading namespaces, short enough to stand beside it.
  [[nodiscard]] std::string name(std::size_t curve) const {
    std::string_view full = chart_.curves[curve].name;
    if (auto const colons = full.substr(0, full.find('<')).rfind("::");
        colons != std::string_view::npos)
      full.remove_prefix(colons + 2);
    return shortened(full, longest_name);
  }

  /// The names, beside the curves' last points and pushed apart where they would overlap.
  [[nodiscard]] std::string labels() const {
    struct Label {
      std::size_t curve;
      double x, y, place;
    };
    std::vector<Label> all;
    for (std::size_t k = 0; k < chart_.curves.size(); ++k) {
      auto const& c = chart_.curves[k];
      for (std::size_t i = c.x.size(); i-- > 0;)
        if (drawable(c, i)) {
          double const y = down(c.y[i]);
          all.push_back({k, across(c.x[i]), y, y});
          break;
        }
    }
    std::stable_sort(all.begin(), all.end(), [](auto& a, auto& b) { return a.y < b.y; });
    double const apart = std::min(18.0, (bottom - top) / static_cast<double>(all.size()));
    for (std::size_t i = 1; i < all.size(); ++i)
      all[i].place = std::max(all[i].place, all[i - 1].place + apart);
    double limit = bottom;
    for (std::size_t i = all.size(); i-- > 0; limit -= apart)
      all[i].place = std::min(all[i].place, limit);

    std::string out;
    for (auto const& l : all) {
      std::string const colour = " c" + std::to_string(l.curve % 8);
      out += "<circle cx=\"" + at(l.x) + "\" cy=\"" + at(l.y) + "\" r=\"3.5\" class=\"dot" +
             colour + "\"/>\n";
      out += straight(l.x + 5, l.y, right_ + 12, l.place, "leader");
      out += text(right_ + 16, l.place + 4, "start", "name" + colour, name(l.curve));
    }
    return out;
  }

  Chart const& chart_;
  double factor_;
  double left_ = 0, right_ = 0;  ///< the ends of the plot: before it the ticks, after it the names
  bool empty_ = true;
  Axis x_, y_;
};

}  // namespace vlpt::report
