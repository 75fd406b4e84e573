// A frozen dual encoder on tasks that its pretraining did not see: prompts of texts, of pictures,
// of both, and shared source prompts that a target task starts from.
#include <map>

#include "../command.hpp"
#include "../costs/classifier_cost.hpp"
#include "../tuning.hpp"
#include "options.hpp"
#include "vlpt/analysis/report/number.hpp"
#include "vlpt/io/write_file.hpp"
#include "vlpt/train/metrics.hpp"
#include "vlpt/train/multitask/learnt_values.hpp"

namespace vlpt::cli {
namespace {

constexpr Index test_images = 200;  // of a task

/// A task of the demo: its pictures, the sentence of its classes, and what is learnt from.
struct Target {
  ClipTask task;
  Data data;
  std::vector<Split> splits;  // of each seed
};

Target target(ClipTask const& task, Index shots, Index limit) {
  Target out{task, Data{task.name, Images{task}, {}}, {}};
  for (std::uint64_t seed = 1; seed <= demo_seeds; ++seed)
    out.splits.push_back(make_split(out.data, shots, 0, seed, limit));
  return out;
}
std::vector<std::string> texts_of_classes(ClipTask const& task) {
  std::vector<std::string> out;
  auto const at = task.sentence.find("{}");
  for (std::string const& name : task.class_names())
    out.push_back(task.sentence.substr(0, at) + name + task.sentence.substr(at + 2));
  return out;
}

class PairDemo {
 public:
  PairDemo(io::ModelFolder const& folder, DemoOptions const& o)
      : folder_(folder), o_(o), progress_(o), shots_(o.shots > 0 ? o.shots : 4) {
    for (ClipTask const& task : clip_tasks(ClipSources::open()))
      if (task.name == "colours")
        continue;  // what they are called was in pretraining: there is nothing to learn
      else if (task.held_out)
        targets_.push_back(target(task, shots_, o.full ? 0 : test_images));
      else
        sources_.push_back(target(task, shots_, 1));
    VLPT_CHECK(!targets_.empty(), "there is no task that pretraining did not see");
  }

  DemoResult run() {
    save();
    for (char const* name : {"none", "context", "deep", "unified", "approximated", "gated"})
      add(name, nullptr);
    for (char const* name : {"context", "deep", "unified"}) {
      auto const source = source_prompt(name);
      add(name, &source);
    }
    describe();
    add_questions(result_, o_, progress_);
    return std::move(result_);
  }

 private:
  [[nodiscard]] PolicyChoice choice(std::string const& name) const {
    return checked({.name = name, .prompts = o_.prompts > 0 ? o_.prompts : 4});
  }
  [[nodiscard]] static std::string label(PolicyFacts const& facts, PolicyChoice const& policy) {
    return text(facts.label, policy.prompts > 0 ? text(" (", policy.prompts, ")") : "");
  }
  [[nodiscard]] Index epochs(PolicyFacts const& facts) const {
    return o_.full ? 3 * facts.epochs : facts.epochs;
  }

  /// One policy on every target task; with a source, from it (MVLPT's second stage).
  void add(char const* name, LearntValues<float> const* source) {
    PolicyFacts const& facts = policy_facts(name, folder_);
    PolicyChoice const policy = choice(name);
    Outcome out{.group = "pictures and texts",
                .label = text(source != nullptr ? "MVLPT: " : "", label(facts, policy))};
    bool const learns = facts.epochs > 0;
    if (learns)
      out.how =
          text(epochs(facts), " epochs, learning rate ", facts.learning_rate, ", weight decay ",
               facts.weight_decay, source != nullptr ? ", from the source tasks' prompt" : "");
    std::map<std::string, double> sums;
    auto const runs = static_cast<Index>(demo_seeds * targets_.size());
    for (std::size_t seed = 0; seed < demo_seeds; ++seed) {
      double accuracy = 0, class_mean = 0;
      for (Target const& t : targets_) {
        Split const& split = t.splits[seed];
        std::string const what =
            text(out.label, ", ", t.task.name, ", seed ", seed + 1, " of ", demo_seeds);
        ClassifierSettings const settings{.policy = policy,
                                          .class_names = t.task.class_names(),
                                          .texts = texts_of_classes(t.task),
                                          .seed = split.seed};
        auto const classifier = make_classifier(folder_, settings);
        std::string const before = classifier->fingerprint();
        if (source != nullptr) classifier->start_from(*source);
        if (learns) {
          Tuning const tuning =
              tuning_of({.policy = policy, .epochs = epochs(facts), .seed = split.seed}, folder_,
                        t.data.train, split);
          TrainingWatch watch{progress_, tuning.fit.epochs, false};
          progress_.start(what,
                          tuning.fit.epochs * steps_of_epoch(tuning.train_size(), tuning.fit));
          out.add_curve(classifier->tune(tuning, watch), runs);
        }
        progress_.start(what + ", test", static_cast<Index>(split.test.size()));
        auto const last = evaluate(*classifier, t.data.train, split.test, progress_);
        out.hash(before, classifier->fingerprint());
        out.cost = classifier_cost(folder_, settings);
        double const share = 1.0 / static_cast<double>(targets_.size());
        accuracy += share * last.confusion.accuracy();
        class_mean += share * last.confusion.mean_class_accuracy();
        sums[t.task.name] += last.confusion.accuracy() / static_cast<double>(demo_seeds);
        if (seed + 1 == demo_seeds && &t == &targets_.front() && out.label.starts_with("UPT"))
          result_.shown = {text(out.label, " on ", t.task.name, ", seed ", seed + 1),
                           shown_predictions(t.data.train, split.test, last)};
      }
      out.accuracy.push_back(accuracy), out.class_mean.push_back(class_mean);
      progress_.line(text(out.label, ", seed ", seed + 1, " of ", demo_seeds, ": ",
                          report::percent(accuracy), " % over ", targets_.size(), " tasks"));
    }
    for (Target const& t : targets_) out.tasks.emplace_back(t.task.name, sums[t.task.name]);
    result_.outcomes.push_back(std::move(out));
  }

