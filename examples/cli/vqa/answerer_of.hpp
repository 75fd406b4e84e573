#pragma once
#include <chrono>
#include <utility>

#include "../features/pair_input.hpp"
#include "answerer.hpp"
#include "stream_of.hpp"
#include "vlpt/autodiff/cost_of.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/io/preprocess_facts.hpp"
#include "vlpt/io/start_first_row.hpp"
#include "vlpt/kernels/packed.hpp"
#include "vlpt/train/adamw.hpp"
#include "vlpt/train/groups.hpp"

namespace vlpt::cli {

/// A ViLT from a folder under a policy of the library.
template <class Prompt, class Skip>
class AnswererOf final : public Answerer {
  using Model = SingleStream<arch::DynamicSingleStream<>, Prompt, Skip>;

 public:
  AnswererOf(ViltModel const& model, Prompt prompt, Skip skip, AnswererSettings const& s)
      : net_(stream_of<Model>(model, prompt, skip, s), {.seed = s.seed, .draw = Draw::learnt}),
        tokenizer_(model.tokenizer),
        preprocess_(model.preprocess),
        policy_(s.policy.name) {
    (void)io::bind(net_, model.folder, s.own_head ? io::Head::read : io::Head::drawn);
    if (!s.own_head) io::start_first_row(net_, tokenizer_.start());
  }

  [[nodiscard]] std::string fingerprint() const override {
    return io::backbone_fingerprint(net_, true);
  }
  [[nodiscard]] Cost cost() const override { return cost_of(net_.model(), 1); }

  std::vector<EpochSummary> tune(QuestionTuning const& t, TrainingWatch& watch) override {
    AdamW<float> optimizer(groups_of(net_), {.weight_decay = t.weight_decay});
    Set train = set_of(t.questions, t.train);
    FitSettings fitting = t.fit;
    if (train.soft()) fitting.loss = Loss::binary_cross_entropy;  // as ViLT's head for VQA
    if (t.valid.empty()) return fit(net_, optimizer, train, fitting, watch);
    Set valid = set_of(t.questions, t.valid);
    return fit(net_, optimizer, train, &valid, fitting, watch);
  }

  [[nodiscard]] Tensor<float> logits(io::QuestionLines const& questions,
                                     std::vector<Index> const& indices) const override {
    Set examples = set_of(questions, indices);
    return predict_all(net_, examples);
  }

  [[nodiscard]] Tensor<float> answer(std::string const& question,
                                     std::vector<std::string> const& files,
                                     bool strict) const override {
    Tensor<float> out(Shape{static_cast<Index>(files.size()), net_.model().output_width()});
    auto work = net_.workspace(1);
    for (std::size_t i = 0; i < files.size(); ++i) {
      PairInput const pair(tokenizer_, question, net_.model().room.text, strict, preprocess_,
                           files[i]);
      net_.predict(pair.input(), out.view().middle_rows(static_cast<Index>(i), 1), work);
    }
    return out;
  }

  [[nodiscard]] double seconds(io::QuestionLines const& questions, Index i) const override {
    Set examples = set_of(questions, {i});
    InputBatch<decltype(net_), Set> batch;
    Index const first = 0;
    auto const input = batch.make(net_, examples, {&first, 1});
    Tensor<float> out(Shape{1, net_.model().output_width()});
    auto work = net_.workspace(1);
    net_.predict(input, out.view(), work);  // what depends on the policy alone is prepared
    auto const begin = std::chrono::steady_clock::now();
    net_.predict(input, out.view(), work);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }

  void save_delta(std::filesystem::path const& path, io::DeltaInfo info) const override {
    info.method = policy_;
    info.preprocess = io::preprocess_facts(preprocess_);
    io::save_delta(path, net_, info);
  }
  void load_delta(std::filesystem::path const& path) override { (void)io::load_delta(path, net_); }

 private:
  using Set = TextExamples<float, io::QuestionLines>;
  [[nodiscard]] Set set_of(io::QuestionLines const& questions, std::vector<Index> indices) const {
    return {questions, std::move(indices), tokenizer_, net_.model().room.text, preprocess_};
  }

  Net<Model, PackedCpu<float>> net_;
  io::Tokenizer tokenizer_;
  io::Preprocess preprocess_;
  std::string policy_;
};

[[nodiscard]] constexpr skip::Dense no_skipped_layers(PolicyChoice const&, Index) { return {}; }

/// A QuestionPolicy from its facts and from two functions to the library's own: `Make` of a
/// PolicyChoice to a prompt policy, `Skips` of a PolicyChoice and a depth to a skip policy.
template <auto Make, auto Skips = no_skipped_layers>
[[nodiscard]] QuestionPolicy question_policy_of(PolicyFacts const& facts) {
  using Prompt = decltype(Make(PolicyChoice{}));
  using Skip = decltype(Skips(PolicyChoice{}, 0));
  return {facts,
          [](ViltModel const& model, AnswererSettings const& s) -> std::unique_ptr<Answerer> {
            return std::make_unique<AnswererOf<Prompt, Skip>>(
                model, Make(s.policy), Skips(s.policy, model.facts.vision.depth), s);
          }};
}

}  // namespace vlpt::cli
