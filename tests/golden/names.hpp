#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "recording.hpp"
#include "vlpt/autodiff/parameters.hpp"
#include "vlpt/io/naming/timm.hpp"

namespace golden {

/// Where the values of one parameter stand in the tensors of the published implementation: they
/// follow one another there, in one tensor or in several; or they are one part of a tensor that
/// holds those of all layers.
struct Place {
  std::vector<std::string> names;
  bool transpose = false;
  Index part = -1;
};

/// The names of the Vision Transformers of the GaPT code, and of OpenAI's CLIP, or a table of
/// names.
class Names {
 public:
  explicit Names(vlpt::io::Naming rules) : rules_(std::move(rules)) {}
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
      layer_rows_ = {"enc.prompt_embeddings", "enc.deep_prompt_embeddings"};
      rules_.rules.insert(rules_.rules.begin(), {{"head.*", {"head.last_layer.*"}},
                                                 {"prompt.rows", {"enc.prompt_embeddings"}}});
    }
  }

  Names(vlpt::io::Naming rules, std::vector<std::string> layer_rows)
      : rules_(std::move(rules)), layer_rows_(std::move(layer_rows)) {}

  /// `sets` of a layer's rows: the first ones have a tensor of their own in the VPT code.
  [[nodiscard]] Place place(std::string_view canonical, vlpt::Shape const& shape) const {
    if (!layer_rows_.empty() && canonical == "prompt.rows" && shape.rank == 3) return {layer_rows_};
    for (auto const& [ours, theirs] : of_all_layers)
      if (auto const layer = vlpt::io::match_name(ours, canonical))
        return {{theirs}, false, std::stol(std::string(layer->front()))};
    auto const source = rules_.source(canonical);
    VLPT_CHECK(source, "no name in the published implementation for ", canonical);
    return {source->names, source->transpose};
  }

  /// Fills the parameters of a net from the recording's `param.*`.
  template <class Net>
  void load(Recording& file, Net& net) const {
    using T = typename Net::T;
    for (auto const& p : net.parameters()) {
      Place const place = this->place(p.name, p.shape);
      std::vector<double> from;
      for (auto const& name : place.names) {
        auto const tensor = file.read<double>("param." + name);
        from.insert(from.end(), tensor.values.begin(), tensor.values.end());
      }
      if (place.part >= 0) {
        auto const first = from.begin() + place.part * p.shape.size();
        from = std::vector<double>(first, first + p.shape.size());
      }
      VLPT_CHECK(static_cast<Index>(from.size()) == p.shape.size(), "param.", place.names[0],
                 " does not hold ", p.name, " of shape ", p.shape);
      Index const rows = p.values.rows, cols = p.values.cols;
      std::vector<T> values;
      for (Index r = 0; r < rows; ++r)
        for (Index c = 0; c < cols; ++c)
          values.push_back(static_cast<T>(
              from[static_cast<std::size_t>(place.transpose ? c * rows + r : r * cols + c)]));
      net.write(p, values);
    }
    net.touch();
  }

  /// The gradients of all that learns and is called `name` in the published implementation, in the
  /// order of its tensor; nothing where no such parameter learns.
  template <class Net>
  [[nodiscard]] std::optional<std::vector<double>> gradient(Recording& file, Net& net,
                                                            std::string const& name) const {
    std::optional<std::vector<double>> all;
    auto const gradients = fetched(net.backend(), net.gradients());
    for (auto const& p : net.parameters()) {
      Place const place = this->place(p.name, p.shape);
      Index first = 0;  // of the tensor's values among ours
      for (auto const& own : place.names) {
        Index const size = file.read<double>("param." + own).size();
        if (p.learns && own == name) {
          if (!all) all.emplace(static_cast<std::size_t>(size));
          Index const rows = p.values.rows, cols = p.values.cols;
          Index const count = place.part < 0 ? size : rows * cols;
          auto const* const from = gradients.data() + net.offset(p);
          for (Index i = 0; i < count; ++i) {
            Index const at = place.transpose ? i % rows * cols + i / rows : first + i;
            all->at(static_cast<std::size_t>(i + (place.part < 0 ? 0 : place.part * count))) =
                static_cast<double>(from[at]);
          }
        }
        first += size;
      }
    }
    return all;
  }

 private:
  static constexpr std::pair<char const*, char const*> of_all_layers[]{
      {"layers.*.block_out.logit", "enc.gate_logit"},
      {"layers.*.attention.change.t", "enc.temp"},
  };
  vlpt::io::Naming rules_;
  std::vector<std::string> layer_rows_;  // the tensors of rows that differ from layer to layer
};

}  // namespace golden
