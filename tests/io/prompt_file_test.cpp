// Prompt files of the papers' code become deltas. The recordings of tests/golden hold what those
// programs computed, under their own names: as prompt files they must give the recorded numbers.
#include <boost/test/unit_test.hpp>

#include "scratch.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/io/bind.hpp"
#include "vlpt/io/delta.hpp"
#include "vlpt/io/naming/clip.hpp"
#include "vlpt/io/naming/meter.hpp"
#include "vlpt/io/naming/timm.hpp"
#include "vlpt/io/naming/vilt.hpp"
#include "vlpt/io/prompt_file/convert_prompt.hpp"
#include "vlpt/io/prompt_file/write_coop.hpp"
#include "vlpt/kernels/reference.hpp"
#include "vlpt/models/dual_encoder.hpp"
#include "vlpt/models/single_stream.hpp"
#include "vlpt/models/two_stream.hpp"
#include "vlpt/models/vision_tower.hpp"
#include "vlpt/policies/prompt/approximated.hpp"
#include "vlpt/policies/prompt/conditional.hpp"
#include "vlpt/policies/prompt/context.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/gated.hpp"
#include "vlpt/policies/prompt/projected.hpp"
#include "vlpt/policies/prompt/unified.hpp"
#include "vlpt/policies/skip/planned.hpp"

namespace vlpt::io {
namespace {

/// A recording as two files: the backbone under its family's names, and all its parameters.
struct Recorded {
  test::Scratch scratch;
  Safetensors file;
  Naming naming;
  std::vector<TensorBytes> prompt;

