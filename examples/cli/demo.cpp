// vlpt demo: a frozen backbone, 16 images a class, six policies, three seeds; one table.
#include <chrono>
#include <ctime>
#include <iostream>

#include "command.hpp"
#include "costs/classifier_cost.hpp"
#include "evaluation.hpp"
#include "text_table.hpp"
#include "tune.hpp"
#include "vlpt/analysis/report/html.hpp"
#include "vlpt/analysis/report/json.hpp"
#include "vlpt/train/metrics.hpp"

namespace vlpt::cli {
namespace {

struct Options : Shared {
  DataChoice data;
  std::filesystem::path out = "build/demo";
  Index shots = 16, prompts = 8;
  bool full = false;
};

constexpr std::uint64_t seeds = 3;
constexpr Index test_images = 2000;
/// A quarter of the layers; none where a model has too few to choose from.
constexpr Index layers_to_skip(Index depth) { return depth < 4 ? 0 : depth / 4; }

/// One policy over all seeds.
struct Outcome {
  PolicyChoice policy;
  std::vector<double> accuracy{}, class_mean{};
  std::vector<std::vector<EpochSummary>> curves{};
  double seconds_per_step = 0;
  Cost cost{};
  std::string before{}, after{};  // hash of the backbone; the first two that differ, if any do
  Index skipped = 0;              // layers
  std::vector<std::string> plans{};
  double search_seconds = 0;
  Evaluation last{{}, {}, {}, Confusion(1)};

