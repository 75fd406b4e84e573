#include "../classifier.hpp"
#include "../option.hpp"
#include "answerer.hpp"
#include "vlpt/io/preprocess_facts.hpp"

namespace vlpt::cli {

std::vector<QuestionPolicy const*> const& question_policies() {
  static std::vector<QuestionPolicy const*> const list{&vqa::head_only, &vqa::deep,
                                                       &vqa::approximated, &vqa::das};
  return list;
}

QuestionPolicy const& question_policy(std::string const& name) {
  std::vector<std::string> names;
  for (QuestionPolicy const* p : question_policies()) names.emplace_back(p->facts.name);
  require_known("policy", name, names);
  for (QuestionPolicy const* p : question_policies())
    if (p->facts.name == name) return *p;
  return *question_policies().front();
}

std::pair<std::unique_ptr<Answerer>, io::DeltaInfo> load_answerer(
    ViltModel const& model, std::filesystem::path const& delta) try {
  io::require_file(delta);
  auto const file = io::Safetensors::open(delta);
  io::DeltaInfo info = io::read_delta_info(file);
  VLPT_CHECK(!info.class_names.empty(), "the delta names no answers");
  io::check_preprocess(info, model.preprocess);
  AnswererSettings settings{.policy = policy_of_delta(info),
                            .answers = static_cast<Index>(info.class_names.size()),
                            .delta = &file};
  auto made = make_answerer(model, settings);
  made->load_delta(delta);
  return {std::move(made), info};
} catch (InputError const& e) {
  throw said_of(delta, e);
}

}  // namespace vlpt::cli
