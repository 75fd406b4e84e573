#include "tuning.hpp"

#include "command.hpp"
#include "evaluation.hpp"

namespace vlpt::cli {

Tuning tuning_of(TuneChoice const& c, io::ModelFolder const& folder, Images const& images,
                 Split const& split) {
  PolicyFacts const& policy = policy_facts(c.policy.name, folder);
  Index const epochs = c.epochs.value_or(policy.epochs);
  double const rate = c.learning_rate.value_or(policy.learning_rate);
  // Few images want a strong decay: on Fashion-MNIST it is worth a point to the probe and to
  // prompts.
  double const decay = c.weight_decay.value_or(split.shots > 0 ? policy.weight_decay : 0.01);
  Tuning t{.tasks = {{"images", &images, split.train, split.valid}}, .weight_decay = decay};
  if (c.flip > 0 || c.crop < 1) t.augment = io::Augment{.flip = c.flip, .scale = {c.crop, 1}};
  t.fit.epochs = epochs, t.fit.batch = c.batch, t.fit.learning_rate = rate, t.fit.seed = c.seed;
  Index const steps = epochs * steps_of_epoch(static_cast<Index>(split.train.size()), t.fit);
  t.fit.schedule = {
      .kind = Schedule::Kind::cosine, .total_steps = steps, .warmup_steps = steps / 10};
  if (c.cache) t.fit.cache_bytes = *c.cache << 20;
  if (c.patience > 0) t.fit.early_stopping = EarlyStopping{.patience = c.patience};
  return t;
}

FoundLayers search_for(TuneChoice const& c, io::ModelFolder const& folder,
                       ClassifierSettings const& settings, Tuning tuning,
                       std::filesystem::path const& into, Progress& progress,
                       std::string const& what) {
  auto const how =
      search_settings(folder.vision().facts.depth, c.skip_layers, c.search_epochs, settings.seed);
  FitSettings& fit = tuning.fit;
  Index const steps = steps_of_epoch(tuning.train_size(), fit);
  fit.epochs = c.search_epochs, fit.early_stopping.reset();
  fit.schedule = {.kind = Schedule::Kind::cosine,
                  .total_steps = fit.epochs * steps,
                  .warmup_steps = fit.epochs * steps / 10};
  fit.folder = into;
  fit.resume = fit.resume && io::is_there(into / "last.run");
  if (!into.empty()) make_folder(into);
  TrainingWatch watch{progress, fit.epochs, !into.empty()};
  progress.start(what, fit.epochs * steps);
  return search_layers(folder, settings, tuning, how, watch);
}

}  // namespace vlpt::cli
