#pragma once
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "vlpt/analysis/report/report.hpp"

namespace vlpt::report {

/// The report as one JSON object, all but the pictures; null where a number is not known.
/// Keys are the members' names, in their order; "facts" is an object.
[[nodiscard]] inline std::string to_json(Report const& report) {
  using Json = nlohmann::ordered_json;
  Json out{{"title", report.title},       {"summary", report.summary}, {"date", report.date},
           {"command", report.command},   {"table", Json::array()},    {"charts", Json::array()},
           {"predictions", Json::array()}};
  if (report.hashed()) out["backbone"] = {{"unchanged", report.backbone_unchanged()}};
  for (auto const& r : report.table) {
    Json row{{"group", r.group},
             {"policy", r.policy},
             {"trained_parameters", r.trained_parameters},
             {"macs_per_image", r.macs_per_image},
             {"seconds_per_step", r.seconds_per_step},
             {"seconds_per_answer", r.seconds_per_answer},
             {"accuracy_mean", r.accuracy_mean},
             {"accuracy_std", r.accuracy_std},
             {"class_mean", r.class_mean},
             {"tasks", Json::object()},
             {"backbone_before", r.backbone_before},
             {"backbone_after", r.backbone_after}};
    for (auto const& [name, accuracy] : r.tasks) row["tasks"][name] = accuracy;
    out["table"].push_back(std::move(row));
  }
  for (auto const& chart : report.charts) {
    Json curves = Json::array();
    for (auto const& c : chart.curves) curves.push_back({{"name", c.name}, {"x", c.x}, {"y", c.y}});
    out["charts"].push_back({{"title", chart.title},
                             {"x_label", chart.x_label},
                             {"y_label", chart.y_label},
                             {"curves", curves}});
  }
  for (auto const& p : report.predictions)
    out["predictions"].push_back({{"true_class", p.true_class},
                                  {"predicted_class", p.predicted_class},
                                  {"probability", p.probability}});
  out["facts"] = Json::object();
  for (auto const& fact : report.facts) out["facts"][fact.key] = fact.value;
  out["notes"] = report.notes;
  // Bytes that are no UTF-8 (a file name, say) are replaced rather than fatal.
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace vlpt::report
