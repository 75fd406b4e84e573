// vlpt pretrain: how examples/models/tiny-vit-mae was made. Labels are used by the probe only.
#include <iostream>

#include "command.hpp"
#include "curve_csv.hpp"
#include "evaluation.hpp"
#include "save_backbone.hpp"
#include "tuning.hpp"
#include "vlpt/analysis/report/number.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/kernels/packed.hpp"
#include "vlpt/models/masked_autoencoder.hpp"
#include "vlpt/train/masked_autoencoding.hpp"

namespace vlpt::cli {
namespace {

using Autoencoder = MaskedAutoencoder<arch::TinyViTMae>;
using AutoencoderNet = Net<Autoencoder, PackedCpu<float>>;

struct Options : Shared {
  DataChoice data;
  PretrainSettings settings{.epochs = 10, .batch = 128, .learning_rate = 1.5e-3};
  double mean = 0.2860, std = 0.3530;  // of Fashion-MNIST
  Index probe = 10'000;
  std::filesystem::path out = "build/pretrain";
  bool resume = false;
};

/// model.safetensors, config.json and preprocessor_config.json, as Hugging Face's ViT-MAE has them.
void write_model(std::filesystem::path const& folder, AutoencoderNet const& net,
                 io::Preprocess const& preprocess, std::string const& recipe) {
  auto const& f = net.model().facts;
  auto const& d = net.model().decoder;
  save_backbone(folder, net, io::naming::vit_mae_hf(), f.channels, recipe);
  io::write_vit_config(folder / "config.json", {.model_type = "vit_mae",
                                                .hidden_size = f.dim,
                                                .num_hidden_layers = f.depth,
                                                .num_attention_heads = f.heads,
                                                .intermediate_size = f.hidden,
                                                .image_size = f.image,
                                                .patch_size = f.patch,
                                                .num_channels = f.channels,
                                                .layer_norm_eps = f.eps,
                                                .decoder_hidden_size = d.dim,
                                                .decoder_num_hidden_layers = d.depth,
                                                .decoder_num_attention_heads = d.heads,
                                                .decoder_intermediate_size = d.hidden,
                                                .mask_ratio = d.mask_ratio,
                                                .norm_pix_loss = true});
  io::write_preprocess(folder / "preprocessor_config.json", preprocess);
}

/// What the model says of itself: what is usual is not said.
std::string in_words(Options const& o, Data const& data) {
  auto const& s = o.settings;
  Options const usual;
  std::string out = text("tiny-vit-mae seed ", s.seed);
  if (data.name != usual.data.data) out += text(" data ", data.name);
  if (s.epochs != usual.settings.epochs) out += text(" epochs ", s.epochs);
  if (s.batch != usual.settings.batch) out += text(" batch ", s.batch);
  if (s.learning_rate != usual.settings.learning_rate) out += text(" lr ", s.learning_rate);
  if (o.mean != usual.mean || o.std != usual.std) out += text(" mean ", o.mean, " std ", o.std);
  return out;
}

/// At most `limit` images for the probe to learn from, and what it is tested on.
Split probe_split(Data const& data, Index limit) try {
  Split split = make_split(data, 0, 0, 1, 0);
  std::vector<Index> some;
  for (Index i : evenly(static_cast<Index>(split.train.size()), limit))
    some.push_back(split.train[static_cast<std::size_t>(i)]);
  split.train = std::move(some);
  return split;
} catch (InputError const& e) {
  throw InputError(text(e.what(), "; the linear probe wants them: --probe 0 goes without it"));
}

/// Test accuracy of a linear head on the features of the model that lies in the folder.
double probe(std::filesystem::path const& folder, Data const& data, Split const& split,
             Progress& progress) {
  ClassifierSettings const settings{.policy = {.name = "none"},
                                    .class_names = data.train.class_names()};
  auto const model = io::ModelFolder::open(folder);
  auto const classifier = make_classifier(model, settings);
  Tuning const tuning =
      tuning_of({.policy = settings.policy, .epochs = 50, .batch = 256}, model, data.train, split);
  TrainingWatch watch{progress, tuning.fit.epochs, false};
  progress.line(text("linear probe: ", split.train.size(), " images to learn from, ",
                     split.test.size(), " to test on"));
  progress.start("probe", tuning.fit.epochs *
                              steps_of_epoch(static_cast<Index>(split.train.size()), tuning.fit));
  (void)classifier->tune(tuning, watch);
  progress.start("test", static_cast<Index>(split.test.size()));
  return evaluate(*classifier, data.tested(), split.test, progress).confusion.accuracy();
}

void run(Options& o) {
  PretrainSettings& s = o.settings;
  require_folder("--out", o.out);
  Data const data = open_data(o.data);
  VLPT_CHECK(data.train.size() >= s.batch, "--batch takes at most the ", data.train.size(),
             " images of ", data.name, ", got ", s.batch);
  Split const all{.train = evenly(data.train.size(), 0)};
  Split const probed = o.probe > 0 ? probe_split(data, o.probe) : Split{};
  require_readable(data, {all, probed});
  make_folder(o.out);
  AutoencoderNet net(Autoencoder{}, {.seed = s.seed});
  auto const& f = net.model().facts;
  s.preprocess = {.size = f.image, .channels = f.channels, .mean = {o.mean}, .std = {o.std}};
  s.augment = io::Augment{.flip = 0.5, .scale = {0.5, 1.0}};
  s.state = o.out / "state.safetensors";
  s.recipe = {{"data", data.name},
              {"images", io::value_text(data.train.size())},
              {"epochs", io::value_text(s.epochs)},
              {"batch", io::value_text(s.batch)},
              {"lr", io::value_text(s.learning_rate)},
              {"mean", io::value_text(o.mean)},
              {"std", io::value_text(o.std)},
              {"seed", io::value_text(s.seed)}};
  std::string const recipe = in_words(o, data);
  s.resume = o.resume && io::is_there(s.state);

  Progress progress(o);
  TrainingWatch watch{progress, s.epochs, true, false};
  progress.start("pretrain", s.epochs * (data.train.size() / s.batch));
  auto const curve = pretrain(net, data.train, s, watch);
  write_model(o.out, net, s.preprocess, recipe);
  io::write_file(o.out / "curve.csv", std::string_view(curve_csv(curve)));
  double const accuracy = o.probe > 0 ? probe(o.out, data, probed, progress) : 0;
  progress.finish();
  auto const model = o.out / "model.safetensors";
  auto const bytes = std::filesystem::file_size(model);
  double seconds = 0;
  for (auto const& e : curve) seconds += e.seconds;
  io::Json json{{"model", o.out.string()},
                {"recipe", recipe},
                {"data", data.name},
                {"images", data.train.size()},
                {"epochs", curve.size()},
                {"batch", s.batch},
                {"lr", s.learning_rate},
                {"seed", s.seed},
                {"loss", curve.empty() ? 0 : curve.back().train_loss},
                {"seconds", seconds},
                {"bytes", bytes},
                {"skipped", skipped_json(data)}};
  if (o.probe > 0) json["linear_probe"] = {{"images", probed.train.size()}, {"accuracy", accuracy}};
  io::write_file(o.out / "pretrain.json", std::string_view(json_text(json)));
  if (o.json) return print_json(json);
  std::cout << "pretrained     " << curve.size() << " epochs in " << report::duration(seconds)
            << ", loss " << report::fixed(curve.empty() ? 0 : curve.back().train_loss, 4) << '\n';
  if (o.probe > 0) std::cout << "linear probe   " << report::percent(accuracy) << " %\n";
  std::cout << skipped_line(data) << "written        " << model.string() << " ("
            << report::grouped(static_cast<Index>(bytes))
            << " bytes), config.json, preprocessor_config.json, curve.csv, pretrain.json\n";
}

}  // namespace

void add_pretrain(CLI::App& app) {
  auto* const c = app.add_subcommand("pretrain", "Make a small backbone by masked autoencoding");
  auto const o = std::make_shared<Options>();
  auto& s = o->settings;
  add_text(*c, {"--data", "PATH", "As for vlpt tune; labels are used by the probe only"},
           o->data.data);
  c->add_flag("--skip-bad", o->data.skip_bad, "Leave images out that cannot be decoded");
  add_number(*c, {"--epochs", "E", "Passes over the images"}, s.epochs, epoch_counts);
  add_number(*c, {"--batch", "B", "Images a step"}, s.batch, batch_sizes);
  add_number(*c, {"--lr", "X", "Highest learning rate"}, s.learning_rate, learning_rates);
  add_number(*c, {"--mean", "X", "Of the grey values, in [0, 1]"}, o->mean,
             Range<double>{0.0, 1.0});
  add_number(*c, {"--std", "X", "Their deviation"}, o->std, Range<double>{0.001, 1.0});
  add_number(*c, {"--probe", "N", "Images that the linear probe learns from; 0: no probe"},
             o->probe, image_counts);
  add_number(*c, {"--seed", "S", "Of the initial values, the order and the masks"}, s.seed,
             any_seed);
  add_text(*c, {"--out", "DIR", "Where the model folder and the state go"}, o->out);
  c->add_flag("--resume", o->resume,
              "Go on from DIR/state.safetensors, bit for bit; a finished one is exported");
  add_no_progress(*c, *o);
  add_json(*c, *o);
  c->footer("Example: vlpt pretrain --out my-model    (and after a break: --resume)");
  c->callback([o] { run(*o); });
}

}  // namespace vlpt::cli
