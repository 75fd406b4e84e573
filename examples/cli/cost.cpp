// vlpt cost: what an architecture and a policy cost, without weights and without running them.
#include <algorithm>
#include <iostream>
#include <limits>

#include "command.hpp"
#include "costs/archs.hpp"
#include "costs/cost_answer.hpp"
#include "costs/prompts.hpp"
#include "names.hpp"
#include "text_table.hpp"
#include "vlpt/analysis/report/number.hpp"
#include "vlpt/io/model_folder.hpp"

namespace vlpt::cli {
namespace {

constexpr Range<Index> row_counts{1, 65'537}, class_counts{1, 65'536}, head_sizes{0, 10'000'000};

struct Options : Shared {
  std::string arch, model_folder, skip, convention;
  CostChoice choice;
  std::optional<Index> text, image, shortcut;
  bool list = false;
};

std::vector<std::string> convention_names() {
  std::vector<std::string> names;
  for (Convention const& c : convention::all) names.emplace_back(c.name);
  return names;
}

/// Those that are asked for; for people all of them, where none is.
std::vector<Convention> conventions_of(Options const& o) {
  if (o.convention.empty() && !o.json) return {convention::all.begin(), convention::all.end()};
  if (o.convention.empty()) return {convention::exact};
  require_known("convention", o.convention, convention_names());
  std::vector<Convention> out;
  for (Convention const& c : convention::all)
    if (c.name == o.convention) out.push_back(c);
  return out;
}

void list_names(Options const& o) {
  io::Json json{{"archs", arch_names()},
                {"prompts", prompt_names()},
                {"variants", io::Json::array()},
                {"conventions", convention_names()}};
  TextTable models({"arch", "what it is", "width", "layers", "heads", "text rows", "image rows"});
  TextTable policies({"prompt", "what it is"});
  TextTable variants({"variant", "of", "what it is"});
  TextTable counts({"convention", "what it counts"});
  for (PromptFacts const& p : prompts()) policies.add({p.name, p.meaning});
  for (KnownArch const& a : archs()) {
    ArchSizes const s = sizes_of(a.facts);
    models.add({a.name, a.meaning, s.width, s.layers, s.heads,
                s.rows.text > 0 ? text(s.rows.text) : "", text(s.rows.image)});
    for (PromptFacts const& p : prompts())
      for (Variant const& v : variants_of(a.facts, p.name)) {
        variants.add({v.name, text(p.name, " on ", a.name), v.meaning});
        json["variants"].push_back({{"arch", a.name}, {"prompt", p.name}, {"variant", v.name}});
      }
  }
  for (Convention const& c : convention::all)
    counts.add({std::string(c.name), std::string(c.meaning)});
  if (o.json) return print_json(json);
  std::cout << models.str() << '\n'
            << policies.str() << '\n'
            << variants.str() << '\n'
            << counts.str();
}

void check(CLI::App const& command, Options const& o) {
  for (CLI::Option const* option : command.get_options())
    if (std::string const name = option->get_name();
        name != "--list" && name != "--json" && name != "--help")
      require_effect(command, name, !o.list, "with --list, which costs nothing");
}

/// The facts and the choice, judged together.
ArchFacts resolve(Options const& o, std::string const& name, CostChoice& choice) {
  ArchFacts facts = o.arch.empty()
                        ? io::vision_facts(io::read_vit_config(find_model(o.model_folder)))
                        : arch_named(o.arch).facts;
  (void)prompt_named(choice.prompt);  // sizes that it has not are no error: see docs/costs.md
  std::vector<std::string> variants;
  for (Variant const& v : variants_of(facts, choice.prompt)) variants.push_back(v.name);
  VLPT_CHECK(choice.variant.empty() || !variants.empty(), "--prompt ", choice.prompt,
             " has one form on ", name, ", and no --variant");
  if (choice.variant.empty() && !variants.empty()) choice.variant = variants.front();
  if (!variants.empty()) require_known("variant", choice.variant, variants);
  if (!o.skip.empty()) choice.plan = SkipPlan::parse(layers_of(facts), o.skip);
  choice.shortcut = o.shortcut.value_or(shortcut_of(facts));
  Tokens const rows = read_rows(facts, name, o.text, o.image);
  choice.text = rows.text, choice.image = rows.image;
  bool const dual = std::holds_alternative<DualFacts>(facts);
  VLPT_CHECK(dual || choice.classes == 1, "--classes has no effect with ", name,
             ", which reads no texts of classes; --head N counts a linear head");
  VLPT_CHECK(!dual || choice.head == 0, "--head has no effect with ", name,
             ", whose classes are texts; --classes N counts them");
  return facts;
}

/// A batch costs at most so many times what one sample costs, which the bounds of io::config and of
/// the options keep countable.
void check_batch(CostAnswer const& one, Index batch) {
  Cost const& c = one.cost;
  Index const most = std::numeric_limits<Index>::max() /
                     std::max({c.macs, one.plain.macs, c.backward_macs, c.saved_bytes});
  VLPT_CHECK(batch <= most, "--batch takes at most ", most, " for so large a model, got ", batch);
}

io::Json json_of(std::string const& name, CostChoice const& c, Convention const& convention,
                 CostAnswer const& a) {
  PromptFacts const& prompt = prompt_named(c.prompt);
  auto const executed = [&](Index n) { return a.reported ? io::Json(nullptr) : io::Json(n); };
  io::Json json{{"arch", name},
                {"prompt", c.prompt},
                {"skip", c.plan ? text(*c.plan) : "dense"},
                {"convention", convention.name},
                {"text", c.text},
                {"image", c.image},
                {"classes", c.classes},
                {"head", c.head},
                {"batch", c.batch},
                {"macs", a.cost.macs},
                {"macs_added", a.macs_added()},
                {"flops_change_percent", a.change_percent()},
                {"params", a.cost.params},
                {"params_added", a.held},
                {"params_trained", a.trained},
                {"params_trained_besides", a.besides},
                {"backward_macs", executed(a.cost.backward_macs)},
                {"prepare_macs", executed(a.cost.prepare.macs())},
                {"saved_bytes", executed(a.cost.saved_bytes)},
                {"weight_bytes", executed(a.cost.weight_bytes)},
                {"workspace_bytes", executed(a.cost.workspace_bytes)},
                {"bytes_moved", executed(a.cost.bytes_moved)},
                {"reported", a.reported}};
  if (!c.variant.empty()) json["variant"] = c.variant;
  if (!a.note.empty()) json["note"] = a.note;
  if (prompt.has_prompts) json["prompts"] = c.prompts;
  if (prompt.has_rank) json["rank"] = c.rank;
  if (prompt.has_width) json["width"] = c.width;
  if (c.plan) json["beside"] = c.beside, json["shortcut"] = c.shortcut;
  return json;
}

std::string with_sign(Index n) { return (n < 0 ? "" : "+") + report::grouped(n); }

/// "vit-b16, prompt deep, 8 prompts, without layers 4,5"
std::string headline(std::string const& name, CostChoice const& c) {
  PromptFacts const& prompt = prompt_named(c.prompt);
  std::string out = text(name, ", prompt ", c.prompt);
  if (!c.variant.empty()) out += text(" (", c.variant, ')');
  if (prompt.has_prompts) out += text(", ", c.prompts, " prompts");
  if (prompt.has_rank) out += text(", rank ", c.rank);
  if (prompt.has_width) out += text(", width ", c.width);
  if (c.plan)
    out += text(", without layers ", *c.plan, " (short-cuts ", c.shortcut, ", adapters ", c.beside,
                ')');
  return out;
}

/// "41 text and 577 image rows, batch of 1, without a head"
std::string input_text(CostChoice const& c, bool dual) {
  return text(c.text > 0 ? text(c.text, " text and ") : "", c.image, " image rows, batch of ",
              c.batch,
              dual         ? text(", ", c.classes, c.classes == 1 ? " class" : " classes")
              : c.head > 0 ? text(", with a head of ", c.head, " classes")
                           : ", without a head");
}

void print(std::string const& head, std::string const& input,
           std::vector<Convention> const& conventions, std::vector<CostAnswer> const& answers) {
  using report::grouped;
  TextTable work({"convention", "multiply-accumulates", "beside no prompt", "%", "what it counts"});
  for (std::size_t i = 0; i < answers.size(); ++i) {
    double const change = answers[i].change_percent();
    work.add({std::string(conventions[i].name), grouped(answers[i].cost.macs),
              with_sign(answers[i].macs_added()),
              text(change < 0 ? "" : "+", report::fixed(change, 3)),
              std::string(conventions[i].meaning)});
  }
  CostAnswer const& a = answers.front();
  TextTable rest({"", "exact", "beside no prompt"});
  rest.add({"parameters", grouped(a.cost.params), with_sign(a.cost.params - a.plain.params)});
  rest.add({"trained", grouped(a.trained), ""});
  if (a.besides > 0) rest.add({"trained under every policy besides", grouped(a.besides), ""});
  if (!a.reported) {
    rest.add({"multiply-accumulates of the reverse", grouped(a.cost.backward_macs), ""});
    rest.add({"of what is prepared once a step or load", grouped(a.cost.prepare.macs()), ""});
    rest.add({"bytes kept for the reverse", grouped(a.cost.saved_bytes), ""});
    rest.add({"bytes of weights", grouped(a.cost.weight_bytes), ""});
    rest.add({"bytes of workspace", grouped(a.cost.workspace_bytes), ""});
    rest.add({"bytes moved", grouped(a.cost.bytes_moved), ""});
  }
  std::cout << head << '\n' << input << "\n\n" << work.str() << '\n' << rest.str();
  if (!a.note.empty()) std::cout << '\n' << a.note << '\n';
}

void run(Options const& o) {
  if (o.list) return list_names(o);
  VLPT_CHECK(o.arch.empty() != o.model_folder.empty(),
             "name what to cost: --arch NAME (see --list) or --model DIR, and not both");
  std::string const name = o.arch.empty() ? o.model_folder : o.arch;
  auto const conventions = conventions_of(o);
  CostChoice choice = o.choice;
  ArchFacts const facts = resolve(o, name, choice);
  std::vector<CostAnswer> answers;
  for (Convention const& c : conventions) {
    CostChoice one = choice;
    one.batch = 1;
    check_batch(answer(facts, one, c), choice.batch);
    answers.push_back(answer(facts, choice, c));
  }
  if (o.json) return print_json(json_of(name, choice, conventions.front(), answers.front()));
  print(headline(name, choice), input_text(choice, std::holds_alternative<DualFacts>(facts)),
        conventions, answers);
}

}  // namespace

void add_cost(CLI::App& app) {
  auto* const c = app.add_subcommand("cost", "What a model and a policy cost, without weights");
  auto const o = std::make_shared<Options>();
  CostChoice& choice = o->choice;
  add_text(*c, {"--arch", "NAME", "Architecture by name; see --list"}, o->arch);
  add_text(*c, {"--model", "DIR", "Instead: a folder with a config.json of a ViT"},
           o->model_folder);
  add_text(*c, {"--prompt", "NAME", "Policy: " + listed(prompt_names())}, choice.prompt);
  add_text(*c, {"--variant", "NAME", "Its form, where a family has several; see --list"},
           choice.variant);
  add_number(*c, {"--prompts", "P", "Prompt rows, of a layer where the policy is deep"},
             choice.prompts, prompt_counts);
  add_number(*c, {"--rank", "R", "Of low-rank corrections (APT, LoRA)"}, choice.rank, ranks);
  add_number(*c, {"--width", "W", "Of the policy adapter or parallel-adapter"}, choice.width,
             widths);
  add_text(*c, {"--skip", "LAYERS", "Layers to leave out over short-cuts, such as 4,5,10,11 (DAS)"},
           o->skip);
  add_number(*c, {"--beside", "W", "With --skip: of DAS's adapters in the layers that run"},
             choice.beside, widths);
  add_number(*c, {"--shortcut", "W", "Of those in place of the others: METER 288, else 192"},
             o->shortcut, widths);
  add_number(*c, {"--text", "N", "Rows of a text"}, o->text, row_counts);
  add_number(*c, {"--image", "N", "Rows of an image, class row included: sets its resolution"},
             o->image, Range<Index>{2, row_counts.most});
  add_number(*c, {"--classes", "K", "Classes whose texts a dual encoder reads"}, choice.classes,
             class_counts);
  add_number(*c, {"--head", "N", "Count a linear head of N classes as well"}, choice.head,
             head_sizes);
  add_number(*c, {"--batch", "B", "Samples in a batch"}, choice.batch, batch_sizes);
  add_text(*c,
           {"--convention", "NAME", "What is counted: exact, naive or fvcore (with --json: exact)"},
           o->convention);
  c->add_flag("--list", o->list, "List architectures, policies, variants and conventions");
  add_json(*c, *o);
  c->footer("Example: vlpt cost --arch vit-b16 --prompt deep --prompts 50 --json");
  c->callback([c, o] {
    check(*c, *o);
    run(*o);
  });
}

}  // namespace vlpt::cli