  Recorded(std::string const& name, Naming family, std::string const& prefix = "")
      : file(Safetensors::open(text(VLPT_SOURCE_DIR, "/tests/golden/", name, ".1.safetensors"))),
        naming(std::move(family)) {
    std::vector<TensorBytes> backbone;
    for (auto const& r : file.records()) {
      if (!r.name.starts_with("param.") || r.dtype != Dtype::F32) continue;
      std::string const own = r.name.substr(6);
      auto const values = file.read<float>(r);
      prompt.push_back(encode<float>(own, r.shape, values.values, Dtype::F32));
      if (!own.starts_with(prefix)) continue;
      std::string const bare = own.substr(prefix.size());
      if (!naming.canonical(bare).empty() || naming.may_ignore(bare))
        backbone.push_back(encode<float>(bare, r.shape, values.values, Dtype::F32));
    }
    save_safetensors(scratch / "model.safetensors", std::move(backbone));
    save_safetensors(scratch / "prompt.safetensors", prompt);
  }
  [[nodiscard]] Checkpoint checkpoint() const {
    return open_checkpoint(scratch / "model.safetensors");
  }
  [[nodiscard]] Index number(char const* fact) const { return std::stol(file.metadata().at(fact)); }
};

VisionFacts vit_facts() {
  return {.image = 32,
          .patch = 8,
          .dim = 32,
          .depth = 3,
          .heads = 4,
          .hidden = 128,
          .eps = 1e-6,
          .pool = Pool::mean_all};
}
VisionFacts clip_facts() {
  return {.image = 32,
          .patch = 8,
          .dim = 32,
          .depth = 3,
          .heads = 4,
          .hidden = 128,
          .projection = 20,
          .eps = 1e-5,
          .patch_bias = false,
          .pre_norm = true};
}
TextTowerFacts clip_text() {
  return {.vocabulary = 50, .tokens = 12, .dim = 24, .depth = 2, .heads = 4, .hidden = 96};
}
template <class Prompt>
using Vit = VisionTower<arch::Dynamic<>, Prompt>;
template <class Prompt>
using Clip = DualEncoder<arch::Dynamic<QuickGelu>, Prompt>;

BaseModel vit_base(Checkpoint const& checkpoint) {
  return base_model(Vit<prompt::None>({.facts = vit_facts()}), checkpoint, naming::timm());
}
BaseModel clip_base(Checkpoint const& checkpoint) {
  return base_model(Clip<prompt::None>({.facts = clip_facts(), .text = clip_text()}), checkpoint,
                    naming::clip_openai());
}
/// Converts and writes; what the delta says is what this model asks for.
template <class Model>
ConvertedPrompt fits(Recorded const& from, BaseModel const& base, Model const& model,
                     PromptChoices const& choices = {}) {
  auto prompt = convert_prompt(from.scratch / "prompt.safetensors", base, choices);
  auto const path = from.scratch / "x.delta";
  write_converted(path, prompt, base);
  check_delta(Safetensors::open(path), model);
  return prompt;
}
template <class N>
void gives(N& net, Recorded const& from, char const* output) {
  auto const checkpoint = from.checkpoint();
  bind(net, checkpoint, from.naming);
  load_delta(from.scratch / "x.delta", net);
  auto const wanted = from.file.read<double>(output);
  auto const images = from.file.read<double>("input.image");
  auto const got = std::as_const(net)(images);
  BOOST_REQUIRE(got.size() == wanted.size());
  for (Index i = 0; i < got.size(); ++i) BOOST_TEST(std::abs(got[i] - wanted[i]) < 1e-11);
}

BOOST_AUTO_TEST_SUITE(prompt_file)

BOOST_AUTO_TEST_CASE(vpt_with_a_head) {
  Recorded const from("vit.vpt_deep.mae", naming::timm(), "enc.");
  auto const checkpoint = from.checkpoint();
  using Model = Vit<prompt::Deep<>>;
  Model const model({.facts = vit_facts(), .prompt = {{5}}, .classes = 7});
  auto const prompt = fits(from, vit_base(checkpoint), model);
  BOOST_TEST(prompt.policy == "deep");
  BOOST_TEST((prompt.kind == PromptKind::vpt));
  Net<Model, Reference<double>> net{model};
  gives(net, from, "output.logits");
}

BOOST_AUTO_TEST_CASE(gapt_counts_its_gates) {
  Recorded const from("vit.gapt.mae", naming::timm(), "enc.");
  auto const checkpoint = from.checkpoint();
  using Model = Vit<prompt::Gated<>>;
  Model const model({.facts = vit_facts(), .prompt = {{5}}, .classes = 7});
  auto const prompt = fits(from, vit_base(checkpoint), model);
  BOOST_TEST(prompt.settings.at("gates") == "all but the last");
  auto const gates = from.file.read<float>("param.enc.gate_logit");
  BOOST_TEST(prompt.tensors.at("layers.1.block_out.logit")[0] == gates[1]);
  auto const t = from.file.read<float>("param.enc.temp");
  BOOST_TEST(prompt.tensors.at("layers.2.attention.change.t")[0] == t[2]);
}

BOOST_AUTO_TEST_CASE(contexts_of_texts) {
  auto const texts = [](Index tokens) { return ClassTexts::blank(5, 12 - tokens); };
  {
    Recorded const from("mvlpt.coop_csc", naming::clip_openai());
    auto const checkpoint = from.checkpoint();
    using Policy = prompt::Context<dynamic, ContextPlace::end, true>;
    auto const prompt =
        fits(from, clip_base(checkpoint),
             Clip<Policy>(
                 {.facts = clip_facts(), .text = clip_text(), .prompt = {{5}}, .texts = texts(5)}));
    BOOST_TEST(prompt.notes.size() == 1U);  // the place
    write_coop(from.scratch / "ctx.safetensors", Safetensors::open(from.scratch / "x.delta"));
    auto const again = Safetensors::open(from.scratch / "ctx.safetensors").read<float>("ctx");
    BOOST_TEST(again.values == from.file.read<float>("param.prompt_learner.ctx").values);
    BOOST_TEST(again.shape == (Shape{5, 5, 24}));
  }
  Recorded const from("mvlpt.cocoop", naming::clip_openai());
  auto const checkpoint = from.checkpoint();
  fits(from, clip_base(checkpoint),
       Clip<prompt::Conditional<4>>(
           {.facts = clip_facts(), .text = clip_text(), .texts = texts(4)}));
}

BOOST_AUTO_TEST_CASE(rows_of_both_towers) {
  {
    Recorded const from("mvlpt.vpt_deep_project", naming::clip_openai());
    auto const checkpoint = from.checkpoint();
    using Policy = prompt::Projected<prompt::Deep<5>>;
    fits(from, clip_base(checkpoint),
         Clip<Policy>({.facts = clip_facts(), .text = clip_text(), .prompt = {{}, 16}}));
  }
  Recorded const from("mvlpt.upt", naming::clip_openai());
  auto const checkpoint = from.checkpoint();
  using Model = Clip<prompt::Unified<prompt::Context<5>, prompt::Deep<4>>>;
  auto const words = from.file.read<Index>("input.tokenized_prompts");
  ClassTexts texts{.classes = 5, .tokens = 7};
  for (Index i = 0; i < words.size(); ++i)
    if (i % 12 == 0 || i % 12 > 5) texts.ids.push_back(words[i]);
  texts.name_lengths = from.file.read<Index>("input.name_lens").values;
  Model const model({.facts = clip_facts(),
                     .text = clip_text(),
                     .prompt = {.width = 16, .no_mix = true},
                     .texts = texts});
  fits(from, clip_base(checkpoint), model);
  Net<Model, Reference<double>> net{model};
  gives(net, from, "output.logits");
}

BOOST_AUTO_TEST_CASE(one_stream) {
  auto const facts = [](Recorded const& from) {
    SingleStreamFacts f;
    f.vision = vit_facts();
    f.vision.pool = Pool::class_row, f.vision.place = PromptPlace::end;
    f.canvas = 32, f.max_patches = 16, f.vocabulary = 50, f.words = 7;
    f.types = from.file.read<float>("param.token_type_embeddings.weight").shape.rows();
    return f;
  };
  {
    Recorded const from("vilt.apt", naming::vilt());
    auto const checkpoint = from.checkpoint();
    using Model = SingleStream<arch::ViLT_B32, prompt::Approximated<6, 4>>;
    auto const base = base_model(SingleStream<arch::ViLT_B32>({.facts = facts(from)}), checkpoint,
                                 naming::vilt());
    auto const prompt =
        fits(from, base, Model({.facts = facts(from), .classes = 9, .head_hidden = 64}));
    BOOST_TEST(prompt.tensors.at("layers.2.attention_out.up").values ==
               from.file.read<float>("param.transformer.blocks.2.attn.APT.mm.1.weight").values);
  }
  Recorded const from("das.vilt", naming::vilt());
  auto const checkpoint = from.checkpoint();
  using Model = SingleStream<arch::ViLT_B32, prompt::None, skip::Planned<4, 6>>;
  auto const base =
      base_model(SingleStream<arch::ViLT_B32>({.facts = facts(from), .replaces_first = false}),
                 checkpoint, naming::vilt());
  Model::Settings s{.facts = facts(from)};
  s.skip.plan = SkipPlan::parse(3, from.file.metadata().at("skip"));
  s.classes = 9, s.head_hidden = 64, s.replaces_first = false;
  PromptChoices choices;
  BOOST_CHECK_EXCEPTION((void)convert_prompt(from.scratch / "prompt.safetensors", base, choices),
                        InputError, test::says("does not say which layers are skipped"));
  choices.has_skip = true, choices.skip = from.file.metadata().at("skip");
  fits(from, base, Model(s), choices);
  Net<Model, Reference<double>> net{Model(s)};
  bind(net, checkpoint, naming::vilt());
  load_delta(from.scratch / "x.delta", net);  // its fingerprint is that of the layers that run
}

BOOST_AUTO_TEST_CASE(two_streams) {
  TwoStreamFacts f = two_stream_facts<arch::METER_B16_288>();
  f.image.image = 32, f.image.patch = 8, f.image.depth = 1, f.depth = 2;
  f.image.dim = f.text.dim = f.dim = 24, f.image.heads = f.text.heads = f.heads = 4;
  f.image.hidden = f.text.hidden = f.hidden = 96;
  f.text.vocabulary = 50, f.text.words = 7, f.text.depth = 1;
  auto const with = [&f](Recorded const& from) {
    auto const rows = [&](char const* name) {
      return from.file.read<float>(text("param.", name)).shape.rows();
    };
    f.text.positions = rows("text_transformer.embeddings.position_embeddings.weight");
    f.types = rows("token_type_embeddings.weight");
    return f;
  };
  {
    Recorded const from("meter.apt", naming::meter(2));
    auto const checkpoint = from.checkpoint();
    using Model = TwoStream<arch::METER_B16_288, prompt::Approximated<6, 4>>;
    auto const base = base_model(TwoStream<arch::METER_B16_288>({.facts = with(from)}), checkpoint,
                                 naming::meter(2));
    fits(from, base, Model({.facts = with(from), .classes = 9, .head_hidden = 48}));
  }
  Recorded const from("das.meter", naming::meter(2));
  auto const checkpoint = from.checkpoint();
  using Model = TwoStream<arch::METER_B16_288, prompt::None, skip::Planned<4, 6>>;
  auto const base = base_model(TwoStream<arch::METER_B16_288>({.facts = with(from)}), checkpoint,
                               naming::meter(2));
  Model::Settings s{.facts = with(from)};
  s.skip.plan = SkipPlan::parse(4, from.file.metadata().at("skip"));
  PromptChoices choices;
  choices.has_skip = true, choices.skip = from.file.metadata().at("skip");
  fits(from, base, Model(s), choices);
}

BOOST_AUTO_TEST_CASE(all_that_does_not_fit_is_listed) {
  Recorded from("vit.vpt_deep.mae", naming::timm(), "enc.");
  auto const checkpoint = from.checkpoint();
  auto const base = vit_base(checkpoint);
  auto const path = from.scratch / "prompt.safetensors";
  auto const refused = [&](auto const&... words) {
    save_safetensors(path, from.prompt);
    BOOST_CHECK_EXCEPTION((void)convert_prompt(path, base), CheckpointError, test::says(words...));
  };
  auto const one = [](char const* name, Shape shape) {
    return encode<float>(
        name, shape, std::vector<float>(static_cast<std::size_t>(shape.size()), 0.5F), Dtype::F16);
  };
  from.prompt = {one("prompt_embeddings", {1, 5, 31}), one("deep_prompt_embeddings", {3, 5, 32}),
                 one("odd", {2}), one("head.last_layer.bias", {7})};
  refused("prompt_embeddings: the file has (1, 5, 31), (1, P, d = 32) is expected",
          "deep_prompt_embeddings: the file has (3, 5, 32), (L-1 = 2, P, d = 32) is expected",
          "unexpected: odd (2)");
  from.prompt = {one("ctx", {4, 24})};
  refused("a context of CoOp's code", "belong to a dual encoder (CLIP)", "holds a ViT");
  from.prompt = {one("something", {4, 24})};
  refused("1 tensors of no prompt file that vlpt knows");
  from.prompt = {one("prompt_embeddings", {4, 32})};
  refused("is prompts of Hugging Face PEFT", "adapter_config.json");
  from.prompt = {one("prompt_embeddings", {1, 4, 32})};
  save_safetensors(path, from.prompt);
  auto const shallow = convert_prompt(path, base);  // halves are read as floats
  BOOST_TEST(shallow.policy == "shallow");
  BOOST_TEST(shallow.tensors.at("prompt.rows").shape == (Shape{4, 32}));
  BOOST_TEST(shallow.tensors.at("prompt.rows")[7] == 0.5F);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace vlpt::io
