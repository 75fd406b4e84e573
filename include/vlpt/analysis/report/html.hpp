#pragma once
#include <algorithm>
#include <cmath>
#include <string>

#include "vlpt/analysis/report/escape.hpp"
#include "vlpt/analysis/report/frame.hpp"
#include "vlpt/analysis/report/line_chart.hpp"
#include "vlpt/analysis/report/markdown.hpp"
#include "vlpt/analysis/report/number.hpp"
#include "vlpt/analysis/report/png.hpp"
#include "vlpt/analysis/report/report.hpp"
#include "vlpt/core/error.hpp"

namespace vlpt::report {

/// The parts of the page, top to bottom; each is empty when the report has nothing for it.
class Page {
 public:
  explicit Page(Report const& report) : report_(report) {}

  [[nodiscard]] std::string html() const {
    return frame(report_.title, report_.summary, report_.date,
                 tiles() + table() + tasks() + charts() + pictures() + facts() + notes());
  }

 private:
  [[nodiscard]] bool timed() const {
    return std::ranges::any_of(
        report_.table, [](TableRow const& row) { return !std::isnan(row.seconds_per_answer); });
  }
  [[nodiscard]] std::string tiles() const {
    std::string out;
    for (std::string const& group : report_.groups())
      if (Index const best = report_.best_row(group); best >= 0) {
        auto const& row = report_.table[static_cast<std::size_t>(best)];
        out += tile(group.empty() ? "Best accuracy" : "Best, " + escape(group), accuracy_text(row),
                    row.policy);
        if (report_.groups().size() > 1) continue;
        out += tile("Trained parameters", grouped(row.trained_parameters), "by the best policy");
        out += tile("Cost of one image", scaled(static_cast<double>(row.macs_per_image)),
                    "multiply-accumulates");
      }
    if (report_.hashed())
      out += report_.backbone_unchanged()
                 ? tile("Frozen backbone", "✓ unchanged", "same hash before and after", "good")
                 : tile("Frozen backbone", "✗ CHANGED", "its hash differs after training", "bad");
    return out.empty() ? out : "<div class=\"tiles\">\n" + out + "</div>\n";
  }

  [[nodiscard]] static std::string scrolled(std::string const& name, std::string const& head,
                                            std::string const& rows) {
    return section(name, "<div class=\"card scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" +
                             name + "\">\n<table>\n<thead><tr>" + head +
                             "</tr></thead>\n<tbody>\n" + rows + "</tbody>\n</table>\n</div>\n");
  }
  [[nodiscard]] static std::string column(std::string const& name) {
    return "<th scope=\"col\">" + escape(name) + "</th>";
  }

  [[nodiscard]] std::string table() const {
    std::string rows, group;
    bool const answers = timed();
    for (Index i = 0; i < static_cast<Index>(report_.table.size()); ++i) {
      auto const& row = report_.table[static_cast<std::size_t>(i)];
      if (row.group != group && report_.groups().size() > 1)
        rows += "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"" +
                std::string(answers ? "7" : "6") + "\">" + escape(row.group) + "</th></tr>\n";
      group = row.group;
      bool const first = i == report_.best_row(group) && report_.table.size() > 1;
      double const filled =
          std::isnan(row.accuracy_mean) ? 0 : std::clamp(row.accuracy_mean, 0.0, 1.0);
      rows += std::string(first ? "<tr class=\"best\">" : "<tr>") + "<th scope=\"row\">" +
              escape(row.policy) + (first ? "<span class=\"tag\">best</span>" : "") + "</th><td>" +
              grouped(row.trained_parameters) + "</td><td>" +
              scaled(static_cast<double>(row.macs_per_image)) + "</td><td>" +
              duration(row.seconds_per_step) + "</td><td>" +
              (answers ? duration(row.seconds_per_answer) + "</td><td>" : "") +
              class_mean_text(row) +
              "</td><td><span class=\"meter\" aria-hidden=\"true\"><i style=\"width:" +
              percent(filled) + "%\"></i></span>" + accuracy_text(row) + "</td></tr>\n";
    }
    if (rows.empty()) return rows;
    return scrolled("Policies compared",
                    column("Policy") + column("Trained") + column("MACs an image") +
                        column("A step") + (answers ? column("An answer") : "") +
                        column("Class mean") + column("Test accuracy"),
                    rows);
  }