  /// MVLPT's first stage: one prompt for all source tasks, once for each seed; their mean.
  [[nodiscard]] LearntValues<float> source_prompt(char const* name) {
    PolicyFacts const& facts = policy_facts(name, folder_);
    PolicyChoice const policy = choice(name);
    std::vector<LearntValues<float>> all;
    for (std::uint64_t seed = 1; seed <= demo_seeds; ++seed) {
      ClassifierSettings settings{.policy = policy, .seed = seed};
      TuneChoice const how{.policy = policy, .epochs = o_.full ? 30 : 8, .seed = seed};
      Tuning tuning;
      Split together{.shots = shots_, .seed = seed};
      for (Target const& t : sources_) {
        Split const& split = t.splits[seed - 1];
        tuning.tasks.push_back({t.task.name, &t.data.train, split.train, {}});
        together.train.insert(together.train.end(), split.train.begin(), split.train.end());
        for (std::string const& c : t.task.class_names()) settings.class_names.push_back(c);
        for (std::string const& c : texts_of_classes(t.task)) settings.texts.push_back(c);
      }
      Tuning const plain = tuning_of(how, folder_, sources_.front().data.train, together);
      tuning.weight_decay = plain.weight_decay, tuning.fit = plain.fit;
      tuning.fit.off_task = OffTask::minus_infinity;
      auto const classifier = make_classifier(folder_, settings);
      TrainingWatch watch{progress_, tuning.fit.epochs, false};
      std::string const what =
          text("MVLPT: source of ", facts.label, ", seed ", seed, " of ", demo_seeds);
      progress_.start(what, tuning.fit.epochs * steps_of_epoch(tuning.train_size(), tuning.fit));
      auto const curve = classifier->tune(tuning, watch);
      for (auto const& e : curve) source_seconds_ += e.seconds;
      all.push_back(classifier->learnt());
      progress_.line(text(what, ": ", report::percent(curve.back().train_accuracy),
                          " % of the examples of ", sources_.size(), " tasks"));
    }
    return mean_of(all);
  }

  void save() {
    make_folder(o_.out);
    io::Json all = io::Json::array();
    for (auto const& [held_out, targets] : {std::pair{true, &targets_}, {false, &sources_}})
      for (Target const& t : *targets) {
        io::Json task{{"task", t.task.name},
                      {"held_out", held_out},
                      {"sentence", t.task.sentence},
                      {"class_names", t.task.class_names()},
                      {"splits", io::Json::array()}};
        for (Split const& s : t.splits) {
          task["splits"].push_back({{"seed", s.seed}, {"shots", s.shots}, {"indices", s.train}});
          if (held_out) task["splits"].back()["test"] = s.test;
        }
        all.push_back(std::move(task));
      }
    io::write_file(o_.out / "split.json", std::string_view(json_text({{"tasks", all}})));
  }

  void describe() {
    auto const& all = result_.outcomes;  // in the order of run()
    std::string names, sources;
    for (Target const& t : targets_) names += text(names.empty() ? "" : ", ", t.task.name);
    for (Target const& t : sources_) sources += text(sources.empty() ? "" : ", ", t.task.name);
    result_.title = "Prompts on frozen vision-language models";
    result_.summary =
        text(verdict(all[3], "UPT's prompts", all[0], "the names of the classes alone"), " ",
             verdict(all[6], "CoOp's from a source prompt", all[1], "those from scratch"), " ",
             verdict(all[7], "Deep ones from a source prompt", all[2], "those from scratch"), " ",
             verdict(all[8], "UPT's from a source prompt", all[3], "those from scratch"), " ",
             shots_, " pictures a class to learn from, tasks that pretraining did not see (", names,
             "), ", demo_seeds, " seeds, each with its own pictures and initial values.");
    result_.facts.push_back(
        {"Source tasks", text(sources,
                              "; a shared prompt for each of CoOp, deep and UPT, the mean "
                              "of ",
                              demo_seeds, " seeds, in ", report::duration(source_seconds_))});
    result_.notes.push_back(
        "MVLPT's source prompt is one for all seeds, the mean of theirs, so the spread of its rows "
        "is "
        "that of the target tasks alone.");
    result_.notes.push_back(
        "An accuracy is the mean over the tasks; its spread is that of this mean over the seeds.");
  }

  io::ModelFolder const& folder_;
  DemoOptions const& o_;
  Progress progress_;
  Index shots_;
  std::vector<Target> targets_, sources_;
  double source_seconds_ = 0;
  DemoResult result_{.title = {}};
};

}  // namespace

DemoResult demo_of_pairs(io::ModelFolder const& folder, DemoOptions const& o) {
  return PairDemo(folder, o).run();
}

}  // namespace vlpt::cli
