#pragma once
#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "vlpt/io/naming/naming.hpp"
#include "vlpt/io/prompt_file/prompt_layout.hpp"
#include "vlpt/io/prompt_file/prompt_tensors.hpp"

namespace vlpt::io {

/// Puts the tensors of a file where a layout says. What fits becomes tensors(), what the layout
/// ignores aside(), and all else one line of faults() each.
class PlaceTensors {
 public:
  /// `sizes`: those that the model fixes; the others are learnt from the file.
  PlaceTensors(PromptLayout layout, PromptSizes sizes)
      : layout_(std::move(layout)), sizes_(std::move(sizes)) {
    for (PromptRule const& rule : layout_.rules) rules_.emplace(rule.name, &rule);
  }

  void place(PromptTensors const& file) {
    std::map<std::string, std::pair<std::string, Tensor<float> const*>> found;
    for (auto const& [name, tensor] : file) sort(name, tensor, found);
    for (PromptRule const& rule : layout_.rules) {  // in this order: rows before rows behind them
      auto const at = found.find(rule.name);
      if (at != found.end())
        take(rule, at->second.first, *at->second.second);
      else if (!rule.optional)
        faults_.push_back(text("missing: ", rule.name, ", of shape ", shown(rule.shape)));
    }
  }

  [[nodiscard]] PromptTensors& tensors() { return tensors_; }
  [[nodiscard]] std::vector<SetAside>& aside() { return aside_; }
  [[nodiscard]] std::vector<std::string> const& faults() const { return faults_; }
  /// Names of the file that the layout does not know.
  [[nodiscard]] std::vector<std::string> const& others() const { return others_; }
  /// A size by its letter; 0 where no tensor had it.
  [[nodiscard]] Index size(std::string const& letter) const {
    auto const at = sizes_.find(letter);
    return at == sizes_.end() ? 0 : at->second;
  }

 private:
  void sort(std::string const& name, Tensor<float> const& tensor, auto& found) {
    std::vector<std::string> spellings{name};
    for (std::string const& prefix : layout_.prefixes)
      if (name.starts_with(prefix)) spellings.push_back(name.substr(prefix.size()));
    for (std::string const& spelling : spellings)
      if (rules_.contains(spelling)) {
        auto const [at, fresh] = found.emplace(spelling, std::pair(name, &tensor));
        if (!fresh) faults_.push_back(text(name, " is ", at->second.first, " once more"));
        return;
      }
    for (std::string const& spelling : spellings)
      for (auto const& [pattern, why] : layout_.ignored)
        if (match_name(pattern, spelling)) return aside_.push_back({name, why});
    others_.push_back(name);
  }

  void take(PromptRule const& rule, std::string const& name, Tensor<float> const& tensor) {
    if (!fits(rule.shape, tensor.shape)) {
      faults_.push_back(
          text(name, ": the file has ", tensor.shape, ", ", shown(rule.shape), " is expected"));
      return;
    }
    Shape own = tensor.shape;
    if (rule.fold == Fold::batch_of_one) {
      own = {};
      for (int i = 1; i < tensor.shape.rank; ++i) own.append(tensor.shape[i]);
    }
    if (rule.fold == Fold::each_layer) return spread(rule, tensor);
    if (rule.fold != Fold::behind) {
      tensors_.insert_or_assign(rule.own, Tensor<float>(own, tensor.values));
      return;
    }
    auto const at = tensors_.find(rule.own);
    if (at == tensors_.end()) return;  // what it stands behind is missing, and a fault by itself
    own.extent[0] += 1;
    auto values = at->second.values;
    values.insert(values.end(), tensor.values.begin(), tensor.values.end());
    at->second = Tensor<float>(own, std::move(values));
  }
  /// One value for each of the first layers.
  void spread(PromptRule const& rule, Tensor<float> const& tensor) {
    auto const star = rule.own.find('*');
    if (tensor.size() > size("L"))
      faults_.push_back(text(rule.name, ": the file has ", tensor.size(), " values, the model ",
                             size("L"), " layers"));
    else
      for (Index i = 0; i < tensor.size(); ++i)
        tensors_.emplace(rule.own.substr(0, star) + std::to_string(i) + rule.own.substr(star + 1),
                         Tensor<float>(Shape{1}, tensor[i]));
  }

  /// An extent: 3, d, 4j.
  struct Extent {
    Index factor = 1;
    std::string letter;
  };
  [[nodiscard]] static std::vector<Extent> extents(std::string const& shape) {
    std::vector<Extent> out;
    std::istringstream words(shape);
    for (std::string word; words >> word;) {
      std::size_t const digits = word.find_first_not_of("0123456789");
      Extent e;
      if (digits != 0) e.factor = std::stol(word.substr(0, digits));
      if (digits != std::string::npos) e.letter = word.substr(digits);
      out.push_back(std::move(e));
    }
    return out;
  }
  /// Whether a tensor has this shape, learning what its free letters are. No extent may be 0.
  bool fits(std::string const& shape, Shape const& file) {
    auto const wanted = extents(shape);
    if (static_cast<std::size_t>(file.rank) != wanted.size()) return false;
    PromptSizes learnt = sizes_;
    for (int i = 0; i < file.rank; ++i) {
      auto const& [factor, letter] = wanted[static_cast<std::size_t>(i)];
      if (file[i] <= 0 || file[i] % factor != 0) return false;
      Index const one = letter.empty() ? 1 : learnt.emplace(letter, file[i] / factor).first->second;
      if (one * factor != file[i]) return false;
    }
    sizes_ = std::move(learnt);
    return true;
  }
  /// "(1, P, d = 768)": the letters, and what those mean that are known.
  [[nodiscard]] std::string shown(std::string const& shape) const {
    std::string out;
    for (auto const& [factor, letter] : extents(shape)) {
      out += out.empty() ? "(" : ", ";
      if (letter.empty() || factor != 1) out += std::to_string(factor);
      if (letter.empty()) continue;
      if (factor != 1) out += " * ";
      out += letter;
      if (auto const at = sizes_.find(letter); at != sizes_.end())
        out += " = " + std::to_string(at->second * factor);
    }
    return out + ')';
  }

  PromptLayout layout_;
  PromptSizes sizes_;
  std::map<std::string, PromptRule const*> rules_;
  PromptTensors tensors_;
  std::vector<SetAside> aside_;
  std::vector<std::string> faults_, others_;
};

}  // namespace vlpt::io