  /// The tasks whose mean an accuracy is; rows of the first kind of tasks.
  [[nodiscard]] std::string tasks() const {
    std::string rows, head;
    std::size_t columns = 0;
    for (TableRow const& row : report_.table) {
      if (row.tasks.empty() || (columns > 0 && row.tasks.size() != columns)) continue;
      if (columns == 0) {
        head = column("Policy");
        for (auto const& [name, accuracy] : row.tasks) head += column(name);
        columns = row.tasks.size();
      }
      rows += "<tr><th scope=\"row\">" + escape(row.policy) + "</th>";
      for (auto const& [name, accuracy] : row.tasks) rows += "<td>" + percent(accuracy) + " %</td>";
      rows += "</tr>\n";
    }
    return rows.empty() ? rows : scrolled("Task by task", head, rows);
  }

  [[nodiscard]] std::string charts() const {
    std::string out;
    for (auto const& chart : report_.charts) {
      out += "<figure class=\"card chart\">\n<h3>" + escape(chart.title) +
             "</h3>\n<div class=\"soft\">" + escape(chart.y_label) +
             "</div>\n<ul class=\"legend\">\n";
      for (std::size_t i = 0; i < chart.curves.size(); ++i)
        out += "<li><svg viewBox=\"0 0 30 8\" aria-hidden=\"true\"><path " + stroke(i) +
               " d=\"M1 4H29\"/></svg>" + escape(chart.curves[i].name) + "</li>\n";
      out += "</ul>\n" + LineChart(chart).svg() + "</figure>\n";
    }
    return section("Learning curves",
                   out.empty() ? out : "<div class=\"charts\">\n" + out + "</div>\n");
  }

  [[nodiscard]] std::string pictures() const {
    std::string out;
    std::size_t right = 0;
    for (auto const& p : report_.predictions) {
      VLPT_CHECK(is_png(p.png), "the picture of a '", p.true_class, "' is no PNG file");
      right += p.right() ? 1 : 0;
      out += std::string("<figure class=\"picture") + (p.right() ? "" : " wrong") +
             "\"><img alt=\"" + escape(p.true_class) + "\" src=\"data:image/png;base64," +
             base64(p.png) + "\"><figcaption><strong class=\"" +
             (p.right() ? "good\">✓ " : "bad\">✗ ") + escape(p.predicted_class) + "</strong>" +
             (p.right() ? "" : "is " + escape(p.true_class) + "<br>") + "<span class=\"soft\">" +
             percent(p.probability, 0) + " % sure</span></figcaption></figure>\n";
    }
    if (out.empty()) return out;
    return section("Predictions",
                   "<p class=\"soft\">" + std::to_string(right) + " of " +
                       std::to_string(report_.predictions.size()) +
                       " are classified right (✓, solid frame); ✗ and a "
                       "dashed frame mark the others.</p>\n<div class=\"pictures\">\n" +
                       out + "</div>\n");
  }

  [[nodiscard]] std::string facts() const {
    std::string out;
    auto fact = [&](std::string const& key, std::string const& value, bool code) {
      out += "<dt>" + escape(key) + "</dt><dd" + (code ? " class=\"code\">" : ">") + escape(value) +
             "</dd>\n";
    };
    if (!report_.command.empty()) fact("Command", report_.command, true);
    for (std::string const& group : report_.groups())
      for (TableRow const& row : report_.table)
        if (row.group == group && !row.backbone_before.empty()) {
          std::string const of = group.empty() ? "" : ", " + group;
          fact("Backbone before" + of, row.backbone_before, true);
          fact("Backbone after" + of, row.backbone_after, true);
          break;
        }
    for (auto const& f : report_.facts) fact(f.key, f.value, false);
    return section("The run", out.empty() ? out : "<dl class=\"card facts\">\n" + out + "</dl>\n");
  }

  [[nodiscard]] std::string notes() const {
    std::string out;
    for (auto const& note : report_.notes) out += "<li>" + escape(note) + "</li>\n";
    return section("Notes", out.empty() ? out : "<ul class=\"notes\">\n" + out + "</ul>\n");
  }

  Report const& report_;
};

/// The report as one HTML page without scripts that loads nothing: styles, curves (SVG) and
/// pictures (data URIs) are inside, and every text is escaped.
[[nodiscard]] inline std::string to_html(Report const& report) { return Page(report).html(); }

}  // namespace vlpt::report