  [[nodiscard]] std::string label() const {
    return text(policy_facts(policy.name).label,
                policy.prompts > 0 ? text(" (", policy.prompts, ")") : "",
                skipped > 0 ? text(" (", skipped, ")") : "");
  }
  /// "3,7 (seed 1), 6,7 (seed 2)"
  [[nodiscard]] std::string plans_text() const {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < plans.size(); ++i)
      parts.push_back(text(plans[i], " (seed ", i + 1, ")"));
    return listed(parts);
  }
};

Outcome const& outcome_of(std::vector<Outcome> const& outcomes, std::string_view policy) {
  return *std::find_if(outcomes.begin(), outcomes.end(),
                       [&](Outcome const& o) { return o.policy.name == policy; });
}

/// A sentence on whether prompts beat the linear probe, computed from the figures.
std::string verdict(Outcome const& deep, Outcome const& probe) {
  double gap = 0, squares = 0;
  auto const n = static_cast<double>(deep.accuracy.size());
  std::vector<double> gaps;
  for (std::size_t i = 0; i < deep.accuracy.size(); ++i) {
    gaps.push_back(100 * (deep.accuracy[i] - probe.accuracy[i]));  // the same images, pair by pair
    gap += gaps.back() / n;
  }
  for (double g : gaps) squares += (g - gap) * (g - gap);
  auto const wins = std::count_if(gaps.begin(), gaps.end(), [](double g) { return g > 0; });
  std::string const size = report::fixed(std::abs(gap), 1) + " points";
  std::string const times = text(wins, " of ", gaps.size(), " seeds");
  double const error = n > 1 ? std::sqrt(squares / (n - 1) / n) : 0;
  if (std::abs(gap) < 2 * error || std::abs(gap) < 0.05)
    return text("Deep prompts and the linear probe are level within the noise: ", size,
                gap > 0 ? " ahead" : " behind", " on average, ahead in ", times, ".");
  return gap > 0 ? text("Deep prompts are ahead of the linear probe by ", size, ", in ", times, ".")
                 : text("Deep prompts are NOT ahead of the linear probe: they are ", size,
                        " behind it, and ahead in ", times, " only.");
}

void add_predictions(report::Report& out, Images const& images, std::vector<Index> const& indices,
                     Evaluation const& e) {
  auto const& names = images.class_names();
  io::Image picture;
  for (Index at : evenly(static_cast<Index>(indices.size()), 40)) {
    Index const i = indices[static_cast<std::size_t>(at)];
    images.image(i, picture);
    auto const predicted = static_cast<std::size_t>(e.predicted[static_cast<std::size_t>(at)]);
    out.predictions.push_back(
        {report::encode_png(picture.pixels, picture.width, picture.height, picture.channels),
         names[static_cast<std::size_t>(images.label(i))], names[predicted],
         probabilities(e.logits.view(), at)[predicted]});
  }
}

/// The mean over the seeds, epoch by epoch.
report::Curve mean_curve(Outcome const& o, double EpochSummary::*what) {
  report::Curve out{o.label(), {}, {}};
  for (std::size_t e = 0; e < o.curves.front().size(); ++e) {
    double sum = 0;
    for (auto const& curve : o.curves) sum += curve[e].*what;
    out.x.push_back(static_cast<double>(e + 1));
    out.y.push_back(sum / static_cast<double>(o.curves.size()));
  }
  return out;
}

report::Report write_up(std::vector<Outcome> const& outcomes, Data const& data, Split const& split,
                        io::ModelFolder const& folder, Options const& o, double seconds) {
  report::Report out;
  auto const& classes = data.train.class_names();
  out.title = "Prompt tuning a frozen vision transformer";
  out.summary = text(verdict(outcome_of(outcomes, "deep"), outcome_of(outcomes, "none")), " ",
                     o.shots, " images a class of ", data.name, " (", classes.size(),
                     " classes) to learn from, ", split.test.size(), " to test on, ", seeds,
                     " seeds, each with its own images and initial values.");
  std::time_t const now = std::time(nullptr);
  char date[32]{};
  if (std::tm utc{}; ::gmtime_r(&now, &utc) != nullptr)
    std::strftime(date, sizeof date, "%Y-%m-%d %H:%M UTC", &utc);
  out.date = date;
  out.command = o.full ? "vlpt demo --full" : "vlpt demo";
  report::Chart loss{"Training loss", "epoch", "cross-entropy, mean over the seeds", {}, false};
  report::Chart right{"Training accuracy", "epoch", "share of right answers", {}, true};
  for (Outcome const& one : outcomes) {
    auto const [mean, std] = mean_std(one.accuracy);
    out.table.push_back({one.label(), one.cost.trainable, one.cost.macs, one.seconds_per_step, mean,
                         std, mean_std(one.class_mean).mean});
    loss.curves.push_back(mean_curve(one, &EpochSummary::train_loss));
    right.curves.push_back(mean_curve(one, &EpochSummary::train_accuracy));
    if (out.backbone_before.empty()) out.backbone_before = out.backbone_after = one.before;
    if (one.after != one.before) out.backbone_after = one.after;
  }
  out.charts = {loss, right};
  auto const& best = outcomes[static_cast<std::size_t>(out.best_row())];
  add_predictions(out, data.tested(), split.test, best.last);
  out.facts = {{"Backbone", folder.path.filename().string()},
               {"Predictions shown", text(best.label(), ", seed ", seeds)},
               {"Batch", "32"},
               {"Running time", report::duration(seconds)}};
  for (Outcome const& one : outcomes) {
    PolicyFacts const& p = policy_facts(one.policy.name);
    out.facts.push_back({one.label(), text(p.epochs, " epochs, learning rate ", p.learning_rate,
                                           ", weight decay ", p.weight_decay)});
    if (one.skipped > 0)
      out.facts.push_back({"Layers skipped", text(one.plans_text(), "; found in ",
                                                  report::duration(one.search_seconds),
                                                  " on the images that are learnt from")});
  }
  if (auto const skipped = data.skipped(); !skipped.empty())
    out.facts.push_back({"Skipped", text(skipped.size(), " files that cannot be decoded")});
  out.notes = {
      "Multiply-accumulates are those of one image, head included, exactly as vlpt executes them; "
      "where layers are skipped, without those that the last seed's search left out.",
      "A step of the linear probe is short because features of a frozen backbone are computed once "
      "and kept.",
      "± is the sample standard deviation over the seeds."};
  return out;
}

void run(Options const& o) {
  auto const begin = std::chrono::steady_clock::now();
  require_folder("--out", o.out);
  auto const folder = io::ModelFolder::open(find_model(o.model));
  Data const data = open_data(o.data);
  std::vector<Split> splits;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed)
    splits.push_back(make_split(data, o.shots, 0, seed, o.full ? 0 : test_images));
  require_readable(data, splits);
  make_folder(o.out);
  save_splits(o.out / "split.json", data, splits);

