// vlpt cost: what an architecture costs, without weights and without running it.
#include <iostream>
#include <limits>

#include "command.hpp"
#include "layers.hpp"
#include "policies/policy.hpp"
#include "text_table.hpp"
#include "vlpt/analysis/report/number.hpp"
#include "vlpt/io/model_folder.hpp"
#include "vlpt/models/arch/vision.hpp"

namespace vlpt::cli {
namespace {

struct KnownArch {
  std::string_view name;
  VisionFacts facts;
  std::string_view what;
};
template <Arch A>
constexpr KnownArch known(std::string_view what) {
  return {A::name, facts_of<A>(), what};
}
constexpr std::array<KnownArch, 6> archs{{
    known<arch::ViT_S16>("ViT-S/16, 224 pixels, the small ViT of MoCo v3"),
    known<arch::ViT_B16>("ViT-B/16, 224 pixels"),
    known<arch::ViT_L16>("ViT-L/16, 224 pixels"),
    known<arch::ClipB16>("CLIP B/16, image tower"),
    known<arch::ClipB32>("CLIP B/32, image tower"),
    known<arch::TinyViTMae>("examples/models/tiny-vit-mae, 28 pixels"),
}};

struct Options : Shared {
  std::string arch, model_folder, prompt = "none", skip;
  Index prompts = 8, rank = 4, width = 16, shortcut = 32, batch = 1, head = 0;
  bool list = false;
};

VisionFacts facts_named(std::string const& name) {
  std::vector<std::string> names;
  for (auto const& a : archs) names.emplace_back(a.name);
  require_known("arch", name, names);
  for (auto const& a : archs)
    if (a.name == name) return a.facts;
  return {};
}

Cost cost_with(PolicyChoice const& policy, VisionFacts const& facts, Options const& o,
               Index batch) {
  return policy_named(policy.name).cost(facts, policy, o.head, batch);
}

std::string with_sign(Index n) { return (n < 0 ? "" : "+") + report::grouped(n); }

void list_names(Options const& o) {
  io::Json json{{"archs", io::Json::array()}, {"prompts", policy_names()}};
  TextTable table({"arch", "width", "layers", "heads", "tokens"});
  std::string policies_text;
  for (auto const& a : archs) {
    json["archs"].push_back(a.name);
    table.add({std::string(a.name), text(a.facts.dim), text(a.facts.depth), text(a.facts.heads),
               text(a.facts.tokens())});
  }
  TextTable prompts({"prompt", "what it is"});
  for (auto const& p : policies()) prompts.add({std::string(p.name), std::string(p.meaning)});
  if (o.json) return print_json(json);
  std::cout << table.str() << '\n' << prompts.str();
}

void check(CLI::App const& command, Options const& o) {
  for (char const* option : {"--arch", "--model", "--prompt", "--prompts", "--rank", "--width",
                             "--shortcut", "--skip", "--batch", "--head"})
    require_effect(command, option, !o.list, "with --list, which costs nothing");
  require_sizes(command, "--prompt", o.prompt);
}

void run(Options const& o) {
  if (o.list) return list_names(o);
  VLPT_CHECK(o.arch.empty() != o.model_folder.empty(),
             "name what to cost: --arch NAME (see --list) or --model DIR, and not both");
  std::string const name = o.arch.empty() ? o.model_folder : o.arch;
  VisionFacts const facts = o.arch.empty()
                                ? io::vision_facts(io::read_vit_config(find_model(o.model_folder)))
                                : facts_named(o.arch);
  PolicyChoice const policy = checked({.name = o.prompt,
                                       .prompts = o.prompts,
                                       .rank = o.rank,
                                       .width = o.width,
                                       .shortcut = o.shortcut,
                                       .skip = checked_layers(o.skip, facts.depth)});
  // A batch costs at most so many times what one image costs, which the bounds of io::config and of
  // the options keep countable.
  Cost const one = cost_with(policy, facts, o, 1);
  Index const most =
      std::numeric_limits<Index>::max() / std::max({one.macs, one.backward_macs, one.saved_bytes});
  VLPT_CHECK(o.batch <= most, "--batch takes at most ", most, " for so large a model, got ",
             o.batch);
  Cost const plain = cost_with({.name = "none"}, facts, o, o.batch);
  Cost const cost = cost_with(policy, facts, o, o.batch);
  double const change =
      100 * static_cast<double>(cost.macs - plain.macs) / static_cast<double>(plain.macs);
  if (o.json)
    return print_json({{"arch", name},
                       {"prompt", policy.name},
                       {"prompts", policy.prompts},
                       {"rank", policy.rank},
                       {"width", policy.width},
                       {"shortcut", policy.shortcut},
                       {"skip", policy.skip.empty() ? "dense" : policy.skip},
                       {"convention", "exact"},
                       {"batch", o.batch},
                       {"head", o.head},
                       {"macs", cost.macs},
                       {"macs_added", cost.macs - plain.macs},
                       {"params", cost.params},
                       {"params_added", cost.params - plain.params},
                       {"params_trained", cost.trainable},
                       {"flops_change_percent", change},
                       {"backward_macs", cost.backward_macs},
                       {"saved_bytes", cost.saved_bytes}});
  using report::grouped;
  TextTable table({name + ", prompt " + policy.name, "", "beside no prompt"});
  table.add({"multiply-accumulates", grouped(cost.macs),
             text(with_sign(cost.macs - plain.macs), " (", change < 0 ? "" : "+",
                  report::fixed(change, 2), " %)")});
  table.add({"parameters", grouped(cost.params), with_sign(cost.params - plain.params)});
  table.add({"  of these trained", grouped(cost.trainable), ""});
  table.add({"multiply-accumulates of the reverse", grouped(cost.backward_macs), ""});
  table.add({"bytes kept for the reverse", grouped(cost.saved_bytes), ""});
  std::cout << table.str() << "Batch of " << o.batch
            << (o.head > 0 ? text(", with a head of ", o.head, " classes") : ", without a head")
            << ", as vlpt executes it (convention exact, skip "
            << (policy.skip.empty() ? "dense" : policy.skip) << ").\n";
}

}  // namespace

void add_cost(CLI::App& app) {
  auto* const c = app.add_subcommand("cost", "What a model and a policy cost, without weights");
  auto const o = std::make_shared<Options>();
  add_text(*c, {"--arch", "NAME", "Architecture by name; see --list"}, o->arch);
  add_text(*c, {"--model", "DIR", "Instead: a folder with a config.json"}, o->model_folder);
  add_text(*c, {"--prompt", "NAME", "Policy: " + listed(policy_names())}, o->prompt);
  add_number(*c, {"--prompts", "P", "Prompt rows, of a layer where the policy is deep"}, o->prompts,
             prompt_counts);
  add_number(*c, {"--rank", "R", "Of low-rank corrections (APT, LoRA)"}, o->rank, ranks);
  add_number(*c, {"--width", "W", "Of adapters' bottlenecks"}, o->width, widths);
  add_number(*c, {"--shortcut", "W", "Of the adapters in place of skipped layers"}, o->shortcut,
             widths);
  add_text(*c, {"--skip", "LAYERS", "Layers to leave out, such as 4,5,10,11"}, o->skip);
  add_number(*c, {"--batch", "B", "Images in a batch"}, o->batch, batch_sizes);
  add_number(*c, {"--head", "N", "Count a linear head of N classes as well"}, o->head,
             Range<Index>{0, 10'000'000});
  c->add_flag("--list", o->list, "List the names of architectures and policies");
  add_json(*c, *o);
  c->footer("Example: vlpt cost --arch vit-b16 --prompt deep --prompts 50 --json");
  c->callback([c, o] {
    check(*c, *o);
    run(*o);
  });
}

}  // namespace vlpt::cli
