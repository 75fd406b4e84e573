// vlpt pretrain-vilt: how examples/models/tiny-vilt was made.
#include <array>
#include <iostream>
#include <numeric>

#include "../command.hpp"
#include "../curve_csv.hpp"
#include "../progress.hpp"
#include "../save_backbone.hpp"
#include "statements.hpp"
#include "vilt_folder.hpp"
#include "vlpt/analysis/report/number.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/io/dataset/preprocessor_config.hpp"
#include "vlpt/io/naming/vilt.hpp"
#include "vlpt/io/tokenizer/tokenizer.hpp"
#include "vlpt/kernels/packed.hpp"
#include "vlpt/models/single_stream.hpp"
#include "vlpt/ops/positions.hpp"
#include "vlpt/train/adamw.hpp"
#include "vlpt/train/groups.hpp"
#include "vlpt/train/loop.hpp"
#include "vlpt/train/text_examples.hpp"
#include "vocabulary.hpp"

namespace vlpt::cli {
namespace {

using Model = SingleStream<arch::TinyViLT, prompt::None, skip::Dense, learn::All>;
using PretrainNet = Net<Model, PackedCpu<float>>;
using Set = TextExamples<float, Statements>;

struct Options : Shared {
  std::filesystem::path data;
  Index epochs = 5, batch = 32, each = 16;
  double learning_rate = 1e-3;
  std::uint64_t seed = 1;
  std::filesystem::path out = "build/pretrain-vilt";
  bool resume = false;
};

/// The folder of easy-VQA: what was asked for, or where VLPT_EASY_VQA_DIR points.
std::filesystem::path easy_vqa_folder(std::filesystem::path const& asked) {
  char const* const named = std::getenv("VLPT_EASY_VQA_DIR");
  auto const folder = asked.empty() && named != nullptr ? std::filesystem::path(named) : asked;
  VLPT_CHECK(!folder.empty(),
             "--data or VLPT_EASY_VQA_DIR must name the folder of PyPI's easy-vqa "
             "that holds train and test (easy_vqa/data)");
  return folder;
}

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

/// The share of right answers to statements of each kind.
io::Json accuracy_by_kind(PretrainNet const& net, Statements const& data, Set& examples) {
  constexpr std::array<char const*, 4> names{"shape_questions", "masked_colours", "masked_shapes",
                                             "captions"};
  std::array<RunningMean, names.size()> right;
  auto const logits = predict_all(net, examples);
  for (Index i = 0; i < examples.size(); ++i)
    right[static_cast<std::size_t>(data.kind(i))].add(
        best_class(logits.view(), i) == examples.label(i) ? 1 : 0);
  io::Json out;
  for (std::size_t k = 0; k < names.size(); ++k) out[names[k]] = right[k].value();
  return out;
}

void run(Options& o) {
  require_folder("--out", o.out);
  auto const folder = easy_vqa_folder(o.data);
  io::EasyVqa const pictures(folder / "train"), unseen(folder / "test");
  Statements const statements(pictures, o.each, o.seed, true), judged(unseen, 8, o.seed, false);
  make_folder(o.out);
  PretrainNet net(Model{{.classes = static_cast<Index>(statements.class_names().size()),
                         .replaces_first = false,
                         .dropout = 0}},
                  {.seed = o.seed}, PackedCpu<float>(1));
  start_wide(net);
  auto const& f = net.model().facts;
  write_vilt_files(o.out, f, vilt_vocabulary());
  auto const tokenizer = io::Tokenizer::open(o.out);
  VLPT_CHECK(tokenizer.vocabulary() == f.vocabulary, "there are ", tokenizer.vocabulary(),
             " words, the model has ", f.vocabulary);
  auto const how = io::read_preprocess(o.out);
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
  TrainingWatch watch{progress, o.epochs};
  progress.start("pretrain", steps);
  auto const curve = fit(net, optimizer, train, &valid, s, watch);
  std::string const recipe = text("tiny-vilt seed ", o.seed, " epochs ", o.epochs, " batch ",
                                  o.batch, " statements ", o.each, " lr ", o.learning_rate);
  save_backbone(o.out, net, io::naming::vilt_hf(), net.model().facts.vision.channels, recipe);
  io::write_file(o.out / "curve.csv",
                 std::string_view(curve_csv(curve, {.train = true, .test = true})));
  double seconds = 0;
  for (auto const& e : curve) seconds += e.seconds;
  io::Json const json{{"model", o.out.string()},
                      {"recipe", recipe},
                      {"pictures", pictures.pictures()},
                      {"statements", statements.size()},
                      {"epochs", curve.size()},
                      {"batch", o.batch},
                      {"lr", o.learning_rate},
                      {"seed", o.seed},
                      {"loss", curve.back().train_loss},
                      {"seconds", seconds},
                      {"bytes", std::filesystem::file_size(o.out / "model.safetensors")},
                      {"test", accuracy_by_kind(net, judged, valid)}};
  io::write_file(o.out / "pretrain.json", std::string_view(json_text(json)));
  progress.finish();
  if (o.json) return print_json(json);
  std::cout << "pretrained  " << curve.size() << " epochs in " << report::duration(seconds)
            << ", loss " << report::fixed(curve.back().train_loss, 4) << '\n';
  for (auto const& [kind, share] : json["test"].items())
    std::cout << "test        " << report::percent(share.get<double>()) << " % of " << kind << '\n';
  std::cout << "written     " << o.out.string() << '\n';
}

}  // namespace

void add_pretrain_vilt(CLI::App& app) {
  auto* const c = app.add_subcommand(
      "pretrain-vilt", "Make a small ViLT from captions of easy-VQA and its questions for shapes");
  auto const o = std::make_shared<Options>();
  add_text(*c, {"--data", "DIR", "PyPI's easy_vqa/data; if not given, VLPT_EASY_VQA_DIR"}, o->data);
  add_number(*c, {"--epochs", "E", "Passes over the statements"}, o->epochs, epoch_counts);
  add_number(*c, {"--batch", "B", "Statements a step"}, o->batch, batch_sizes);
  add_number(*c, {"--lr", "X", "Highest learning rate"}, o->learning_rate, learning_rates);
  add_number(*c, {"--each", "N", "Statements about a picture"}, o->each, epoch_counts);
  add_number(*c, {"--seed", "S", "Of the initial values, the statements and the order"}, o->seed,
             any_seed);
  add_text(*c, {"--out", "DIR", "Where the model folder and the state go"}, o->out);
  c->add_flag("--resume", o->resume,
              "Go on from DIR/last.run, bit for bit; a finished one is exported");
  add_no_progress(*c, *o);
  add_json(*c, *o);
  c->footer("Example: vlpt pretrain-vilt --data easy_vqa/data    (and after a break: --resume)");
  c->callback([o] { run(*o); });
}

}  // namespace vlpt::cli
