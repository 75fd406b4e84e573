#include "cost_answer.hpp"

#include <initializer_list>

#include "../names.hpp"
#include "policy_cost.hpp"

namespace vlpt::cli {
namespace {

struct Count {
  CostChoice const& choice;
  Convention const& convention;

  Cost operator()(VisionFacts const& f) const {
    return find(f, {vision_rows(), vision_modules()},
                "this policy needs a text tower: use it in a DualEncoder");
  }
  Cost operator()(DualFacts const& f) const {
    return find(f, {dual_rows(), dual_modules(), dual_texts()}, "");
  }
  Cost operator()(SingleStreamFacts const& f) const {
    return find(f, {single_stream_rows(), single_stream_modules()}, texts_of_classes);
  }
  Cost operator()(TwoStreamFacts const& f) const {
    Cost cost = find(
        f, {two_stream_rows(), two_stream_modules()},
        choice.prompt == "ladder"
            ? "a side network stands beside one stream: prompt::Ladder does not fit a TwoStream"
            : texts_of_classes);
    add_params(cost, untrained(f));
    return cost;
  }

  /// METER's code has a scale in each of APT's modules, and never trains it.
  Index untrained(TwoStreamFacts const& f) const {
    if (choice.prompt != "approximated") return 0;
    return 2 * (2 * f.depth - (choice.plan ? choice.plan->size() : 0));
  }
  static Index untrained(auto const&) { return 0; }
  static void add_params(Cost& cost, Index more) {
    cost.params += more, cost.weight_bytes += more * static_cast<Index>(sizeof(float));
  }

 private:
  static constexpr char const* texts_of_classes =
      "this policy prompts the texts of classes: use it in a DualEncoder";

  template <class Facts>
  Cost find(Facts const& facts, std::initializer_list<PolicyCosts<Facts>> tables,
            std::string_view unfit) const {
    for (auto const& table : tables)
      for (auto const& entry : table)
        if (entry.prompt == choice.prompt) return entry.cost(facts, choice, convention);
    throw InputError(text("--prompt ", choice.prompt, ": ", unfit));
  }
};

/// METER's deep prompts as APT's tables charge them: so many sets, each of which projects its rows
/// three times and meets the queries of both streams.
void report_sets(CostAnswer& a, TwoStreamFacts const& f, CostChoice const& c, Index sets) {
  Index const p = c.prompts, d = f.dim, rows = c.text + c.image;
  a.cost = {.macs = a.plain.macs + c.batch * sets * (3 * p * d * d + 2 * p * rows * d)};
  a.cost.params = a.plain.params + sets * p * d;
  a.trained = a.plain.trainable - a.besides + sets * p * d;  // a head among them
  a.reported = true;
  a.note = text("reported, not executed: ", sets, " (3 p d^2 + 2 p S d) with p = ", p, ", d = ", d,
                ", S = ", rows, " rows of both streams");
}

/// The variants of METER's deep prompts that are not the code's.
CostAnswer other_variant(CostAnswer a, TwoStreamFacts const& f, CostChoice choice,
                         Convention const& convention) {
  VLPT_CHECK(!choice.plan, "--variant ", choice.variant,
             " is known for a model that skips no layer: leave --skip out");
  if (choice.variant == "table") report_sets(a, f, choice, 4 * f.depth);
  if (choice.variant == "v1") report_sets(a, f, choice, 2 * f.depth);
  if (choice.variant != "full") return a;
  choice.prompt = "shallow";
  a.cost = Count{choice, convention}(f);
  Index const more = (2 * f.depth - 2) * choice.prompts * f.dim;
  Count::add_params(a.cost, more);
  a.cost.trainable += more, a.trained = a.cost.trainable - a.besides;
  a.note = text(
      "counted as shallow prompts, whose rows take part in the same way, with a set for "
      "each of the ",
      2 * f.depth, " layers");
  return a;
}

}  // namespace

std::vector<Variant> variants_of(ArchFacts const& facts, std::string const& prompt) {
  if (!std::holds_alternative<TwoStreamFacts>(facts) || prompt != "deep") return {};
  return {{"code", "keys and values of cross attention, as the released code"},
          {"full", "rows of their stream at every layer"},
          {"table", "24 sets, reported: a formula that no model executes"},
          {"v1", "12 sets, reported: a formula that no model executes"}};
}

CostAnswer answer(ArchFacts const& facts, CostChoice const& choice, Convention const& convention) {
  CostChoice plain{.text = choice.text, .image = choice.image, .classes = choice.classes};
  CostAnswer a;
  a.besides = std::visit(Count{plain, convention}, facts).trainable;
  plain.head = choice.head, plain.batch = choice.batch;
  a.plain = std::visit(Count{plain, convention}, facts);
  if (!choice.variant.empty() && choice.variant != "code") {
    a = other_variant(a, std::get<TwoStreamFacts>(facts), choice, convention);
    a.held = a.cost.params - a.plain.params;
    return a;
  }
  a.cost = std::visit(Count{choice, convention}, facts);
  if (choice.prompt == "full") a.besides = 0;
  if (std::holds_alternative<TwoStreamFacts>(facts) && choice.prompt == "full")
    a.note = "METER's image tower stays frozen in vlpt: less is trained than there is";
  a.trained = a.cost.trainable - a.besides;
  // All that a policy and its skips add learns; the weights of a skipped layer are not taken off
  // it.
  CostChoice marked = choice;
  if (choice.prompt == "full") marked.prompt = "none";
  Index const learns = choice.prompt == "full"
                           ? std::visit(Count{marked, convention}, facts).trainable
                           : a.cost.trainable;
  auto const untrained = [&](auto const& f) { return Count{choice, convention}.untrained(f); };
  a.held = learns - a.plain.trainable + std::visit(untrained, facts);
  return a;
}

}  // namespace vlpt::cli
