// vlpt pretrain --task vilt: how examples/models/tiny-vilt was made.
#include <iostream>
#include <numeric>

#include "../command.hpp"
#include "../progress.hpp"
#include "statements.hpp"
#include "vilt_folder.hpp"
#include "vlpt/analysis/report/number.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/kernels/cpu/extern.hpp"
#include "vlpt/models/single_stream.hpp"
#include "vlpt/ops/positions.hpp"
#include "vlpt/train/adamw.hpp"
#include "vlpt/train/groups.hpp"
#include "vlpt/train/loop.hpp"
#include "vlpt/train/text_examples.hpp"
#include "vocabulary.hpp"
#include "word_ids.hpp"

namespace vlpt::cli {
namespace {

using Model = SingleStream<arch::TinyViLT, prompt::None, skip::Dense, learn::All>;
using PretrainNet = Net<Model, Cpu<float>>;
using Set = TextExamples<float, Statements>;

struct Options : Shared {
  std::filesystem::path data;
  Index epochs = 5, batch = 32, each = 16;
  double learning_rate = 1e-3;
  std::uint64_t seed = 1;
  std::filesystem::path out = "build/pretrain-vilt";
  bool resume = false;
};

std::vector<Index> all_of(Statements const& data) {
  std::vector<Index> out(static_cast<std::size_t>(data.size()));
  std::iota(out.begin(), out.end(), Index{0});
  return out;
}

/// Draws the products of the layers by Glorot's law, which suits a narrow model better than
/// N(0, 0.02), and starts the patches' positions as MAE's sines and cosines.
void start_wide(PretrainNet& net) {
  auto const& v = net.model().facts.vision;
  for (auto const& r : net.parameters()) {
    Random random{net.seed(), 0x76696c74ULL};
    for (char const c : r.name) random = random.fork(static_cast<unsigned char>(c));
    if (r.name.starts_with("layers.") && r.shape.rank == 2)
      for (Index i = 0; i < r.shape.size(); ++i)
        r.values.data[i] = static_cast<float>(Init::xavier_uniform().value(r.shape, random, i));
    if (r.name == "embed.image.positions") {
      auto const table = sine_cosine_positions(v.image / v.patch, v.dim, true);
      for (Index i = 0; i < table.size(); ++i)
        r.values.data[i] = 0.5F * static_cast<float>(table[i]);
    }
  }
  net.touch();
}

void run(Options& o) {
  require_folder("--out", o.out);
  make_folder(o.out);
  io::EasyVqa const pictures(o.data / "train"), unseen(o.data / "test");
  Statements const statements(pictures, o.each, o.seed, true), judged(unseen, 8, o.seed, false);
  auto const words = vilt_vocabulary();
  WordIds const tokenizer(words);
  PretrainNet net(Model{{.classes = static_cast<Index>(statements.class_names().size()),
                         .replaces_first = false,
                         .dropout = 0}},
                  {.seed = o.seed}, Cpu<float>(1));
  start_wide(net);
  auto const& f = net.model().facts;
  io::Preprocess const how{.size = f.vision.image, .channels = f.vision.channels};
  Set train(statements, all_of(statements), tokenizer, f.words, how);
  Set valid(judged, all_of(judged), tokenizer, f.words, how);
  FitSettings s{.epochs = o.epochs,
                .batch = o.batch,
                .learning_rate = o.learning_rate,
                .clip = 1,
                .seed = o.seed,
                .folder = o.out};
  Index const steps = o.epochs * steps_of_epoch(train.size(), s);
  s.schedule = {.kind = Schedule::Kind::cosine, .total_steps = steps, .warmup_steps = steps / 20};
  s.recipe = {{"statements", io::value_text(o.each)}};
  s.resume = o.resume && io::is_there(o.out / "last.run");
  AdamW<float> optimizer(groups_of(net), {.beta2 = 0.98, .weight_decay = 0.05});
  Progress progress(o);
  TrainingWatch watch{progress, o.epochs, true, true};
  progress.start("pretrain", steps);
  auto const curve = fit(net, optimizer, train, &valid, s, watch);
  save_vilt(o.out, net, how, words);
  auto const logits = predict_all(std::as_const(net), valid);
  Index right[4] = {}, count[4] = {};
  for (Index i = 0; i < valid.size(); ++i) {
    Index const l = valid.label(i), kind = judged.question(i).find("what shape") == 0 ||
                                                   judged.question(i).find("what is the") == 0
                                               ? 0
                                           : l < 3  ? 1
                                           : l < 11 ? 2
                                                    : 3;
    ++count[kind], right[kind] += best_class(logits.view(), i) == l;
  }
  progress.finish();
  for (int k = 0; k < 4; ++k)
    std::cout << (k == 0   ? "shape "
                  : k == 1 ? " masked shape "
                  : k == 2 ? " masked colour "
                           : " matching ")
              << double(right[k]) / double(count[k]);
  std::cout << '\n';
}

}  // namespace

void add_pretrain_vilt(CLI::App& app) {
  auto* const c =
      app.add_subcommand("pretrain-vilt", "Make a small backbone of texts and pictures");
  auto const o = std::make_shared<Options>();
  add_text(*c, {"--data", "DIR", "Of PyPI's easy-vqa: the folder that holds train and test"},
           o->data);
  add_number(*c, {"--epochs", "E", "Passes over the statements"}, o->epochs, epoch_counts);
  add_number(*c, {"--batch", "B", "Statements a step"}, o->batch, batch_sizes);
  add_number(*c, {"--lr", "X", "Highest learning rate"}, o->learning_rate, learning_rates);
  add_number(*c, {"--each", "N", "Statements about a picture"}, o->each, epoch_counts);
  add_number(*c, {"--seed", "S", "Of the initial values, the statements and the order"}, o->seed,
             any_seed);
  add_text(*c, {"--out", "DIR", "Where the model folder and the state go"}, o->out);
  c->add_flag("--resume", o->resume, "Go on from DIR/last.run, bit for bit");
  add_no_progress(*c, *o);
  add_json(*c, *o);
  c->callback([o] { run(*o); });
}

}  // namespace vlpt::cli
