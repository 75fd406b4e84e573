// vlpt pretrain-clip: how examples/models/tiny-clip was made.
#include <algorithm>
#include <iostream>

#include "clip_figures.hpp"
#include "clip_pairs.hpp"
#include "command.hpp"
#include "curve_csv.hpp"
#include "progress.hpp"
#include "save_backbone.hpp"
#include "split.hpp"
#include "vlpt/analysis/report/number.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/io/config/write_clip_config.hpp"
#include "vlpt/io/dataset/preprocessor_config.hpp"
#include "vlpt/io/naming/clip.hpp"
#include "vlpt/kernels/packed.hpp"
#include "vlpt/models/contrastive_pair.hpp"

namespace vlpt::cli {
namespace {

using Towers = ContrastivePair<arch::TinyClip>;
using TowersNet = Net<Towers, PackedCpu<float>>;

struct Options : Shared {
  Options() { model = "examples/models/tiny-clip"; }  // whose tokenizer is taken
  ContrastiveSettings settings{.epochs = 16, .steps = 100};
  Index batch = 128, limit = 2000;
  std::filesystem::path out = "build/pretrain-clip";
  bool resume = false;
};

void write_model(std::filesystem::path const& folder, std::filesystem::path const& tokenizer,
                 TowersNet const& net, io::Preprocess const& preprocess,
                 std::string const& recipe) {
  auto const& m = net.model();
  save_backbone(folder, net, io::naming::clip_hf(), m.facts.channels, recipe);
  io::write_clip_config(folder / "config.json", m.facts, m.text.facts);
  io::write_preprocess(folder / "preprocessor_config.json", preprocess);
  for (char const* name : {"vocab.json", "merges.txt", "tokenizer_config.json"})
    io::write_file(folder / name, std::string_view(io::read_file(tokenizer / name)));
}

io::Json retrieval_json(Retrieval const& r) {
  return {{"pairs", r.pairs},
          {"caption_first", r.caption_first},
          {"caption_in_five", r.caption_in_five},
          {"picture_first", r.picture_first},
          {"picture_in_five", r.picture_in_five}};
}

/// The emoji that were learnt from: at most so many, evenly spread.
std::vector<Index> learnt_emoji(io::EmojiSet const& set, Index limit) {
  auto const held_out = held_out_emoji(set);
  std::vector<Index> out;
  for (Index i = 0; i < set.size(); ++i)
    if (!held_out_group(set[i].group) && std::ranges::count(held_out, i) == 0) out.push_back(i);
  std::vector<Index> some;
  for (Index const k : evenly(static_cast<Index>(out.size()), limit))
    some.push_back(out[static_cast<std::size_t>(k)]);
  return some;
}

void run(Options& o) {
  ContrastiveSettings& s = o.settings;
  require_folder("--out", o.out);
  auto const model = find_model(o.model);
  auto const tokenizer = io::Tokenizer::open(model);
  auto const sources = ClipSources::open();
  make_folder(o.out);
  TowersNet net(Towers(o.batch), {.seed = s.seed});
  auto const& f = net.model().facts;
  VLPT_CHECK(tokenizer.vocabulary() == net.model().text.facts.vocabulary, model.string(), " has ",
             tokenizer.vocabulary(), " tokens, the text tower ", net.model().text.facts.vocabulary);
  ClipPairs const pairs(
      sources,
      [&](std::string const& caption) {
        return tokenizer.encode(caption, net.model().text.facts.tokens).ids;
      },
      f.image);
  s.preprocess = {
      .size = f.image, .channels = f.channels, .mean = {0.5, 0.5, 0.5}, .std = {0.5, 0.5, 0.5}};
  s.state = o.out / "state.safetensors";
  s.recipe = {{"epochs", io::value_text(s.epochs)},     {"steps", io::value_text(s.steps)},
              {"batch", io::value_text(o.batch)},       {"lr", io::value_text(s.learning_rate)},
              {"emoji", io::value_text(pairs.emoji())}, {"seed", io::value_text(s.seed)}};
  std::string const recipe = text("tiny-clip seed ", s.seed, " epochs ", s.epochs, " steps ",
                                  s.steps, " batch ", o.batch, " lr ", s.learning_rate);
  s.resume = o.resume && io::is_there(s.state);

  Progress progress(o);
  TrainingWatch watch{progress, s.epochs, true, false};
  progress.start("pretrain", s.epochs * s.steps);
  auto const curve = pretrain_pairs(net, pairs, s, watch);
  write_model(o.out, model, net, s.preprocess, recipe);
  io::write_file(o.out / "curve.csv", std::string_view(curve_csv(curve, {.train = true})));
  progress.finish();
  auto const tasks = zero_shot(o.out, tokenizer, clip_tasks(sources), o.limit);
  auto const& emoji = *sources.emoji;
  auto const learnt = retrieval(o.out, tokenizer, emoji, learnt_emoji(emoji, o.limit)),
             held_out = retrieval(o.out, tokenizer, emoji, held_out_emoji(emoji));
  double seconds = 0;
  for (auto const& e : curve) seconds += e.seconds;
  io::Json zero;
  for (auto const& t : tasks)
    zero[t.task] = {{"held_out", t.held_out},
                    {"classes", t.classes},
                    {"images", t.images},
                    {"accuracy", t.accuracy},
                    {"chance", 1.0 / static_cast<double>(t.classes)}};
  io::Json const json{
      {"model", o.out.string()},
      {"recipe", recipe},
      {"emoji", pairs.emoji()},
      {"epochs", curve.size()},
      {"steps", static_cast<Index>(curve.size()) * s.steps},
      {"batch", o.batch},
      {"lr", s.learning_rate},
      {"seed", s.seed},
      {"loss", curve.back().train_loss},
      {"seconds", seconds},
      {"bytes", std::filesystem::file_size(o.out / "model.safetensors")},
      {"zero_shot", zero},
      {"retrieval", {{"learnt", retrieval_json(learnt)}, {"held_out", retrieval_json(held_out)}}}};
  io::write_file(o.out / "pretrain.json", std::string_view(json_text(json)));
  if (o.json) return print_json(json);
  std::cout << "pretrained  " << curve.size() << " epochs in " << report::duration(seconds)
            << ", loss " << report::fixed(curve.back().train_loss, 4) << '\n';
  for (auto const& t : tasks)
    std::cout << "zero-shot   " << report::percent(t.accuracy) << " % of " << t.task << " ("
              << t.classes << " classes, " << (t.held_out ? "held out" : "seen") << ")\n";
  for (auto const& [name, r] : {std::pair{"learnt", learnt}, {"held out", held_out}})
    std::cout << "retrieval   " << report::percent(r.caption_first) << " % of " << r.pairs << ' '
              << name << " pictures find their caption first, "
              << report::percent(r.caption_in_five) << " % among five\n";
  std::cout << "written     " << o.out.string() << '\n';
}

}  // namespace

void add_pretrain_clip(CLI::App& app) {
  auto* const c = app.add_subcommand(
      "pretrain-clip", "Make a small CLIP from named emoji and Fashion-MNIST with captions");
  auto const o = std::make_shared<Options>();
  auto& s = o->settings;
  add_text(*c, {"--model", "DIR", "Whose tokenizer files are taken"}, o->model);
  add_number(*c, {"--epochs", "E", "Times that the state is saved"}, s.epochs, epoch_counts);
  add_number(*c, {"--steps", "N", "Batches of an epoch"}, s.steps, Range<Index>{1, 1'000'000});
  add_number(*c, {"--batch", "B", "Pairs of a batch"}, o->batch, Range<Index>{8, 512});
  add_number(*c, {"--lr", "X", "Highest learning rate"}, s.learning_rate, learning_rates);
  add_number(*c, {"--seed", "S", "Of the initial values and of the batches"}, s.seed, any_seed);
  add_number(*c, {"--limit", "N", "Pictures of each task that its figures are of; 0: all"},
             o->limit, image_counts);
  add_text(*c, {"--out", "DIR", "Where the model folder and the state go"}, o->out);
  c->add_flag("--resume", o->resume,
              "Go on from DIR/state.safetensors, bit for bit; a finished one is exported");
  add_no_progress(*c, *o);
  add_json(*c, *o);
  c->footer("Example: vlpt pretrain-clip --out my-clip    (and after a break: --resume)");
  c->callback([o] { run(*o); });
}

}  // namespace vlpt::cli
