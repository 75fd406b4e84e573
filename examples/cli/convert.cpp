// vlpt convert: prompt and adapter files of other projects into deltas, and deltas into theirs.
#include <iostream>

#include "command.hpp"
#include "names.hpp"
#include "printable.hpp"
#include "vlpt/io/pool_name.hpp"
#include "vlpt/io/prompt_file/convert_prompt.hpp"
#include "vlpt/io/prompt_file/folder_base.hpp"
#include "vlpt/io/prompt_file/write_coop.hpp"
#include "vlpt/io/prompt_file/write_peft.hpp"

namespace vlpt::cli {
namespace {

struct Options {
  std::filesystem::path file, model, out;
  std::string to, pool;
  io::PromptChoices choices;
  bool old_names = false, json = false;
};

bool is_delta(std::filesystem::path const& path) {
  if (io::is_folder(path)) return false;
  auto const file = io::open_prompt_file(path);
  auto const format = file.metadata().find("format");
  return format != file.metadata().end() && format->second == io::delta_format;
}

void check(CLI::App const& command, Options const& o, io::PromptKind kind) {
  auto const needs = [&](char const* option, bool reads, std::string const& whom) {
    require_effect(command, option, reads, text("with ", o.file.string(), ": it is for ", whom));
  };
  using enum io::PromptKind;
  needs("--skip", kind == das, "files of DAS's code");
  needs("--place", kind == coop || kind == cocoop || kind == mvlpt, "contexts of texts");
  needs("--mix", kind == mvlpt, "files of MVLPT's code");
  needs("--temperature", kind == gapt, "files of GaPT's code");
  needs("--task", kind == peft_prompt, "prompts of several tasks");
}

io::Json aside_json(std::vector<io::SetAside> const& aside) {
  io::Json out = io::Json::array();
  for (auto const& [name, reason] : aside) out.push_back({{"name", name}, {"reason", reason}});
  return out;
}

/// Another project's file into a delta.
void to_vlpt(CLI::App const& command, Options const& o) {
  VLPT_CHECK(!is_delta(o.file), o.file.string(), " is a delta of vlpt already");
  VLPT_CHECK(!o.model.empty(),
             "--to vlpt needs --model DIR, the model that the prompt file is for");
  auto const folder = io::ModelFolder::open(find_model(o.model));
  io::PromptKind kind = io::PromptKind::peft_prompt;
  if (!io::is_peft_folder(o.file)) kind = io::detect_prompt_kind(io::open_prompt_file(o.file));
  check(command, o, kind);
  io::BaseModel base = io::base_model(folder, kind != io::PromptKind::das);
  if (!o.pool.empty()) {
    VLPT_CHECK(base.facts.contains("pool"), "--pool has no effect with ", o.model.string(),
               ", whose features are no pooled rows");
    std::vector<std::string> known;
    for (auto const& [pool, name] : io::pool_names) known.emplace_back(name);
    require_known("pooling", o.pool, known);
    base.facts["pool"] = o.pool;
  }
  auto prompt = io::convert_prompt(o.file, base, o.choices);
  auto const info = io::write_converted(o.out, prompt, base);
  Index parameters = 0;
  for (auto const& [name, tensor] : prompt.tensors) parameters += tensor.size();
  if (o.json)
    return print_json({{"file", o.file.string()},
                       {"kind", io::prompt_kind_facts(prompt.kind).name},
                       {"out", o.out.string()},
                       {"policy", info.policy},
                       {"settings", info.settings},
                       {"backbone", info.backbone},
                       {"tensors", prompt.tensors.size()},
                       {"parameters", parameters},
                       {"ignored", aside_json(prompt.aside)},
                       {"notes", prompt.notes}});
  std::cout << "read           " << io::prompt_kind_facts(prompt.kind).meaning << '\n'
            << "policy         " << info.policy;
  for (auto const& [name, value] : info.settings) std::cout << ", " << name << ' ' << value;
  std::cout << "\nwritten        " << prompt.tensors.size() << " tensors of " << parameters
            << " parameters to " << printable(o.out.string()) << '\n';
  for (std::string const& note : prompt.notes)
    std::cout << "note           " << printable(note) << '\n';
  std::size_t shown = 0;
  for (auto const& [name, reason] : prompt.aside)
    if (++shown <= 8) std::cout << "ignored        " << printable(name + ": " + reason) << '\n';
  if (shown > 8) std::cout << "ignored        " << shown - 8 << " more (--json lists them)\n";
}

/// A delta into another project's file.
void from_vlpt(CLI::App const& command, Options const& o) {
  VLPT_CHECK(is_delta(o.file), o.file.string(), " is no delta of vlpt; --to ", o.to,
             " takes one: convert --to vlpt comes first");
  check(command, o, io::PromptKind::unknown);
  require_effect(command, "--pool", false, "with --to " + o.to);
  auto const delta = io::Safetensors::open(o.file);
  if (o.to == "coop") {
    require_effect(command, "--model", false, "with --to coop: a context stands by itself");
    io::write_coop(o.out, delta);
  } else {
    VLPT_CHECK(!o.model.empty(), "--to peft needs --model DIR, whose names an adapter has");
    auto const path = find_model(o.model);
    auto const folder = io::ModelFolder::open(path);
    auto const base = io::base_model(folder);
    require_folder("--out", o.out);
    make_folder(o.out);
    io::PeftWriter(delta, base, o.model.string(), o.old_names).write(o.out);
  }
  io::DeltaInfo const info = io::read_delta_info(delta);
  if (o.json)
    return print_json({{"file", o.file.string()},
                       {"kind", "vlpt-delta"},
                       {"to", o.to},
                       {"out", o.out.string()},
                       {"policy", info.policy},
                       {"settings", info.settings}});
  std::cout << "written        " << info.policy << " to " << printable(o.out.string()) << '\n';
}

void run(CLI::App const& command, Options const& o) {
  require_known("format", o.to, {"vlpt", "peft", "coop"});
  if (!o.choices.place.empty()) require_known("place", o.choices.place, {"end", "front", "middle"});
  VLPT_CHECK(io::is_there(o.file), "cannot read ", o.file.string(),
             ": there is no such file or folder");
  VLPT_CHECK(
      !io::is_folder(o.file) || io::is_peft_folder(o.file), o.file.string(),
      " is a folder without adapter_config.json; name a file, or the folder of a PEFT adapter");
  require_effect(command, "--old-names", o.to == "peft", "with --to " + o.to);
  o.to == "vlpt" ? to_vlpt(command, o) : from_vlpt(command, o);
}

}  // namespace

void add_convert(CLI::App& app) {
  auto* const c =
      app.add_subcommand("convert", "Prompt files of other projects, and deltas as theirs");
  auto const o = std::make_shared<Options>();
  io::PromptChoices& choices = o->choices;
  c->add_option("FILE", o->file, "A prompt file, the folder of a PEFT adapter, or a delta")
      ->required();
  add_text(*c, {"--model", "DIR", "Folder of the backbone that the file is for"}, o->model);
  add_text(*c, {"--to", "FORMAT", "vlpt (a delta), peft (a folder) or coop"}, o->to)->required();
  add_text(*c, {"--out", "PATH", "What to write"}, o->out)->required();
  add_value(
      *c, {"--skip", "LAYERS", "DAS: the layers of the plan, such as 5,7; \"\" for none"},
      [&choices](std::string const& layers) { choices.skip = layers, choices.has_skip = true; });
  add_text(*c, {"--place", "NAME", "CoOp: where the context stands: end, front or middle"},
           choices.place);
  add_text(*c, {"--pool", "NAME", "How features are pooled, where not as the folder says"},
           o->pool);
  add_value(*c, {"--task", "N", "PEFT: which task of several, counted from 0"},
            [&choices](std::string const& n) {
              choices.task = parse_number("--task", n, Range<Index>{0, 1'000'000});
            });
  add_number(*c, {"--temperature", "T", "GaPT: of attentions that learn none"}, choices.temperature,
             Range<double>{0.01, 10});
  c->add_flag("--mix", choices.mix, "MVLPT: joint rows attend to one another, as in the paper");
  c->add_flag("--old-names", o->old_names,
              "With --to peft: modules as transformers before version 5 calls them");
  c->add_flag("--json", o->json, "Print one JSON object and nothing else");
  c->footer("Example: vlpt convert prompt.pth --model my-vit --to vlpt --out prompt.delta");
  c->callback([c, o] { run(*c, *o); });
}

}  // namespace vlpt::cli
