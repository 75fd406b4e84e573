// Adapters of Hugging Face PEFT: written and read again without a change, and refused by name.
#include <boost/test/unit_test.hpp>

#include "models/tiny.hpp"
#include "scratch.hpp"
#include "vlpt/io/bind.hpp"
#include "vlpt/io/delta.hpp"
#include "vlpt/io/naming/vit_hf.hpp"
#include "vlpt/io/prompt_file/convert_prompt.hpp"
#include "vlpt/io/prompt_file/write_peft.hpp"
#include "vlpt/io/save_named.hpp"
#include "vlpt/kernels/reference.hpp"
#include "vlpt/policies/prompt/lora.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

namespace vlpt::io {
namespace {

template <class Prompt>
using Model = VisionTower<test::Tiny, Prompt>;
using LoraNet = Net<Model<prompt::Lora<2>>, Reference<double>>;

LoraNet lora_net(std::uint64_t seed) {
  return LoraNet{Model<prompt::Lora<2>>({.classes = 3}), {.seed = seed}};
}

/// A backbone on disk, under the names of Hugging Face's ViT, and a delta of each kind beside it.
struct Folder {
  test::Scratch scratch;
  LoraNet net = lora_net(1);

  Folder() {
    std::vector<NamedTensor<float>> backbone;
    for (auto const& p : net.parameters()) {
      auto* const at = p.values.data;  // what a delta keeps in single precision
      for (Index i = 0; i < p.shape.size(); ++i) at[i] = static_cast<float>(at[i] + 0.01);
      if (!p.learns)
        backbone.push_back(
            {p.name, Tensor<float>(p.shape, std::vector<float>(at, at + p.shape.size()))});
    }
    net.touch();
    save_named(scratch / "model.safetensors", backbone, naming::vit_hf(), 2, Dtype::F32);
    save_delta(scratch / "lora.delta", net);
    std::filesystem::create_directories(scratch / "peft");
  }
  [[nodiscard]] Checkpoint checkpoint() const {
    return open_checkpoint(scratch / "model.safetensors");
  }
  [[nodiscard]] Json config() const {
    return Json::parse(read_file(scratch / "peft" / "adapter_config.json"));
  }
  void set(char const* field, Json value) const {
    Json json = config();
    json[field] = std::move(value);
    scratch.file("peft/adapter_config.json", json.dump());
  }
  void save(std::vector<TensorBytes> tensors) const {
    save_safetensors(scratch / "peft" / "adapter_model.safetensors", std::move(tensors));
  }
};
BaseModel base_of(Checkpoint const& checkpoint) {
  return base_model(Model<prompt::None>(), checkpoint, naming::vit_hf());
}
TensorBytes some(std::string name, Shape shape, float first = 1) {
  Tensor<float> t(shape);
  for (float& x : t.values) x = first, first += 1;
  return encode<float>(std::move(name), shape, t.values, Dtype::F32);
}

BOOST_AUTO_TEST_SUITE(peft)

BOOST_AUTO_TEST_CASE(a_lora_goes_and_comes_back_bit_for_bit) {
  Folder const f;
  auto const checkpoint = f.checkpoint();
  auto const base = base_of(checkpoint);
  auto const delta = Safetensors::open(f.scratch / "lora.delta");
  PeftWriter(delta, base, "my-vit").write(f.scratch / "peft");
  BOOST_TEST(f.config()["target_modules"] == Json::array({"q_proj", "v_proj"}));
  PeftWriter(delta, base, "my-vit", true).write(f.scratch / "peft");
  Json const config = f.config();
  BOOST_TEST(config["peft_type"] == "LORA");
  BOOST_TEST(config["r"] == 2);
  BOOST_TEST(config["lora_alpha"] == 2);
  BOOST_TEST(config["target_modules"] == Json::array({"query", "value"}));
  BOOST_TEST(config["modules_to_save"] == Json::array({"classifier"}));
  auto const written = Safetensors::open(f.scratch / "peft" / "adapter_model.safetensors");
  BOOST_TEST(written
                 .find("base_model.model.vit.encoder.layer.2.attention.attention.value.lora_B."
                       "weight")
                 ->shape == (Shape{8, 2}));
  BOOST_TEST(written.find("base_model.model.classifier.bias")->shape == (Shape{3}));

  auto prompt = convert_prompt(f.scratch / "peft", base);
  write_converted(f.scratch / "again.delta", prompt, base);
  auto other = lora_net(2);
  bind(other, checkpoint, naming::vit_hf());
  load_delta(f.scratch / "again.delta", other);
  BOOST_TEST(std::equal(f.net.learnt().begin(), f.net.learnt().end(), other.learnt().begin()));
  BOOST_TEST(prompt.notes.empty());
  BOOST_TEST(prompt.aside.empty());
}

BOOST_AUTO_TEST_CASE(factor_spelling_and_missing_maps) {
  Folder const f;
  auto const checkpoint = f.checkpoint();
  auto const base = base_of(checkpoint);
  f.scratch.file("peft/adapter_config.json",
                 R"({"peft_type": "LORA", "r": 2, "lora_alpha": 8, "bias": "none"})");
  // As transformers 5 names the module; only one query is corrected.
  f.save({some("base_model.model.vit.layers.1.attention.q_proj.lora_A.weight", {2, 8}),
          some("base_model.model.vit.layers.1.attention.q_proj.lora_B.weight", {8, 2}, 3)});
  auto const prompt = convert_prompt(f.scratch / "peft", base);
  auto const& t = prompt.tensors;
  BOOST_TEST(t.at("layers.1.attention.change.query.up.weight")[1] == 16);  // 4, times 8 / 2
  BOOST_TEST(t.at("layers.1.attention.change.query.down.weight")[1] == 2);
  BOOST_TEST(t.at("layers.0.attention.change.query.up.weight")[1] == 0);
  BOOST_TEST(t.size() == 12U);
  BOOST_REQUIRE(prompt.notes.size() == 1U);
  BOOST_TEST(prompt.notes[0].find("layer.0.attention.attention.query") != std::string::npos);
  f.set("use_rslora", true);
  BOOST_TEST(convert_prompt(f.scratch / "peft", base)
                 .tensors.at("layers.1.attention.change.query.up.weight")[1] ==
             static_cast<float>(4 * 8 / std::sqrt(2.0)));
}

BOOST_AUTO_TEST_CASE(what_vlpt_has_no_lora_for_is_named) {
  Folder const f;
  auto const checkpoint = f.checkpoint();
  auto const base = base_of(checkpoint);
  auto const refused = [&](auto const&... words) {
    BOOST_CHECK_EXCEPTION((void)convert_prompt(f.scratch / "peft", base), CheckpointError,
                          test::says(words...));
  };
  std::string const q = "base_model.model.vit.encoder.layer.0.attention.attention.query.lora_",
                    k = "base_model.model.vit.encoder.layer.0.attention.attention.key.lora_";
  f.scratch.file("peft/adapter_config.json",
                 R"({"peft_type": "LORA", "r": 2, "lora_alpha": 2, "bias": "none"})");
  refused("has adapter_model.safetensors or adapter_model.bin");
  f.save({some(k + "A.weight", {2, 8}), some(k + "B.weight", {8, 2}),
          some("base_model.model.vit.encoder.layer.1.output.dense.lora_A.weight", {2, 12})});
  refused("corrects queries and values only", "attention.key.lora_A.weight (2, 8)",
          "layer.1.output.dense.lora_A.weight (2, 12)");
  f.save({some(q + "A.weight", {3, 8}), some(q + "B.weight", {8, 3})});
  refused("no tensor .lora_A.weight of r = 2 rows");
  f.save({some(q + "A.weight", {2, 8}), some(q + "B.weight", {8, 3})});
  refused("query.lora_B.weight: the file has (8, 3), (8, 2) is expected");
  f.save({some(q + "A.weight", {2, 8})});
  refused("missing: vit.encoder.layer.0.attention.attention.query.lora_B.weight");
  f.set("use_dora", true);
  refused("field \"use_dora\" must be absent, null or false");
  f.set("use_dora", false), f.set("bias", "all");
  refused("field \"bias\" must be \"none\"");
  f.set("bias", "none"), f.set("alpha_pattern", Json{{"query", 3}});
  refused("field \"alpha_pattern\"");
  f.set("alpha_pattern", nullptr), f.set("lora_alpha", "2");
  refused("field \"lora_alpha\" must be a number");
  f.set("peft_type", "PREFIX_TUNING");
  refused("vlpt has no policy of that shape");
  f.set("peft_type", "IA3");
  refused("field \"peft_type\" must be LORA, PROMPT_TUNING", "\"IA3\"");
}

BOOST_AUTO_TEST_CASE(prompts_of_one_task_or_of_several) {
  Folder const f;
  auto const checkpoint = f.checkpoint();
  auto const base = base_of(checkpoint);
  f.scratch.file("peft/adapter_config.json",
                 R"({"peft_type": "PROMPT_TUNING", "num_virtual_tokens": 3, "token_dim": 8})");
  f.save({some("prompt_embeddings", {3, 8})});
  auto prompt = convert_prompt(f.scratch / "peft", base);
  write_converted(f.scratch / "shallow.delta", prompt, base);
  auto const delta = Safetensors::open(f.scratch / "shallow.delta");
  check_delta(delta, Model<prompt::Shallow<3>>());
  PeftWriter(delta, base, "my-vit").write(f.scratch / "peft");
  BOOST_TEST(f.config()["num_virtual_tokens"] == 3);
  BOOST_TEST(f.config()["token_dim"] == 8);
  BOOST_TEST(convert_prompt(f.scratch / "peft", base).tensors.at("prompt.rows").values ==
             prompt.tensors.at("prompt.rows").values);

  f.set("peft_type", "MULTITASK_PROMPT_TUNING");
  f.save({some("prompt_embeddings", {3, 8}), some("prefix_task_cols", {2, 3, 1}),
          some("prefix_task_rows", {2, 1, 8}, 10)});
  PromptChoices task;
  BOOST_CHECK_EXCEPTION((void)convert_prompt(f.scratch / "peft", base), CheckpointError,
                        test::says("prompts of 2 tasks", "--task 0 to 1"));
  task.task = 1;
  auto const rows = convert_prompt(f.scratch / "peft", base, task).tensors.at("prompt.rows");
  BOOST_TEST(rows[8] == 9 * 5 * 18);  // prompt (1, 0) of task 1: column 5, row 18
  task.task = 2;
  BOOST_CHECK_EXCEPTION((void)convert_prompt(f.scratch / "peft", base, task), CheckpointError,
                        test::says("2 tasks, counted from 0, and no task 2"));
}

BOOST_AUTO_TEST_CASE(a_delta_that_peft_has_no_place_for) {
  Folder const f;
  auto const checkpoint = f.checkpoint();
  auto const base = base_of(checkpoint);
  auto const path = f.scratch / "deep.delta";
  write_delta(path, {some("prompt.rows", {3, 2, 8})}, {.policy = "deep"});
  auto const delta = Safetensors::open(path);
  BOOST_CHECK_EXCEPTION(PeftWriter(delta, base, "m").write(f.scratch / "peft"), CheckpointError,
                        test::says("is of the policy deep", "shallow prompts and LoRAs"));
  write_delta(path, {some("prompt.rows", {2, 8}), some("layers.0.norm1.bias", {8})},
              {.policy = "shallow"});
  auto const more = Safetensors::open(path);
  BOOST_CHECK_EXCEPTION(PeftWriter(more, base, "m").write(f.scratch / "peft"), CheckpointError,
                        test::says("PEFT has no place for", "layers.0.norm1.bias (8)"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace vlpt::io
