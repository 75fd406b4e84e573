// vlpt demo: frozen backbones, a few examples of tasks that they never saw, many policies, three
// seeds; one table, one report.
#include <chrono>
#include <ctime>
#include <iostream>

#include "../command.hpp"
#include "../option.hpp"
#include "../range.hpp"
#include "../text_table.hpp"
#include "options.hpp"
#include "vlpt/analysis/report/html.hpp"
#include "vlpt/analysis/report/json.hpp"
#include "vlpt/train/metrics.hpp"

namespace vlpt::cli {
namespace {

using Clock = std::chrono::steady_clock;

/// The mean over seeds and tasks, epoch by epoch.
report::Curve mean_curve(Outcome const& o, double EpochSummary::*what) {
  report::Curve out{o.label, {}, {}};
  std::size_t epochs = o.curves.front().size();
  for (auto const& curve : o.curves) epochs = std::min(epochs, curve.size());
  for (std::size_t e = 0; e < epochs; ++e) {
    double sum = 0;
    for (auto const& curve : o.curves) sum += curve[e].*what;
    out.x.push_back(static_cast<double>(e + 1));
    out.y.push_back(sum / static_cast<double>(o.curves.size()));
  }
  return out;
}

std::string now() {
  std::time_t const time = std::time(nullptr);
  char date[32]{};
  if (std::tm utc{}; ::gmtime_r(&time, &utc) != nullptr)
    std::strftime(date, sizeof date, "%Y-%m-%d %H:%M UTC", &utc);
  return date;
}

report::Report write_up(DemoResult const& r, DemoOptions const& o, std::string const& backbone,
                        double seconds) {
  report::Report out;
  out.title = r.title, out.summary = r.summary, out.date = now();
  out.command = o.full ? "vlpt demo --full" : "vlpt demo";
  report::Chart loss{"Training loss", "epoch", "mean over seeds and tasks", {}, false};
  report::Chart right{"Training accuracy", "epoch", "share of right answers", {}, true};
  for (Outcome const& one : r.outcomes) {
    auto const [mean, std] = mean_std(one.accuracy);
    report::TableRow row{
        one.label, one.cost.trainable, one.cost.forward.macs(), one.seconds_per_step, mean, std};
    if (!one.class_mean.empty()) row.class_mean = mean_std(one.class_mean).mean;
    row.group = one.group, row.seconds_per_answer = one.seconds_per_answer, row.tasks = one.tasks;
    row.backbone_before = one.before, row.backbone_after = one.after;
    out.table.push_back(row);
    if (!one.curves.empty()) {
      loss.curves.push_back(mean_curve(one, &EpochSummary::train_loss));
      right.curves.push_back(mean_curve(one, &EpochSummary::train_accuracy));
    }
  }
  out.charts = {loss, right};
  out.predictions = r.shown.pictures;
  out.facts = {{"Backbone", backbone}};
  if (!r.shown.of.empty()) out.facts.push_back({"Predictions shown", r.shown.of});
  out.facts.push_back({"Running time", report::duration(seconds)});
  for (Outcome const& one : r.outcomes)
    if (!one.how.empty()) out.facts.push_back({one.label, one.how});
  out.facts.insert(out.facts.end(), r.facts.begin(), r.facts.end());
  out.notes = {
      "Multiply-accumulates are those of one picture, exactly as vlpt executes them; texts of "
      "classes, which are computed once a load, are not among them.",
      "A step is short where nothing of the image tower learns: features of a frozen backbone are "
      "computed once and kept."};
  out.notes.insert(out.notes.end(), r.notes.begin(), r.notes.end());
  out.notes.push_back("± is the sample standard deviation over the seeds.");
  return out;
}

TextTable table_of(report::Report const& report) {
  bool const timed = std::ranges::any_of(
      report.table, [](auto const& row) { return !std::isnan(row.seconds_per_answer); });
  std::vector<std::string> header{"policy", "trained", "MACs an image", "a step"};
  if (timed) header.push_back("an answer");
  for (char const* name : {"test accuracy", "class mean", "backbone before", "after"})
    header.emplace_back(name);
  TextTable table(header);
  std::string group;
  for (auto const& row : report.table) {
    if (row.group != group && !(group = row.group).empty()) table.add({group + ":"});
    std::vector<std::string> cells{
        row.policy, report::grouped(row.trained_parameters), report::grouped(row.macs_per_image),
        row.seconds_per_step > 0 ? report::duration(row.seconds_per_step) : "-"};
    if (timed)
      cells.push_back(
          std::isnan(row.seconds_per_answer) ? "-" : report::duration(row.seconds_per_answer));
    cells.push_back(report::accuracy_text(row));
    cells.push_back(report::class_mean_text(row));
    cells.push_back(row.backbone_before.substr(0, 12));
    cells.push_back(row.backbone_unchanged() ? row.backbone_after.substr(0, 12) : "CHANGED");
    table.add(cells);
  }
  return table;
}

/// Each task's accuracy, where a row is a mean of several.
std::string tasks_table(report::Report const& report) {
  std::vector<std::string> header{"by task"};
  for (auto const& row : report.table)
    if (!row.tasks.empty() && header.size() == 1)
      for (auto const& [name, accuracy] : row.tasks) header.push_back(name);
  if (header.size() == 1) return "";
  TextTable table(header);
  for (auto const& row : report.table) {
    if (row.tasks.size() + 1 != header.size()) continue;
    std::vector<std::string> cells{row.policy};
    for (auto const& [name, accuracy] : row.tasks)
      cells.push_back(report::percent(accuracy) + " %");
    table.add(cells);
  }
  return '\n' + table.str();
}

void run(DemoOptions const& o) {
  auto const begin = Clock::now();
  require_folder("--out", o.out);
  auto const folder = io::ModelFolder::open(find_model(o.model));
  bool const dual = std::holds_alternative<io::DualFamily>(folder.family);
  DemoResult const result = dual ? demo_of_pairs(folder, o) : demo_of_images(folder, o);
  double const seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  auto const report = write_up(result, o, folder.path.filename().string(), seconds);
  std::string const json = report::to_json(report);
  io::write_file(o.out / "table.json", std::string_view(json));
  io::write_file(o.out / "report.html", std::string_view(report::to_html(report)));
  if (o.json) {
    std::cout << json;
    return;
  }
  std::cout << '\n'
            << table_of(report).str() << tasks_table(report) << '\n'
            << report.summary << '\n'
            << result.below
            << (report.backbone_unchanged() ? "The backbone is the same before and after every run."
                                            : "THE BACKBONE CHANGED, which must not be.")
            << "\nreport: " << (o.out / "report.html").string() << "  ("
            << report::duration(seconds) << ")\n";
}

}  // namespace

void add_demo(CLI::App& app) {
  auto* const c = app.add_subcommand(
      "demo", "Compare policies on tasks that the backbones never saw, in minutes");
  auto const o = std::make_shared<DemoOptions>();
  o->model = "examples/models/tiny-clip";
  c->add_flag("--full", o->full, "Test on all images, and tune for longer");
  add_text(*c, {"--data", "PATH", "Labelled images, with a vision transformer; as for vlpt tune"},
           o->data.data);
  c->add_flag("--skip-bad", o->data.skip_bad, "Leave images out that cannot be decoded");
  add_number(*c, {"--shots", "K", "Images a class to learn from"}, o->shots,
             Range<Index>{1, image_counts.most});
  add_number(*c, {"--prompts", "P", "Prompt rows"}, o->prompts, prompt_counts);
  add_text(*c, {"--questions", "DIR", "The model that answers questions"}, o->questions);
  add_text(*c, {"--out", "DIR", "Where split.json, table.json and report.html go"}, o->out);
  add_model(*c, *o);
  add_no_progress(*c, *o);
  add_json(*c, *o);
  c->footer(
      "Examples: vlpt demo --full --out my-demo\n"
      "          vlpt demo --model examples/models/tiny-vit-mae --data my-images");
  c->callback([o] { run(*o); });
}

}  // namespace vlpt::cli
