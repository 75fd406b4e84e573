#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/shape.hpp"
#include "vlpt/io/interpolation.hpp"

namespace vlpt::io {

/// How the shape in a file differs from the model's: not at all but for extents of 1; a patch
/// embedding kept as a convolution (dim, channels, patch, patch); rows with a batch of one before;
/// one row kept as a vector; a table of fewer rows, whose last one stands for those that lack.
enum class Form { plain, convolution, batch_of_one, vector, first_rows };

/// One line of a naming table. A `*` stands for one part of a dotted name or for its end, `**` for
/// all the rest;
/// the stars of the canonical name fill those of the file's names in order.
struct Rule {
  std::string canonical;
  std::vector<std::string> names;  ///< several: concatenated along the first extent
  Form form = Form::plain;
  bool transpose = false;
};

/// Where one tensor of a model stands in a file.
struct Source {
  std::vector<std::string> names;
  Form form = Form::plain;
  bool transpose = false;
};

/// The parts of `name` that the stars of `pattern` stand for; nothing if it does not match.
[[nodiscard]] inline std::optional<std::vector<std::string_view>> match_name(
    std::string_view pattern, std::string_view name) {
  std::vector<std::string_view> stars;
  for (;;) {
    std::size_t const p = pattern.find('.'), n = name.find('.');
    std::string_view const want = pattern.substr(0, p), have = name.substr(0, n);
    if (want == "**") return stars;
    if (want.ends_with('*') && have.starts_with(want.substr(0, want.size() - 1)))
      stars.push_back(have.substr(want.size() - 1));
    else if (want != have)
      return std::nullopt;
    bool const ends = p == std::string_view::npos;
    if (ends != (n == std::string_view::npos)) return std::nullopt;
    if (ends) return stars;
    pattern.remove_prefix(p + 1);
    name.remove_prefix(n + 1);
  }
}

/// How one family of checkpoints names the tensors of a model: a table, as data. The canonical
/// names are listed in naming/vit_hf.hpp.
struct Naming {
  std::string family;
  std::vector<Rule> rules;
  std::string prefix;                       ///< what the names of the encoder begin with
  std::vector<std::string> other_prefixes;  ///< what some files have instead
  std::vector<std::string>
      ignorable;  ///< patterns, prefix taken off, that a model may leave unread
  /// The canonical name of the image's positions, and how they are made for another resolution.
  std::string positions = "embed.positions";
  Interpolation interpolation = Interpolation::bicubic;
  bool interpolates = false;  ///< whether that was asked for: never silently

  [[nodiscard]] std::optional<Source> source(std::string_view canonical) const {
    for (Rule const& rule : rules)
      if (auto const stars = match_name(rule.canonical, canonical)) {
        Source s{{}, rule.form, rule.transpose};
        for (std::string const& name : rule.names) s.names.push_back(fill(name, *stars));
        return s;
      }
    return std::nullopt;
  }
  /// What a tensor of a file is in a model: the canonical names of the rules that name it.
  [[nodiscard]] std::vector<std::string> canonical(std::string_view name) const {
    std::vector<std::string> here{std::string(name)}, out;
    for (std::string const& other : other_prefixes)
      if (name.starts_with(other)) here.push_back(prefix + std::string(name.substr(other.size())));
    for (Rule const& rule : rules)
      for (std::string const& pattern : rule.names)
        for (std::string const& spelling : here)
          if (auto const stars = match_name(pattern, spelling))
            out.push_back(fill(rule.canonical, *stars));
    return out;
  }
  /// The name as written here first, then as files with another prefix have it.
  [[nodiscard]] std::vector<std::string> spellings(std::string const& name) const {
    std::vector<std::string> all{name};
    if (name.starts_with(prefix))
      for (std::string const& other : other_prefixes)
        all.push_back(other + name.substr(prefix.size()));
    return all;
  }
  [[nodiscard]] bool may_ignore(std::string_view name) const {
    auto const listed = [&](std::string_view p) {
      if (!name.starts_with(p)) return false;
      for (std::string const& pattern : ignorable)
        if (match_name(pattern, name.substr(p.size()))) return true;
      return false;
    };
    for (std::string const& other : other_prefixes)
      if (listed(other)) return true;
    return listed("") || listed(prefix);
  }

 private:
  static std::string fill(std::string_view name, std::vector<std::string_view> const& stars) {
    std::string out;
    std::size_t next = 0;
    for (char c : name)
      if (c == '*')
        out += stars.at(next++);
      else
        out += c;
    return out;
  }
};

/// Whether a tensor of the file may stand for a tensor of the model, apart from transposition.
[[nodiscard]] inline bool fits(Form form, Shape const& file, Shape const& model) {
  auto const squeezed = [](Shape const& s) {
    Shape out;
    for (int i = 0; i < s.rank; ++i)
      if (s[i] != 1) out.append(s[i]);
    return out;
  };
  if (squeezed(file) == squeezed(model)) return true;
  if (form == Form::first_rows)
    return file.rank == 2 && model.rank == 2 && file[1] == model[1] && 0 < file[0] &&
           file[0] < model[0];
  return form == Form::convolution && file.rank == 4 && model.rank == 2 && file[0] == model[0] &&
         file.size() == model.size();
}

/// The shape that the family writes for a tensor of the model; `channels` are the image's.
[[nodiscard]] inline Shape file_shape(Form form, Shape const& model, Index channels) {
  if (form == Form::convolution && model.rank == 2) {
    Index patch = 1;
    while (channels * patch * patch < model[1]) ++patch;
    VLPT_CHECK(channels * patch * patch == model[1], "a patch embedding of shape ", model,
               " holds no square patches of ", channels, " channels");
    return {model[0], channels, patch, patch};
  }
  if (form == Form::batch_of_one && model.rank == 2) return {1, model[0], model[1]};
  if (form == Form::vector && model.rank == 2) return {model[1]};
  return model;
}

}  // namespace vlpt::io
