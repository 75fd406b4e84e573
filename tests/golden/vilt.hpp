#pragma once
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "golden/backends.hpp"
#include "pair_tasks.hpp"
#include "vlpt/io/naming/vilt.hpp"
#include "vlpt/models/single_stream.hpp"

namespace golden {

/// What tells the cases of ViLT apart: the policy, what it skips, its names in the published code.
template <class Prompt, class Skip = vlpt::skip::Dense>
struct ViltVariant {
  Prompt prompt{};
  Skip skip{};
  std::vector<vlpt::io::Rule> rules;
};

/// A case `vilt.*`, and `das.vilt`: every row and the pooled one with a fixed cotangent, then every
/// head that the file has, by the naive rows with everything learning and by the live rows as one
/// tunes.
template <class Prompt, class Skip = vlpt::skip::Dense>
class Vilt {
 public:
  template <class Learn, class Rows>
  using Model = vlpt::SingleStream<vlpt::arch::ViLT_B32, Prompt, Skip, Learn, Rows>;
  using Naive = Model<vlpt::learn::Input<vlpt::learn::All>, vlpt::rows::All>;
  using Live = Model<vlpt::learn::Policy, vlpt::rows::Live>;
  using Settings = typename Live::Settings;
  using Task = PairTask<Settings>;

  Vilt(Recording& file, ViltVariant<Prompt, Skip> variant)
      : file_(file), variant_(std::move(variant)) {
    facts_.vision.image = facts_.canvas = file.number("image");
    facts_.vision.patch = file.number("patch");
    facts_.vision.dim = file.number("dim");
    facts_.vision.depth = file.number("depth");
    facts_.vision.heads = file.number("heads");
    facts_.vision.hidden = facts_.vision.dim * file.number("mlp_ratio");
    facts_.vision.eps = file.number<double>("ln_eps");
    facts_.text_eps = file.number<double>("text_ln_eps");
    facts_.vocabulary = file.number("vocab");
    facts_.words = file.number("text_len");
    facts_.types = file.read<double>("param.token_type_embeddings.weight").shape.rows();
    facts_.max_patches = facts_.vision.patches();
    if constexpr (requires { variant_.prompt.prompts = Index{1}; })
      variant_.prompt.prompts = file.number("num_prompts");
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
    s.facts = facts_, s.prompt = variant_.prompt, s.skip = variant_.skip;
    s.classes = task.classes, s.head_hidden = task.head_hidden, s.images = task.images;
    s.every_row = task.every_row;
    s.replaces_first = file_.has("param.token4classifier");
    return M(s);
  }
  [[nodiscard]] vlpt::io::Naming names() const {
    auto naming = vlpt::io::naming::vilt();
    naming.rules.insert(naming.rules.begin(), variant_.rules.begin(), variant_.rules.end());
    return naming;
  }
  [[nodiscard]] static std::vector<std::pair<std::string, std::string>> rows() {
    return {{"output.hidden", "input.cotangent.hidden"},
            {"output.cls_feats", "input.cotangent.cls_feats"}};
  }
  /// Compares what passes between the blocks of a model that computes every row.
  template <class T>
  class Look {
   public:
    Look(Vilt& of, Task const& t, bool on, Tensor<T> table)
        : vilt(of), task(t), looks(on), types(std::move(table)) {}
    [[nodiscard]] vlpt::Tap<T> tap() { return looks ? vlpt::Tap<T>{look, this} : vlpt::Tap<T>{}; }

