#pragma once
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "golden/backends.hpp"
#include "pair_tasks.hpp"
#include "vlpt/io/naming/meter.hpp"
#include "vlpt/models/two_stream.hpp"

namespace golden {

/// A case `meter.*`, and `das.meter`, by the naive rows with everything learning and by the live
/// rows as one tunes. `rules` are the names of a policy's tensors in the published code.
template <class Prompt, class Skip = vlpt::skip::Dense>
class Meter {
 public:
  template <class Learn, class Rows>
  using Model = vlpt::TwoStream<vlpt::arch::METER_B16_288, Prompt, Skip, Learn, Rows>;
  using Naive = Model<vlpt::learn::All, vlpt::rows::All>;
  using Live = Model<vlpt::learn::Policy, vlpt::rows::Live>;
  using Settings = typename Live::Settings;
  using Task = PairTask<Settings>;

  explicit Meter(Recording& file, std::vector<vlpt::io::Rule> rules = {}, Skip skip = {})
      : file_(file), rules_(std::move(rules)), skip_(skip) {
    auto& image = facts_.image;
    auto& text = facts_.text;
    image.image = file.number("image");
    image.patch = file.number("patch");
    image.depth = file.number("clip_layers_executed");
    image.eps = file.number<double>("clip_ln_eps");
    text.vocabulary = file.number("vocab");
    text.positions = file.read<double>(embeddings + "position_embeddings.weight").shape.rows();
    text.words = file.number("text_len");
    text.depth = file.number("roberta_layers");
    text.eps = file.number<double>("roberta_ln_eps");
    facts_.depth = file.number("cross_layers");
    facts_.eps = file.number<double>("cross_ln_eps");
    facts_.types = file.read<double>("param.token_type_embeddings.weight").shape.rows();
    image.dim = text.dim = facts_.dim = file.number("dim");
    image.heads = text.heads = facts_.heads = file.number("heads");
    image.hidden = text.hidden = facts_.hidden = facts_.dim * file.number("mlp_ratio");
    if constexpr (requires { prompt_.prompts = Index{1}; })
      prompt_.prompts = file.number("num_prompts");
    // What is added to all keys adds the same to all scores of a query: softmax does not see it.
    for (std::string const& name : file.names("param."))
      if (name.ends_with(".self.key.bias")) file.set_aside(name);
  }

  void follow(Effort effort) {
    effort_ = effort;
    if (effort == Effort::until_mismatch) return on(exact(1));
    on(exact());
    on(fast());
  }

  // ---- what PairTasks asks of a family ----
  template <class M>
  [[nodiscard]] M model(Settings const& task) const {
    typename M::Settings s{};
    s.facts = facts_, s.prompt = prompt_, s.skip = skip_;
    s.classes = task.classes, s.head_hidden = task.head_hidden, s.images = task.images;
    s.every_row = task.every_row;
    return M(s);
  }
  [[nodiscard]] vlpt::io::Naming names() const {
    auto naming = vlpt::io::naming::meter(facts_.depth);
    naming.rules.insert(naming.rules.begin(), rules_.begin(), rules_.end());
    return naming;
  }
  [[nodiscard]] static std::vector<std::pair<std::string, std::string>> rows() {
    return {{"output.text_feats", "input.cotangent.text"},
            {"output.image_feats", "input.cotangent.image"},
            {"output.cls_feats", "input.cotangent.cls_feats"}};
  }
  /// Compares what passes between the blocks of a model that computes every row.
  template <class T>
  class Look {
   public:
    Look(Meter& meter, bool on) : meter_(meter), on_(on) {}
    [[nodiscard]] vlpt::Tap<T> tap() { return on_ ? vlpt::Tap<T>{look, this} : vlpt::Tap<T>{}; }

   private:
    static void look(void* self, vlpt::TapPoint point, Index layer, vlpt::Stream<T const> x) {
      auto& [meter, on, stage] = *static_cast<Look*>(self);
      using vlpt::TapPoint;
      auto const& f = meter.facts_;
      bool const in = point == TapPoint::block_in;
      if (point == TapPoint::encoded) return meter.see("input.image_encoded", Kind::forward, x);
      if (point == TapPoint::tokens) {
        stage = Stage::cross;
        return meter.see(layer == 0 ? "input.x" : "input.y", Kind::forward, x);
      }
      if (point == TapPoint::tokens_gradient)
        return meter.see(layer == 0 ? "grad.input.x" : "grad.input.y", Kind::gradient, x);
      std::string name = stage == Stage::text    ? "block.roberta."
                         : stage == Stage::image ? "block.clip."
                         : layer < f.depth       ? "block.text."
                                                 : "block.image.";
      Index const l = stage == Stage::cross ? layer % f.depth : layer;
      std::string const here = vlpt::text(name, l), before = vlpt::text(name, l - 1, ".out");
      if (!in) meter.see(here + ".out", Kind::forward, x);
      // not recorded where it is what the block before gave
      if (in && (l > 0 || meter.file_.has(here + ".in")))
        meter.see(meter.file_.has(here + ".in") ? here + ".in" : before, Kind::forward, x);
      if (!in && stage == Stage::text && l + 1 == f.text.depth) stage = Stage::image;
    }
    enum class Stage { text, image, cross };
    Meter& meter_;
    bool on_;
    Stage stage_ = Stage::text;
  };
  template <class M, class T, class Net>
  [[nodiscard]] Look<T> look(Task const& task, Net const&) {
    return {*this, std::is_same_v<M, Naive> && task.settings.every_row};
  }

 private:
  static inline std::string const embeddings = "param.text_transformer.embeddings.";

  template <class B>
  void on(B const& backend) {
    using T = typename B::Scalar;
    std::string const machine =
        vlpt::text(B::name, std::is_same_v<T, double> ? " double" : " float");
    file_.enter(machine + ", all rows");
    PairTasks<Meter, Naive, B> naive(file_, *this, backend, effort_);
    naive.follow();
    if (naive.enough()) return;
    file_.enter(machine + ", live rows");
    PairTasks<Meter, Live, B>(file_, *this, backend, effort_).follow();
    file_.leave();
  }
  template <class T>
  void see(std::string const& name, Kind kind, vlpt::Stream<T const> x) {
    std::vector<double> all;
    for (Index b = 0; b < x.batch; ++b)
      for (Index r = 0; r < x.tokens; ++r)
        for (Index c = 0; c < x.dim; ++c) all.push_back(static_cast<double>(x.sample(b)(r, c)));
    file_.compare<T>(name, kind, all);
  }

  Recording& file_;
  std::vector<vlpt::io::Rule> rules_;
  Skip skip_;
  Prompt prompt_{};
  Effort effort_ = Effort::every_backend;
  vlpt::TwoStreamFacts facts_ = vlpt::two_stream_facts<vlpt::arch::METER_B16_288>();
};

}  // namespace golden
