#pragma once
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "vlpt/analysis/cost_table.hpp"
#include "vlpt/analysis/memory_needs.hpp"
#include "vlpt/analysis/report/bar_chart.hpp"
#include "vlpt/analysis/report/frame.hpp"

// A table of costs as Markdown, CSV, JSON and HTML.

namespace vlpt {

/// The figures of a row as people read them, the same in Markdown and HTML.
struct CostCells {
  static std::vector<std::string> heads(CostTable const& table) {
    std::vector<std::string> out{"model"};
    for (Convention const& c : convention::all) out.push_back("MACs, " + std::string(c.name));
    out.insert(out.end(), {"change", "parameters", "trained", "reverse", "saved"});
    if (table.timed()) out.emplace_back("measured");
    return out;
  }
  static std::vector<std::string> of(CostTable const& table, CostRow const& row) {
    using namespace report;
    std::vector<std::string> out{row.name};
    for (Index macs : row.macs) out.push_back(scaled(static_cast<double>(macs)));
    double const change = table.change(row, 0);
    out.push_back((change > 0 ? "+" : "") + fixed(change, 2) + " %");
    out.push_back(grouped(row.cost.params));
    out.push_back(grouped(row.cost.trainable));
    out.push_back(scaled(static_cast<double>(row.cost.backward_macs)));
    out.push_back(scaled(static_cast<double>(row.cost.saved_bytes)) + "B");
    if (table.timed()) out.push_back(std::isnan(row.seconds) ? "" : duration(row.seconds));
    return out;
  }
};

[[nodiscard]] inline std::string to_markdown(CostTable const& table) {
  std::string out = "|", rule = "\n|";
  for (std::string const& head : CostCells::heads(table))
    out += ' ' + head + " |", rule += rule.size() == 2 ? ":--|" : "--:|";
  out += rule + '\n';
  for (CostRow const& row : table.rows) {
    out += '|';
    for (std::string const& cell : CostCells::of(table, row))
      out += ' ' + report::escape_markdown(cell) + " |";
    out += '\n';
  }
  return out;
}

/// Every figure of a row by its name, in full.
[[nodiscard]] inline nlohmann::ordered_json to_json(CostRow const& row) {
  nlohmann::ordered_json out{{"name", row.name}};
  for (std::size_t i = 0; i < row.macs.size(); ++i)
    out["macs_" + std::string(convention::all[i].name)] = row.macs[i];
  MemoryNeeds const needs = memory_needs(row.cost);
  out.update({{"backward_macs", row.cost.backward_macs},
              {"params", row.cost.params},
              {"params_trained", row.cost.trainable},
              {"weight_bytes", row.cost.weight_bytes},
              {"saved_bytes", row.cost.saved_bytes},
              {"workspace_bytes", row.cost.workspace_bytes},
              {"training_workspace_bytes", row.cost.training_workspace_bytes},
              {"bytes_moved", row.cost.bytes_moved},
              {"bytes_to_infer", needs.to_infer()},
              {"bytes_to_train", needs.to_train()}});
  if (!std::isnan(row.seconds)) out["seconds"] = row.seconds;
  return out;
}
[[nodiscard]] inline nlohmann::ordered_json to_json(CostTable const& table) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (CostRow const& row : table.rows) rows.push_back(to_json(row));
  return {{"title", table.title}, {"note", table.note}, {"rows", rows}};
}

/// The same as comma-separated values, with a line of names first.
[[nodiscard]] inline std::string to_csv(CostTable const& table) {
  std::string out;
  for (CostRow const& row : table.rows) {
    std::string names, values;
    auto figures = to_json(row);
    if (table.timed() && std::isnan(row.seconds)) figures["seconds"] = "";  // every line as wide
    for (auto const& [name, value] : figures.items()) {
      std::string cell = value.is_string() ? value.get<std::string>() : value.dump();
      if (cell.find_first_of(",\"\n") != std::string::npos) {
        std::string quoted = "\"";
        for (char c : cell) quoted += c == '"' ? "\"\"" : std::string(1, c);
        cell = quoted + '"';
      }
      names += (names.empty() ? "" : ",") + name, values += (values.empty() ? "" : ",") + cell;
    }
    out += (out.empty() ? names + '\n' : "") + values + '\n';
  }
  return out;
}

/// Multiply-accumulates under each convention as bars.
[[nodiscard]] inline report::BarChart bars(CostTable const& table) {
  report::BarChart chart{.title = table.title, .series = {}, .groups = {}};
  for (Convention const& c : convention::all) chart.series.emplace_back(c.name);
  for (CostRow const& row : table.rows)
    chart.groups.push_back({row.name, {row.macs.begin(), row.macs.end()}});
  return chart;
}

/// One page without scripts that loads nothing: bars, and the table below them.
[[nodiscard]] inline std::string to_html(CostTable const& table) {
  std::string rows, heads;
  for (std::string const& head : CostCells::heads(table))
    heads += "<th scope=\"col\">" + report::escape(head) + "</th>";
  for (CostRow const& row : table.rows) {
    auto const cells = CostCells::of(table, row);
    rows += "<tr><th scope=\"row\">" + report::escape(cells.front()) + "</th>";
    for (std::size_t i = 1; i < cells.size(); ++i)
      rows += "<td>" + report::escape(cells[i]) + "</td>";
    rows += "</tr>\n";
  }
  std::string meanings;
  for (Convention const& c : convention::all)
    meanings += "<dt>" + report::escape(std::string(c.name)) + "</dt><dd>" +
                report::escape(std::string(c.meaning)) + "</dd>\n";
  return report::frame(
      table.title, table.note, "",
      report::section("Multiply-accumulates",
                      "<figure class=\"card chart\">\n" + bars(table).html() + "</figure>\n") +
          report::section("Every figure",
                          "<div class=\"card scroll\" tabindex=\"0\" role=\"region\" "
                          "aria-label=\"Every figure\">\n<table>\n<thead><tr>" +
                              heads + "</tr></thead>\n<tbody>\n" + rows +
                              "</tbody>\n</table>\n</div>\n") +
          report::section("Conventions", "<dl class=\"card facts\">\n" + meanings + "</dl>\n"));
}

}  // namespace vlpt
