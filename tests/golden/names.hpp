#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "recording.hpp"
#include "vlpt/autodiff/parameters.hpp"
#include "vlpt/io/naming/timm.hpp"

namespace golden {

/// Where the values of one parameter stand in the tensors of the published implementation.
struct Place {
  std::string name;
  Index part = -1;  // the tensor holds several parameters along its first extent; -1: just this one
  bool transpose = false;

  /// The value (r, c) of a parameter of `rows` x `cols`, counted in the file's tensor.
  [[nodiscard]] Index at(Index r, Index c, Index rows, Index cols) const {
    return (part < 0 ? 0 : part * rows * cols) + (transpose ? c * rows + r : r * cols + c);
  }
};

/// The names of the Vision Transformers of the GaPT code, and of OpenAI's CLIP.
class Names {
 public:
  explicit Names(std::string_view style) {
    using vlpt::io::Form;
    if (style == "clip") {
      rules_.rules = {{"embed.patches.*", {"conv1.*"}},
                      {"embed.class_row", {"class_embedding"}},
                      {"embed.positions", {"positional_embedding"}},
                      {"pre_norm.*", {"ln_pre.*"}},
                      {"norm.*", {"ln_post.*"}},
                      {"projection.weight", {"proj"}, Form::plain, true}};
      auto const block = [this](std::string const& canonical, std::string const& name) {
        rules_.rules.push_back({"layers.*." + canonical, {"transformer.resblocks.*." + name}});
      };
      block("norm1.*", "ln_1.*");
      block("attention.qkv.*", "attn.in_proj_*");
      block("attention.out.*", "attn.out_proj.*");
      block("norm2.*", "ln_2.*");
      block("mlp.fc1.*", "mlp.c_fc.*");
      block("mlp.fc2.*", "mlp.c_proj.*");
    } else {
      rules_ = vlpt::io::naming::timm();
      for (auto& rule : rules_.rules) rule.names[0].insert(0, "enc.");
      rules_.rules.insert(rules_.rules.begin(), {{"head.*", {"head.last_layer.*"}},
                                                 {"prompt.rows", {"enc.prompt_embeddings"}}});
    }
  }

  [[nodiscard]] Place place(std::string_view canonical) const {
    if (auto const layer = vlpt::io::match_name("layers.*.prompt.rows", canonical)) {
      Index const l = std::stol(std::string(layer->front()));
      if (l == 0) return {"enc.prompt_embeddings"};
      return {"enc.deep_prompt_embeddings", l - 1};
    }
    auto const source = rules_.source(canonical);
    VLPT_CHECK(source, "no name in the published implementation for ", canonical);
    return {source->names[0], -1, source->transpose};
  }

  /// Fills the parameters of a net from the recording's `param.*`.
  template <class Net>
  void load(Recording& file, Net& net) const {
    using T = typename Net::T;
    for (auto const& p : net.parameters()) {
      Place const place = this->place(p.name);
      auto const from = file.read<double>("param." + place.name);
      Index const parts = place.part < 0 ? 1 : from.shape[0];
      VLPT_CHECK(from.size() == parts * p.shape.size() && place.part < parts, "param.", place.name,
                 " of shape ", from.shape, " does not hold ", p.name, " of shape ", p.shape);
      auto const& v = p.values;
      for (Index r = 0; r < v.rows; ++r)
        for (Index c = 0; c < v.cols; ++c)
          v(r, c) = static_cast<T>(from[place.at(r, c, v.rows, v.cols)]);
    }
    net.touch();
  }

  /// The gradients of all that learns and is called `name` in the published implementation, in the
  /// order of its tensor; nothing where no such parameter learns.
  template <class Net>
  [[nodiscard]] std::optional<std::vector<double>> gradient(Net& net,
                                                            std::string const& name) const {
    std::vector<double> all;
    for (auto const& p : net.parameters()) {
      Place const place = this->place(p.name);
      if (!p.learns || place.name != name) continue;
      Index const rows = p.values.rows, cols = p.values.cols;
      auto const* const from = net.gradients().data() + net.offset(p);
      all.resize(all.size() + static_cast<std::size_t>(rows * cols));
      for (Index r = 0; r < rows; ++r)
        for (Index c = 0; c < cols; ++c)
          all.at(static_cast<std::size_t>(place.at(r, c, rows, cols))) =
              static_cast<double>(from[r * cols + c]);
    }
    if (all.empty()) return std::nullopt;
    return all;
  }

 private:
  vlpt::io::Naming rules_;
};

}  // namespace golden
