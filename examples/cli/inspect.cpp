// vlpt inspect: what a file of tensors or a model folder is, before anything is done with it.
#include <iostream>

#include "command.hpp"
#include "printable.hpp"
#include "text_table.hpp"
#include "vlpt/analysis/report/number.hpp"
#include "vlpt/io/fingerprint.hpp"
#include "vlpt/io/model_folder.hpp"
#include "vlpt/io/naming/bert.hpp"
#include "vlpt/io/naming/meter.hpp"
#include "vlpt/io/naming/torchvision.hpp"
#include "vlpt/io/naming/vilt.hpp"
#include "vlpt/io/prompt_file/convert_prompt.hpp"

namespace vlpt::cli {
namespace {

struct Options {
  std::filesystem::path path;
  bool json = false;
};

/// What a path holds: its tensors, what they are, and what is said of them.
struct Found {
  std::string kind, meaning;
  io::Json said = io::Json::object();  // the delta, the adapter's config, or the model's facts
};

/// The family whose names most of the tensors have; nothing where that is not half of them.
std::string family_of_names(io::Checkpoint const& checkpoint) {
  std::vector<io::Naming> const known{
      io::naming::vit_hf(),      io::naming::vit_mae_hf(), io::naming::timm(),
      io::naming::clip_openai(), io::naming::clip_hf(),    io::naming::vilt(),
      io::naming::vilt_hf(),     io::naming::meter(),      io::naming::bert(),
      io::naming::bert(true),    io::naming::torchvision()};
  std::string best;
  std::size_t most = checkpoint.entries().size() / 2;
  for (io::Naming const& naming : known) {
    std::size_t hits = 0;
    for (auto const& [name, entry] : checkpoint.entries())
      hits += naming.canonical(name).empty() ? 0 : 1;
    if (hits > most) most = hits, best = naming.family;
  }
  return best;
}

io::Json of_delta(io::Safetensors const& file) {
  io::DeltaInfo const info = io::read_delta_info(file);
  return {{"policy", info.policy},         {"method", info.method},
          {"settings", info.settings},     {"model", info.model},
          {"backbone", info.backbone},     {"class_names", info.class_names},
          {"preprocess", info.preprocess}, {"recipe", info.recipe}};
}

/// What vlpt would load.
io::Json said_of_model(io::ModelFolder const& folder) {
  auto const facts = [](auto const& f) {
    io::NamedValues values = io::named_facts(f.facts);
    if constexpr (requires { f.text; }) values.merge(io::named_facts(f.text));
    return values;
  };
  return {{"family", io::family_name(folder.family)},
          {"names", folder.naming.family},
          {"facts", std::visit(facts, folder.family)},
          {"labels", folder.labels}};
}
/// The same of tensors without a config whose shapes show all sizes; else nothing.
io::Json said_by_shapes(std::filesystem::path const& path) try {
  return said_of_model(io::ModelFolder::open(path));
} catch (InputError const&) {
  return io::Json::object();
}

Found of_file(std::filesystem::path const& path, io::Checkpoint const& checkpoint) {
  if (checkpoint.files().size() == 1) {
    auto const& file = checkpoint.files().front();
    auto const format = file.metadata().find("format");
    if (format != file.metadata().end() && format->second == io::delta_format)
      return {"vlpt-delta", "what vlpt learnt", of_delta(io::Safetensors::open(path))};
    if (auto const kind = io::detect_prompt_kind(file); kind != io::PromptKind::unknown)
      return {std::string(io::prompt_kind_facts(kind).name),
              std::string(io::prompt_kind_facts(kind).meaning)};
  }
  if (auto said = said_by_shapes(path); !said.empty())
    return {"backbone", text(said["family"].get<std::string>(), " whose sizes are its shapes'"),
            std::move(said)};
  if (std::string const family = family_of_names(checkpoint); !family.empty())
    return {"backbone", "a model with the names of " + family, {{"names", family}}};
  return {"unknown", "tensors of no layout that vlpt knows"};
}

/// Facts of a folder that vlpt can load; why not, where it cannot.
Found of_model_folder(std::filesystem::path const& path) {
  Found out{"model-folder", "", {}};
  try {
    auto const folder = io::ModelFolder::open(path);
    out.meaning = text(io::family_name(folder.family), " with the names of ", folder.naming.family);
    out.said = said_of_model(folder);
  } catch (InputError const& e) {
    out.meaning = "a model that vlpt does not load";
    out.said = {{"problem", e.what()}};
  }
  return out;
}

std::uintmax_t size_of(io::Checkpoint const& checkpoint) {
  std::uintmax_t bytes = 0;
  for (auto const& file : checkpoint.files()) bytes += std::filesystem::file_size(file.path());
  return bytes;
}

io::Json shape_json(Shape const& shape) {
  io::Json out = io::Json::array();
  for (int i = 0; i < shape.rank; ++i) out.push_back(shape[i]);
  return out;
}

/// A value in one line: "heads 4, image 28" for an object, "a, b" for a list.
std::string shown_value(io::Json const& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_structured()) return value.dump();
  std::string out;
  for (auto const& [name, inner] : value.items())
    out += (out.empty() ? "" : ", ") + (value.is_object() ? name + ' ' : "") + shown_value(inner);
  return out;
}
/// One line for each value that says something.
void print_said(io::Json const& said) {
  for (auto const& [name, value] : said.items()) {
    if (value.is_null() || ((value.is_structured() || value.is_string()) && value.empty()))
      continue;
    std::string const shown = shown_value(value);
    std::cout << printable(name) << std::string(name.size() < 14 ? 15 - name.size() : 1, ' ')
              << printable(shown.size() > 400 ? shown.substr(0, 400) + " ..." : shown) << '\n';
  }
}

void run(Options const& o) {
  VLPT_CHECK(io::is_there(o.path), "cannot read ", o.path.string(),
             ": there is no such file or folder");
  bool const peft = io::is_peft_folder(o.path);
  auto const checkpoint = io::open_checkpoint(peft ? io::peft_tensors(o.path) : o.path);
  Found found;
  if (peft) {
    found = of_file(o.path, checkpoint);
    auto const config = o.path / "adapter_config.json";
    found.said = io::parse_json<CheckpointError>(io::read_file(config), config.string());
  } else if (io::is_folder(o.path) && (io::is_there(o.path / "config.json") ||
                                       io::is_there(o.path / "open_clip_config.json"))) {
    found = of_model_folder(o.path);
  } else {
    found = of_file(o.path, checkpoint);
  }
  Index parameters = 0;
  io::Json tensors = io::Json::array(), metadata = io::Json::object();
  TextTable table({"tensor", "dtype", "shape", "parameters"});
  for (auto const& [name, entry] : checkpoint.entries()) {
    auto const& r = *entry.record;
    if (io::facts(r.dtype).floating) parameters += r.shape.size();
    tensors.push_back(
        {{"name", name}, {"dtype", io::name(r.dtype)}, {"shape", shape_json(r.shape)}});
    table.add(
        {name, std::string(io::name(r.dtype)), text(r.shape), report::grouped(r.shape.size())});
  }
  for (auto const& file : checkpoint.files())
    for (auto const& [key, value] : file.metadata()) metadata[key] = value;
  std::string const hash = io::fingerprint(checkpoint);
  auto const bytes = size_of(checkpoint);
  if (o.json)
    return print_json({{"path", o.path.string()},
                       {"kind", found.kind},
                       {"meaning", found.meaning},
                       {"parameters", parameters},
                       {"bytes", bytes},
                       {"fingerprint", hash},
                       {"metadata", metadata},
                       {"says", found.said},
                       {"tensors", tensors}});
  std::cout << "kind           " << found.kind << ": " << printable(found.meaning) << '\n';
  print_said(found.said);
  if (found.kind != "vlpt-delta") print_said(metadata);
  std::cout << "parameters     " << report::grouped(parameters) << " in " << tensors.size()
            << " tensors\nbytes          " << report::grouped(static_cast<Index>(bytes))
            << "\nfingerprint    " << hash << "\n\n"
            << table.str();
}

}  // namespace

void add_inspect(CLI::App& app) {
  auto* const c = app.add_subcommand("inspect", "What a file of tensors or a model folder is");
  auto const o = std::make_shared<Options>();
  c->add_option("PATH", o->path, "Tensors (safetensors, torch), a delta, a PEFT or a model folder")
      ->required();
  c->add_flag("--json", o->json, "Print one JSON object and nothing else");
  c->footer("Example: vlpt inspect my-run/deep.delta");
  c->callback([o] { run(*o); });
}

}  // namespace vlpt::cli
