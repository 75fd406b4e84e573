// A frozen vision transformer on labelled pictures: six policies, three seeds.
#include "../command.hpp"
#include "../costs/classifier_cost.hpp"
#include "../tuning.hpp"
#include "options.hpp"
#include "vlpt/analysis/report/number.hpp"
#include "vlpt/train/metrics.hpp"

namespace vlpt::cli {
namespace {

constexpr Index test_pictures = 2000;
/// A quarter of the layers; none where a model has too few to choose from.
constexpr Index layers_to_skip(Index depth) { return depth < 4 ? 0 : depth / 4; }

/// "3,7 (seed 1), 6,7 (seed 2)"
std::string listed_plans(std::vector<std::string> const& plans) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < plans.size(); ++i)
    parts.push_back(text(plans[i], " (seed ", i + 1, ")"));
  return listed(parts);
}

}  // namespace

DemoResult demo_of_images(io::ModelFolder const& folder, DemoOptions const& o) {
  Data const data = open_data(o.data);
  Index const shots = o.shots > 0 ? o.shots : 16;
  std::vector<Split> splits;
  for (std::uint64_t seed = 1; seed <= demo_seeds; ++seed)
    splits.push_back(make_split(data, shots, 0, seed, o.full ? 0 : test_pictures));
  require_readable(data, splits);
  make_folder(o.out);
  save_splits(o.out / "split.json", data, splits);
  DemoResult result{.title = "Prompt tuning a frozen vision transformer"};

  Progress progress(o);
  std::vector<std::string> plans;
  double search_seconds = 0;
  for (char const* name : {"none", "shallow", "deep", "approximated", "gated", "das"}) {
    PolicyFacts const& facts = policy_facts(name, folder);
    PolicyChoice const policy = checked({.name = name, .prompts = o.prompts > 0 ? o.prompts : 8});
    Index const skipped = facts.has_skip ? layers_to_skip(folder.vision().facts.depth) : 0;
    if (facts.has_skip && skipped == 0) continue;
    Outcome out{
        .group = "pictures",
        .label = text(facts.label, policy.prompts > 0 ? text(" (", policy.prompts, ")") : "",
                      skipped > 0 ? text(" (", skipped, ")") : ""),
        .how = text(facts.epochs, " epochs, learning rate ", facts.learning_rate, ", weight decay ",
                    facts.weight_decay)};
    for (Split const& split : splits) {
      TuneChoice choice{.policy = policy, .skip_layers = skipped, .seed = split.seed};
      Tuning const tuning = tuning_of(choice, folder, data.train, split);
      ClassifierSettings settings{
          .policy = policy, .class_names = data.train.class_names(), .seed = split.seed};
      std::string const what = text(out.label, ", seed ", split.seed, " of ", demo_seeds);
      if (skipped > 0) {
        auto const found =
            search_for(choice, folder, settings, tuning, {}, progress, what + ", search");
        settings.policy.skip = text(found.plan);
        plans.push_back(settings.policy.skip);
        for (auto const& e : found.curve) search_seconds += e.seconds;
      }
      auto const classifier = make_classifier(folder, settings);
      std::string const before = classifier->fingerprint();
      TrainingWatch watch{progress, tuning.fit.epochs, false};
      progress.start(what, tuning.fit.epochs * steps_of_epoch(tuning.train_size(), tuning.fit));
      out.add_curve(classifier->tune(tuning, watch), static_cast<Index>(splits.size()));
      progress.start(what + ", test", static_cast<Index>(split.test.size()));
      auto const last = evaluate(*classifier, data.tested(), split.test, progress);
      out.accuracy.push_back(last.confusion.accuracy());
      out.class_mean.push_back(last.confusion.mean_class_accuracy());
      out.hash(before, classifier->fingerprint());
      out.cost = classifier_cost(folder, settings);
      progress.line(text(what, ": ", report::percent(out.accuracy.back()), " %",
                         skipped == 0 ? "" : ", without " + layers_named(plans.back())));
      if (split.seed == demo_seeds && out.label.starts_with("deep"))
        result.shown = {text(out.label, ", seed ", split.seed),
                        shown_predictions(data.tested(), split.test, last)};
    }
    result.outcomes.push_back(std::move(out));
  }
  result.summary =
      text(verdict(result.outcomes[2], "Deep prompts", result.outcomes[0], "the linear probe"), " ",
           shots, " images a class of ", data.name, " (", data.train.class_names().size(),
           " classes) to learn from, ", splits.front().test.size(), " to test on, ", demo_seeds,
           " seeds, each with its own images and initial values.");
  if (!plans.empty()) {
    result.facts.push_back({"Layers skipped", text(listed_plans(plans), "; found in ",
                                                   report::duration(search_seconds),
                                                   " on the images that are learnt from")});
    result.below = text("Layers that the search left out: ", listed_plans(plans), "; its ",
                        report::duration(search_seconds),
                        " are not in the time of a step, and its hash is of the layers that the "
                        "last plan keeps.\n");
    result.notes.push_back(
        "Where layers are skipped, multiply-accumulates are without those that the last seed's "
        "search left out.");
  }
  if (auto const bad = data.skipped(); !bad.empty())
    result.facts.push_back({"Skipped", text(bad.size(), " files that cannot be decoded")});
  result.below += skipped_line(data);
  return result;
}

}  // namespace vlpt::cli