   private:
    static void look(void* self, vlpt::TapPoint point, Index layer, vlpt::Stream<T const> x) {
      auto const& [vilt, task, on, types] = *static_cast<Look const*>(self);
      auto& file = vilt.file_;
      bool const plain = task.gradient == "grad";
      std::string const block = vlpt::text("block.", layer),
                        before = vlpt::text("block.", layer - 1);
      Index const each = task.settings.images;
      switch (point) {
        case vlpt::TapPoint::tokens:
          if (plain) vilt.see("input.tokens", Kind::forward, x);
          for (Index i = 0; i < each && (plain || each > 1); ++i) {
            Index const words = vilt.facts_.words;
            auto const rows = x.range(words, x.tokens - words);
            vilt.see(i == 0 ? "input.image_tokens" : "input.image_tokens_1", Kind::forward, rows, i,
                     each, types.view().row(1 + i));
          }
          break;
        case vlpt::TapPoint::block_in:  // not recorded where it is what the block before gave
          if (plain)
            vilt.see(file.has(block + ".in") ? block + ".in" : before + ".out", Kind::forward, x);
          break;
        case vlpt::TapPoint::block_out:
          if (plain) vilt.see(block + ".out", Kind::forward, x);
          break;
        case vlpt::TapPoint::tokens_gradient:
          for (Index i = 0; i < each; ++i)
            vilt.see(task.gradient + (i == 0 ? ".input.tokens" : ".input.tokens_1"), Kind::gradient,
                     x, i, each);
          break;
        case vlpt::TapPoint::side_in:
        case vlpt::TapPoint::side_out:
          if (plain)
            vilt.see(
                vlpt::text("block.side.", layer, point == vlpt::TapPoint::side_in ? ".in" : ".out"),
                Kind::forward, x);
          break;
        default:
          break;
      }
    }
    Vilt& vilt;
    Task const& task;
    bool looks;
    Tensor<T> types;  // of modalities, to take them off what the file records without them
  };
  template <class M, class T, class Net>
  [[nodiscard]] Look<T> look(Task const& task, Net const& net) {
    for (auto const& p : net.parameters())
      if (p.name == "embed.types")
        return {*this, task, std::is_same_v<M, Naive>, net.read(vlpt::View<T const>(p.values))};
    throw vlpt::InputError("the model has no table of modalities");
  }

 private:
  template <class B>
  void on(B const& backend) {
    using T = typename B::Scalar;
    std::string const machine =
        vlpt::text(B::name, std::is_same_v<T, double> ? " double" : " float");
    file_.enter(machine);
    for (std::string const suffix : {"", "_1"})
      if (file_.has("input.image" + suffix)) choices<T>(suffix);
    file_.enter(machine + ", all rows");
    PairTasks<Vilt, Naive, B> naive(file_, *this, backend, effort_);
    naive.follow();
    if (naive.enough()) return;
    file_.enter(machine + ", live rows");
    PairTasks<Vilt, Live, B>(file_, *this, backend, effort_).follow();
    file_.leave();
  }

  /// Which patches are read, and the mask.
  template <class T>
  void choices(std::string const& suffix) {
    auto const images = cast<T>(file_.read<double>("input.image" + suffix));
    auto const& v = facts_.vision;
    vlpt::PatchChoice<T> choice;
    choice.choose({images.data(), images.shape[0], v.channels * v.image, v.image}, v.channels,
                  v.patch, v.image / v.patch, facts_.max_patches);
    std::vector<Index> places, mask, joint;
    auto const words = file_.read<Index>("input.text_mask");
    for (Index b = 0; b < choice.images; ++b) {
      mask.push_back(1);
      for (Index i = 0; i < choice.count; ++i) {
        auto const at = static_cast<std::size_t>(b * choice.count + i);
        places.push_back(choice.patches[at] / (v.image / v.patch));
        places.push_back(choice.patches[at] % (v.image / v.patch));
        mask.push_back(choice.valid[at]);
      }
      joint.insert(joint.end(), words.data() + b * facts_.words,
                   words.data() + (b + 1) * facts_.words);
      joint.insert(joint.end(), mask.end() - 1 - choice.count, mask.end());
    }
    file_.compare("input.patch_index" + suffix, places);
    file_.compare("input.image_mask" + suffix, mask);
    if (suffix.empty()) file_.compare("input.mask", joint);
  }

  /// Samples first, first + step, ... and of each the rows that are recorded: prompts and padding
  /// of other images stand behind them. `less` is taken off every row.
  template <class T>
  void see(std::string const& name, Kind kind, vlpt::Stream<T const> x, Index first = 0,
           Index step = 1, T const* less = nullptr) {
    auto const shape = file_.read<double>(name).shape;
    Index const rows = shape.rank == 3 ? std::min(x.tokens, shape[1]) : x.tokens;
    std::vector<double> all;
    for (Index b = first; b < x.batch; b += step)
      for (Index r = 0; r < (x.batch == 1 ? x.tokens : rows); ++r)
        for (Index c = 0; c < x.dim; ++c)
          all.push_back(static_cast<double>(x.sample(b)(r, c)) -
                        (less == nullptr ? 0.0 : static_cast<double>(less[c])));
    file_.compare<T>(name, kind, all);
  }

  Recording& file_;
  ViltVariant<Prompt, Skip> variant_;
  vlpt::SingleStreamFacts facts_;
  Effort effort_ = Effort::every_backend;
};

}  // namespace golden