  Progress progress(o);
  std::vector<Outcome> outcomes;
  for (char const* name : {"none", "shallow", "deep", "approximated", "gated", "das"}) {
    Outcome out{.policy = checked({.name = name, .prompts = o.prompts})};
    if (policy_facts(name).has_skip) {
      out.skipped = layers_to_skip(folder.vision().facts.depth);
      if (out.skipped == 0) continue;
    }
    for (Split const& split : splits) {
      TuneChoice choice{.policy = out.policy, .skip_layers = out.skipped, .seed = split.seed};
      Tuning const tuning = tuning_of(choice, data.train, split);
      ClassifierSettings settings{.policy = out.policy,
                                  .classes = static_cast<Index>(data.train.class_names().size()),
                                  .seed = split.seed};
      std::string const what = text(out.label(), ", seed ", split.seed, " of ", seeds);
      if (out.skipped > 0) {
        auto const found =
            search_for(choice, folder, settings, tuning, {}, progress, what + ", search");
        settings.policy.skip = text(found.plan);
        out.plans.push_back(settings.policy.skip);
        for (auto const& e : found.curve) out.search_seconds += e.seconds;
      }
      auto const classifier = make_classifier(folder, settings);
      std::string const before = classifier->fingerprint();
      TrainingWatch watch{progress, tuning.fit.epochs, false};
      progress.start(what, tuning.fit.epochs *
                               steps_of_epoch(static_cast<Index>(split.train.size()), tuning.fit));
      out.curves.push_back(classifier->tune(tuning, watch));
      progress.start(what + ", test", static_cast<Index>(split.test.size()));
      out.last = evaluate(*classifier, data.tested(), split.test, progress);
      out.accuracy.push_back(out.last.confusion.accuracy());
      out.class_mean.push_back(out.last.confusion.mean_class_accuracy());
      if (out.before == out.after) out.before = before, out.after = classifier->fingerprint();
      out.cost = classifier_cost(folder, settings);
      double spent = 0, steps = 0;
      for (auto const& e : out.curves.back())
        spent += e.seconds, steps += static_cast<double>(e.steps);
      out.seconds_per_step += spent / steps / static_cast<double>(seeds);
      progress.line(text(what, ": ", report::percent(out.accuracy.back()), " % in ",
                         report::duration(spent),
                         out.plans.empty() ? "" : ", without " + layers_named(out.plans.back())));
    }
    outcomes.push_back(std::move(out));
  }
  double const seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  auto const report = write_up(outcomes, data, splits.front(), folder, o, seconds);
  std::string const json = report::to_json(report);
  io::write_file(o.out / "table.json", std::string_view(json));
  io::write_file(o.out / "report.html", std::string_view(report::to_html(report)));
  if (o.json) {
    std::cout << json;
    return;
  }
  TextTable table({"policy", "trained", "MACs an image", "a step", "test accuracy", "class mean",
                   "backbone before", "after"});
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    auto const& row = report.table[i];
    auto const& one = outcomes[i];
    table.add({row.policy, report::grouped(row.trained_parameters),
               report::grouped(row.macs_per_image), report::duration(row.seconds_per_step),
               report::accuracy_text(row), report::percent(row.class_mean) + " %",
               one.before.substr(0, 12),
               one.after == one.before ? one.after.substr(0, 12) : "CHANGED"});
  }
  std::string searched;
  for (Outcome const& one : outcomes)
    if (one.skipped > 0)
      searched +=
          text("Layers that the search left out: ", one.plans_text(), "; its ",
               report::duration(one.search_seconds),
               " are not in the time of a step, and its hash is of the layers that the last "
               "plan keeps.\n");
  std::cout << '\n'
            << table.str() << '\n'
            << report.summary << '\n'
            << searched
            << (report.backbone_unchanged() ? "The backbone is the same before and after every run."
                                            : "THE BACKBONE CHANGED, which must not be.")
            << "\nreport: " << (o.out / "report.html").string() << "  ("
            << report::duration(seconds) << ")\n"
            << skipped_line(data);
}

}  // namespace

void add_demo(CLI::App& app) {
  auto* const c = app.add_subcommand(
      "demo", "Compare a linear probe, prompts and skipped layers on real images, in minutes");
  auto const o = std::make_shared<Options>();
  c->add_flag("--full", o->full, text("Test on all images, not on ", test_images));
  add_text(*c, {"--data", "PATH", "As for vlpt tune"}, o->data.data);
  c->add_flag("--skip-bad", o->data.skip_bad, "Leave images out that cannot be decoded");
  add_number(*c, {"--shots", "K", "Images a class to learn from"}, o->shots,
             Range<Index>{1, image_counts.most});
  add_number(*c, {"--prompts", "P", "Prompt rows"}, o->prompts, prompt_counts);
  add_text(*c, {"--out", "DIR", "Where split.json, table.json and report.html go"}, o->out);
  add_model(*c, *o);
  add_no_progress(*c, *o);
  add_json(*c, *o);
  c->footer("Example: vlpt demo --full --out my-demo");
  c->callback([o] { run(*o); });
}

}  // namespace vlpt::cli
