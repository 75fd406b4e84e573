#pragma once
#include <span>
#include <string>
#include <vector>

#include "vlpt/core/random.hpp"
#include "vlpt/io/dataset/easy_vqa_facts.hpp"

namespace vlpt::cli {

/// What is asked of a statement.
enum class StatementKind { shape_question, masked_colour, masked_shape, caption };

/// What tiny-vilt is pretrained on, as ViLT: captions of easy-VQA's pictures, which are true or not
/// (image-text matching) or lack a word (masked words, answered at the pooled row), and the
/// questions for the shape. None of the data set's questions for a colour and none that is answered
/// by yes or no is among them: these tasks are held out.
class Statements {
 public:
  /// `each`: statements about a picture whose colour and shape are known; of eight, three are to be
  /// judged (half of them true), three lack a word, two are questions. With `augmented` each shows
  /// its picture mirrored or not, with the shape at another place.
  Statements(io::EasyVqa const& data, Index each, std::uint64_t seed, bool augmented);

  [[nodiscard]] Index size() const { return static_cast<Index>(items_.size()); }
  [[nodiscard]] std::vector<std::string> const& class_names() const { return class_names_; }
  [[nodiscard]] Index label(Index i) const { return item(i).score.answer; }
  [[nodiscard]] std::span<io::AnswerScore const> scores(Index i) const {
    return {&item(i).score, 1};
  }
  [[nodiscard]] std::string const& question(Index i) const { return item(i).text; }
  [[nodiscard]] StatementKind kind(Index i) const { return item(i).kind; }
  void image(Index i, io::Image& out) const;
  /// Each is about a picture of its own, as it is changed.
  [[nodiscard]] Index pictures() const { return size(); }
  [[nodiscard]] Index picture_of(Index i) const { return i; }

 private:
  struct Item {
    std::string text{};
    Index picture = 0;
    io::AnswerScore score{};
    StatementKind kind = StatementKind::caption;
    Random draw{};
  };
  [[nodiscard]] static Item made(Index picture, io::ShapeFacts const& is, Index kind, Random draw);
  [[nodiscard]] Item const& item(Index i) const { return items_[static_cast<std::size_t>(i)]; }

  io::EasyVqa const* data_;
  bool augmented_;
  std::vector<std::string> class_names_;
  std::vector<Item> items_;
};

}  // namespace vlpt::cli
