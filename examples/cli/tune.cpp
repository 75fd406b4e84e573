// vlpt tune: a policy and a head on a frozen backbone, from labelled images.
#include <iostream>

#include "command.hpp"
#include "costs/classifier_cost.hpp"
#include "evaluation.hpp"
#include "layers.hpp"
#include "tune_report.hpp"
#include "vlpt/analysis/report/number.hpp"
#include "vqa/tune_questions.hpp"

namespace vlpt::cli {

namespace {

struct Options : Shared {
  DataChoice data;
  TuneChoice choice;
  Index shots = 0, valid = 0, limit = 0;
  std::string pool, sentence;
  std::filesystem::path out = "build/tune";
  bool resume = false, strict = false;
};

/// Whatever changes the result, so that nothing else can be resumed by mistake: by the names of the
/// options, where there are any.
io::NamedValues recipe_of(Options const& o, Data const& data, Tuning const& t) {
  TuneChoice const& c = o.choice;
  PolicyChoice const& p = c.policy;
  io::NamedValues out{{"policy", p.name},
                      {"prompt-dropout", io::value_text(p.dropout)},
                      {"data", data.name},
                      {"images", io::value_text(data.train.size())},
                      {"shots", io::value_text(o.shots)},
                      {"valid", io::value_text(o.valid)},
                      {"seed", io::value_text(c.seed)},
                      {"epochs", io::value_text(t.fit.epochs)},
                      {"batch", io::value_text(c.batch)},
                      {"lr", io::value_text(t.fit.learning_rate)},
                      {"weight-decay", io::value_text(t.weight_decay)},
                      {"flip", io::value_text(c.flip)},
                      {"crop", io::value_text(c.crop)},
                      {"patience", io::value_text(c.patience)}};
  for (auto const& [name, size] : {std::pair{"prompts", p.prompts},
                                   {"rank", p.rank},
                                   {"width", p.width},
                                   {"shortcut", p.shortcut}})
    if (size > 0) out.emplace(name, io::value_text(size));
  if (!p.skip.empty()) out.emplace("skip", p.skip);
  if (!o.pool.empty()) out.emplace("pool", o.pool);
  if (!o.sentence.empty()) out.emplace("sentence", o.sentence);
  return out;
}

/// "batch 4, crop 1, ...": for people who read a delta.
std::string in_words(io::NamedValues const& recipe) {
  std::string out;
  for (auto const& [name, value] : recipe) out += text(out.empty() ? "" : ", ", name, ' ', value);
  return out;
}

/// What is kept of the images from epoch to epoch, told before the run.
CacheNeeds told_cache(TuneChoice const& c, Classifier const& classifier, Tuning const& t,
                      Progress& progress) {
  auto const needs = classifier.cache_needs(t.train_size(), *t.fit.cache_bytes);
  bool const asked = *c.cache > 0;
  VLPT_CHECK(!asked || needs.each > 0, "--cache has no effect with --policy ", c.policy.name,
             ": nothing precedes its first learner");
  VLPT_CHECK(!asked || needs.samples > 0, "--cache ", *c.cache, ": with --policy ", c.policy.name,
             " one image takes ", report::grouped(needs.each), " bytes");
  progress.line(text("kept: ", needs.samples, " of ", t.train_size(), " images, ",
                     report::grouped(needs.bytes), " bytes"));
  return needs;
}

void check(CLI::App const& command, Options const& o) {
  std::string const& policy = o.choice.policy.name;
  require_sizes(command, "--policy", policy);
  require_effect(command, "--prompt-dropout", policy_facts(policy).has_dropout,
                 "with --policy " + policy + ", which has no rows in the sequence");
  bool const skips = policy_facts(policy).has_skip;
  for (char const* option : {"--skip-layers", "--search-epochs"}) {
    require_effect(command, option, skips,
                   "with --policy " + policy + ", which has no skipped layers");
    require_effect(command, option, o.choice.policy.skip.empty(),
                   "with --skip, which says the layers: nothing is searched");
  }
  require_effect(command, "--cache", o.choice.flip == 0 && o.choice.crop == 1,
                 "with --flip or --crop, which change the images in every epoch");
  require_effect(command, "--patience", o.valid > 0,
                 "without --valid: there are no images to judge an epoch by");
}

void run(CLI::App const& command, Options& o) {
  TuneChoice& c = o.choice;
  c.policy = checked(c.policy);
  require_folder("--out", o.out);
  auto const folder = io::ModelFolder::open(find_model(o.model));
  if (std::holds_alternative<io::SingleStreamFamily>(folder.family)) {
    for (char const* option : {"--valid", "--patience", "--flip", "--crop", "--pool", "--sentence",
                               "--resume", "--prompt-dropout", "--skip-bad", "--cache"})
      require_effect(command, option, false, "with a model that answers questions");
    return tune_questions(folder, o, o.data.data, o.data.test,
                          {.policy = c.policy,
                           .seed = c.seed,
                           .shots = o.shots,
                           .tested = o.limit,
                           .skip_layers = c.skip_layers,
                           .search_epochs = c.search_epochs,
                           .batch = c.batch,
                           .epochs = c.epochs,
                           .learning_rate = c.learning_rate,
                           .weight_decay = c.weight_decay},
                          o.out, o.strict);
  }
  VLPT_CHECK(policy_facts(c.policy.name, folder).epochs > 0, "the policy ", c.policy.name,
             " learns nothing on ", io::family_name(folder.family),
             "; vlpt predict --text chooses among texts without it");
  bool const dual = std::holds_alternative<io::DualFamily>(folder.family);
  VLPT_CHECK(dual || o.sentence.empty(), "--sentence has no effect with ", folder.path.string(),
             ", ", io::family_name(folder.family));
  if (policy_facts(c.policy.name).has_skip && !dual)
    c.policy.skip = checked_layers(c.policy.skip, folder.vision().facts.depth);
  Data const data = open_data(o.data);
  Split const split = make_split(data, o.shots, o.valid, c.seed, o.limit);
  require_readable(data, {split});
  auto const& names = data.train.class_names();
  ClassifierSettings settings{.policy = c.policy, .class_names = names, .seed = c.seed};
  if (!o.pool.empty()) settings.pool = pool_named(o.pool);
  if (!o.sentence.empty()) settings.sentence = o.sentence;
  settings.strict = o.strict;
  Tuning tuning = tuning_of(c, folder, data.train, split);
  Progress progress(o);
  std::optional<FoundLayers> found;
  if (policy_facts(c.policy.name).has_skip && c.policy.skip.empty()) {
    tuning.fit.recipe = recipe_of(o, data, tuning);
    tuning.fit.resume = o.resume;
    Tuning search = tuning;
    search.fit.cache_bytes.reset();  // it is for the run that is asked for
    found = search_for(c, folder, settings, search, o.out / "search", progress,
                       c.policy.name + " search");
    settings.policy.skip = c.policy.skip = text(found->plan);
    progress.line("to leave out: " + layers_named(c.policy.skip));
  }
  auto const classifier = make_classifier(folder, settings);
  std::string const before = classifier->fingerprint();
  std::optional<CacheNeeds> cache;
  if (c.cache) cache = told_cache(c, *classifier, tuning, progress);
  make_folder(o.out);
  save_splits(o.out / "split.json", data, {split});
  tuning.fit.recipe = recipe_of(o, data, tuning);
  tuning.fit.folder = o.out;
  // Killed before its first epoch was saved, a run has nothing to go on from but its beginning.
  tuning.fit.resume = o.resume && io::is_there(o.out / "last.run");

  Index const epochs = tuning.fit.epochs;
  TrainingWatch watch{progress, epochs};
  progress.start(c.policy.name,
                 epochs * steps_of_epoch(static_cast<Index>(split.train.size()), tuning.fit));
  auto const curve = classifier->tune(tuning, watch);
  progress.start("test", static_cast<Index>(split.test.size()));
  auto const result = evaluate(*classifier, data.tested(), split.test, progress);
  progress.finish();
  std::string const after = classifier->fingerprint();
  auto const delta = o.out / (c.policy.name + ".delta");
  classifier->save_delta(delta, {.class_names = names, .recipe = in_words(tuning.fit.recipe)});

  TuneReport const report{folder,
                          data,
                          split,
                          c,
                          tuning,
                          *classifier,
                          result.confusion,
                          classifier_cost(folder, settings),
                          before,
                          after,
                          curve,
                          found,
                          cache,
                          delta};
  io::Json const json = report.json();
  io::write_file(o.out / "result.json", std::string_view(json_text(json)));
  if (o.json) return print_json(json);
  std::cout << report.text() << "written        " << delta.string() << ", "
            << (o.out / "result.json").string() << ", " << (o.out / "split.json").string() << '\n';
}

}  // namespace

void add_tune(CLI::App& app) {
  auto* const c = app.add_subcommand("tune", "Tune a policy on labelled images");
  auto const o = std::make_shared<Options>();
  auto& t = o->choice;
  constexpr Range<double> share{0, 1};
  add_text(*c, {"--policy", "NAME", "What learns: " + listed(policy_names())}, t.policy.name);
  add_number(*c, {"--prompts", "P", "Prompt rows, of a layer where the policy is deep"},
             t.policy.prompts, prompt_counts);
  add_number(*c, {"--rank", "R", "Of low-rank corrections (APT, LoRA)"}, t.policy.rank, ranks);
  add_number(*c, {"--width", "W", "Of adapters' bottlenecks"}, t.policy.width, widths);
  add_number(*c, {"--shortcut", "W", "Of the adapters in place of skipped layers"},
             t.policy.shortcut, widths);
  add_text(*c, {"--skip", "LAYERS", "Layers to leave out, such as 4,5,10,11; default: searched"},
           t.policy.skip);
  add_number(*c, {"--skip-layers", "M", "How many layers a search leaves out"}, t.skip_layers,
             layer_counts);
  add_number(*c, {"--search-epochs", "E", "Passes over the images to search in"}, t.search_epochs,
             epoch_counts);
  add_number(*c, {"--prompt-dropout", "X", "Dropout of the prompts"}, t.policy.dropout,
             Range<double>{0.0, 0.99});
  add_text(*c,
           {"--data", "PATH",
            "fashion-mnist, or a folder: a subfolder of images a class, a labels.csv "
            "(file,label), train and test of these, or IDX files"},
           o->data.data);
  add_text(*c,
           {"--test", "PATH",
            "Folder of test images, where --data has none; with a model that answers questions, "
            "both are JSONL files"},
           o->data.test);
  c->add_flag("--skip-bad", o->data.skip_bad, "Leave images out that cannot be decoded");
  add_number(*c, {"--shots", "K", "Learn from K images a class; 0: from all"}, o->shots,
             image_counts);
  add_number(*c, {"--valid", "N", "Images a class that choose the best epoch (best.run)"}, o->valid,
             image_counts);
  add_number(*c, {"--limit", "N", "Test on at most N images; 0: on all"}, o->limit, image_counts);
  add_number(*c, {"--epochs", "E", "Passes over the images; default: the policy's"}, t.epochs,
             epoch_counts);
  add_number(*c, {"--batch", "B", "Images a step"}, t.batch, batch_sizes);
  add_number(*c, {"--lr", "X", "Highest learning rate; default: the policy's"}, t.learning_rate,
             learning_rates);
  add_number(
      *c, {"--weight-decay", "X", "Decoupled weight decay; default: 0.01, few-shot the policy's"},
      t.weight_decay, Range<double>{0.0, 1e3});
  add_number(*c, {"--flip", "X", "Chance of a mirror image"}, t.flip, share);
  add_number(*c, {"--crop", "X", "Crop at random, keeping at least this share of the area"}, t.crop,
             Range<double>{0.001, 1.0});
  add_number(*c, {"--patience", "E", "With --valid: stop after so many epochs without gain"},
             t.patience, epoch_counts);
  add_number(
      *c,
      {"--cache", "MIB",
       "Compute what precedes the first learner once an image and keep it in so much memory; "
       "0: keep nothing; default: features, where nothing below the head learns"},
      t.cache, cache_sizes);
  add_text(*c,
           {"--sentence", "TEXT",
            "That a class stands in, with a dual encoder; default: " + std::string(usual_sentence)},
           o->sentence);
  c->add_flag("--strict", o->strict, "A text that is too long is an error, not cut");
  add_text(*c, {"--pool", "NAME", "class_row, mean_all, mean_image, mean_prompts"}, o->pool);
  add_number(*c, {"--seed", "S", "Of the split, the initial values and the order"}, t.seed,
             any_seed);
  add_text(*c, {"--out", "DIR", "Where the delta, the split and checkpoints go"}, o->out);
  c->add_flag("--resume", o->resume, "Go on from DIR/last.run, bit for bit");
  add_model(*c, *o);
  add_no_progress(*c, *o);
  add_json(*c, *o);
  c->footer(
      "Example: vlpt tune --policy deep --prompts 8 --data my-images --shots 16 --out my-run");
  c->callback([c, o] {
    check(*c, *o);
    run(*c, *o);
  });
}

}  // namespace vlpt::cli
