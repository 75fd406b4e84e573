#include "../option.hpp"
#include "answerer.hpp"

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

}  // namespace vlpt::cli
