// vlpt serve-batch: rows of several tasks in one batch, each with its own task's prompts and head.
#include <iostream>
#include <map>

#include "classifier.hpp"
#include "command.hpp"
#include "evaluation.hpp"
#include "names.hpp"
#include "policies/mixed.hpp"
#include "range.hpp"
#include "text_table.hpp"
#include "vlpt/analysis/report/number.hpp"
#include "vlpt/io/dataset/json_lines.hpp"
#include "vlpt/io/decode_image.hpp"

namespace vlpt::cli {
namespace {

struct Options : Shared {
  std::filesystem::path rows;
  std::vector<std::string> tasks;  // NAME=DELTA
  Index top_k = 3;
};

/// A line of the file: which task's, and which picture.
struct Row {
  int line = 0;
  std::string task{}, image{};
};

/// {"task": "pets", "image": "a.png"} a line; names of pictures are relative to the file's folder.
std::vector<Row> read_rows(std::filesystem::path const& file) {
  std::string const content = io::read_file(file);
  std::vector<Row> out;
  io::for_each_json_line(content, [&](int number, std::string_view line) {
    std::string const where = text(file.string(), ", line ", number);
    io::Json const json = io::parse_json(line, file.string(), 32, number);
    VLPT_CHECK(json.is_object(), where, R"(: {"task": ..., "image": ...} is expected)");
    Row row{.line = number};
    for (auto const& [key, value] : json.items()) {
      VLPT_CHECK(key == "task" || key == "image", where, ": there is no key \"", key,
                 "\"; a row has \"task\" and \"image\"");
      VLPT_CHECK(value.is_string() && !value.get_ref<std::string const&>().empty(), where, ": \"",
                 key, "\" must be a string that is not empty, not ", value.dump());
      (key == "task" ? row.task : row.image) = value.get<std::string>();
    }
    VLPT_CHECK(!row.task.empty() && !row.image.empty(), where, ": \"",
               row.task.empty() ? "task" : "image", "\" is missing");
    row.image = (file.parent_path() / row.image).string();
    out.push_back(std::move(row));
  });
  VLPT_CHECK(!out.empty(), file.string(), ": there are no rows");
  return out;
}

std::vector<MixedTask> read_tasks(Options const& o) {
  std::vector<MixedTask> out;
  for (std::string const& given : o.tasks) {
    auto const at = given.find('=');
    VLPT_CHECK(at != std::string::npos && at > 0 && at + 1 < given.size(),
               "--task takes NAME=DELTA, not ", given);
    MixedTask t{given.substr(0, at), given.substr(at + 1), {}, {}};
    for (MixedTask const& other : out)
      VLPT_CHECK(other.name != t.name, "two tasks have the name \"", t.name, '"');
    try {
      io::require_file(t.delta);
      t.info = io::read_delta_info(io::Safetensors::open(t.delta));
      VLPT_CHECK(!t.info.class_names.empty(), "the delta names no classes");
      t.policy = policy_of_delta(t.info);
    } catch (InputError const& e) {
      throw said_of(t.delta, e);
    }
    out.push_back(std::move(t));
  }
  return out;
}

void run(Options const& o) {
  auto const folder = io::ModelFolder::open(find_model(o.model));
  auto const tasks = read_tasks(o);
  auto const rows = read_rows(o.rows);
  std::vector<std::string> names, files;
  for (MixedTask const& t : tasks) names.push_back(t.name);
  std::vector<Index> task;
  for (Row const& row : rows) {  // all is judged before anything runs
    auto const at = std::ranges::find(names, row.task);
    VLPT_CHECK(at != names.end(), o.rows.string(), ", line ", row.line, ": there is no task \"",
               row.task, '"', did_you_mean(row.task, names), "; the tasks are ", listed(names));
    task.push_back(at - names.begin());
    files.push_back(row.image);
    (void)io::load_image(row.image);
  }
  auto const mixed = make_mixed(folder, tasks);
  auto const logits = mixed->logits(files, task);

  io::Json json{{"rows", io::Json::array()}};
  TextTable table({"task", "image", "class", "probability"});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto const& classes = tasks[static_cast<std::size_t>(task[i])].info.class_names;
    View<float const> const view(logits[i].data(), 1, static_cast<Index>(logits[i].size()));
    auto const best = best_classes(probabilities(view, 0), o.top_k);
    io::Json top = io::Json::array();
    for (auto const& [k, p] : best) {
      top.push_back({{"class", classes[k]}, {"probability", p}});
      bool const first = k == best.front().first;
      table.add({first ? rows[i].task : "", first ? rows[i].image : "", classes[k],
                 report::percent(p) + " %"});
    }
    json["rows"].push_back({{"task", rows[i].task}, {"image", rows[i].image}, {"top", top}});
  }
  if (o.json) return print_json(json);
  std::cout << table.str();
}

}  // namespace

void add_serve_batch(CLI::App& app) {
  auto* const c = app.add_subcommand("serve-batch", "Rows of several tasks in one batch");
  auto const o = std::make_shared<Options>();
  add_text(*c, {"ROWS", "FILE", R"(A line a row: {"task": "pets", "image": "a.png"})"}, o->rows)
      ->required();
  c->add_option("--task", o->tasks, "A task and what vlpt tune wrote for it; may be given again")
      ->type_name("NAME=DELTA")
      ->allow_extra_args(false)
      ->required();
  add_number(*c, {"--top-k", "K", "Name at most so many classes"}, o->top_k, Range<Index>{1, 1000});
  add_model(*c, *o);
  add_json(*c, *o);
  c->footer("Example: vlpt serve-batch rows.jsonl --task pets=pets.delta --task food=food.delta");
  c->callback([o] { run(*o); });
}

}  // namespace vlpt::cli
