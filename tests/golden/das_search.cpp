#include <algorithm>
#include <map>
#include <span>

#include "cases.hpp"
#include "vlpt/train/search/skip_search.hpp"

namespace {

using golden::Kind;
using golden::Recording;
using vlpt::Index;
using vlpt::SkipPlan;
using vlpt::SkipSearch;

void append(auto& to, auto const& from) { to.insert(to.end(), from.begin(), from.end()); }

std::vector<Index> flags_of(SkipPlan const& plan) {
  std::vector<Index> flags;
  for (Index i = 0; i < plan.depth(); ++i) flags.push_back(plan.skips(i));
  return flags;
}

/// A search that draws what the published code drew and is told the losses: everything else must
/// come out as recorded. Draws are compared as sets; and of modules that are preferred equally the
/// published code may choose others than vlpt does.
class Replay {
 public:
  explicit Replay(Recording& file)
      : file_(file),
        search_({.modules = file.number("modules"),
                 .skip = file.number("skip_num"),
                 .subsets = file.number("das_step"),
                 .turn = file.number("das_turn"),
                 .epochs = file.number("das_epoch"),
                 .warm_up = file.number("warmup_epoch"),
                 .step_size = file.number<double>("step_size")}),
        train_draws_(file.read<Index>("trace.train.select")),
        update_draws_(file.read<Index>("trace.update.draws")),
        losses_(file.read<double>("trace.update.losses")),
        choices_(file.read<Index>("trace.epoch_end.select")) {}

  void follow() {
    for (Index epoch = 0; epoch < file_.number("epochs"); ++epoch) {
      for (Index s = 0; s < file_.number("steps_per_epoch"); ++s, ++step_) train();
      end(epoch);
    }
    sample();
    for (auto const& [name, values] : whole_) file_.compare(name, values);
    for (auto const& [name, values] : real_) file_.compare<double>(name, Kind::search, values);
  }

 private:
  void train() {
    append(real_["trace.train.prob"], search_.probabilities());
    whole_["trace.train.epoch"].push_back(search_.state().epoch);
    SkipPlan const plan = search_.next([this] { return plan_of(train_draws_, step_); });
    append(whole_["trace.train.flags"],
           flags_of(!search_.searching() && good(choice_) ? choice_ : plan));
    bool const due = search_.update_due();
    if (due) update();
    whole_["trace.train.updated"].push_back(due);
    whole_["trace.train.count_after"].push_back(search_.state().steps);
  }

  void update() {
    append(real_["trace.update.gate_before"], search_.state().preferences);
    append(real_["trace.update.prob"], search_.probabilities());
    Index const first = drawn_;
    auto const now = search_.update([this](SkipPlan const&) { return loss(judged_++); },
                                    [this] { return plan_of(update_draws_, drawn_++); });
    append(real_["trace.update.gate_after"], search_.state().preferences);
    append(real_["trace.update.reward"], now.rewards);
    real_["trace.update.baseline"].push_back(now.baseline);
    whole_["trace.update.step"].push_back(step_);
    whole_["trace.update.draw_first"].push_back(first);
    whole_["trace.update.num_draws"].push_back(drawn_ - first);
    for (SkipPlan const& subset : now.subsets) {
      append(whole_["trace.update.select"], subset.layers());
      append(whole_["trace.update.flags"], flags_of(subset));
    }
  }

  void end(Index epoch) {
    whole_["trace.epoch_end.epoch"].push_back(search_.state().epoch);
    append(real_["trace.epoch_end.gate"], search_.state().preferences);
    SkipPlan const recorded = plan_of(choices_, epoch);
    choice_ = good(recorded) ? recorded : search_.choice();
    append(whole_["trace.epoch_end.flags"], flags_of(choice_));
    auto const row = row_of(choices_, epoch);
    if (choice_ == recorded)
      append(whole_["trace.epoch_end.select"], row);  // in whatever order
    else
      append(whole_["trace.epoch_end.select"], choice_.layers());
    search_.end_epoch();
  }

  void sample() {
    vlpt::SubsetLaw const law(file_.read<double>("sampling.prob").values);
    auto const subsets = file_.read<Index>("sampling.subset");
    for (Index i = 0; i < subsets.shape.rows(); ++i)
      real_["sampling.subset_probability"].push_back(law.probability(plan_of(subsets, i)));
  }

  /// Is this one of the best choices, by the preferences as they are?
  [[nodiscard]] bool good(SkipPlan const& choice) const {
    auto const sum = [this](SkipPlan const& plan) {
      double total = 0;
      for (Index i : plan.layers())
        total += search_.state().preferences[static_cast<std::size_t>(i)];
      return total;
    };
    return choice.size() == search_.settings().skip &&
           std::abs(sum(choice) - sum(search_.choice())) <= 1e-12;
  }
  [[nodiscard]] double loss(Index k) const {
    auto const terms = row_of(losses_, k);
    double sum = 0;
    for (double term : terms) sum += term;
    return sum;
  }
  template <class T>
  [[nodiscard]] static std::span<T const> row_of(vlpt::Tensor<T> const& t, Index r) {
    VLPT_CHECK(r < t.shape.rows(), "the search asks for more draws or losses than are recorded");
    return {t.view().row(r), static_cast<std::size_t>(t.shape.cols())};
  }
  [[nodiscard]] SkipPlan plan_of(vlpt::Tensor<Index> const& t, Index r) const {
    return SkipPlan(search_.settings().modules, row_of(t, r));
  }

  Recording& file_;
  SkipSearch search_;
  vlpt::Tensor<Index> train_draws_, update_draws_;
  vlpt::Tensor<double> losses_;
  vlpt::Tensor<Index> choices_;
  SkipPlan choice_;
  Index step_ = 0, drawn_ = 0, judged_ = 0;
  std::map<std::string, std::vector<Index>> whole_;
  std::map<std::string, std::vector<double>> real_;
};

}  // namespace

void golden::das_search(Recording& file, Effort) {
  file.enter("double");
  Replay(file).follow();
  file.leave();
}
