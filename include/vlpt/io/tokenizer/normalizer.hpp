#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "vlpt/io/tokenizer/unicode_class.hpp"
#include "vlpt/io/tokenizer/unicode_form.hpp"

namespace vlpt::io {

/// What is done to a text before it is cut into words, step by step.
struct Normalizer {
  enum class Step {
    compose,        // NFC
    decompose,      // NFD
    join_spaces,    // a run of white space becomes one space
    lowercase,      // each character's own
    clean,          // BERT: control characters go, white space becomes spaces
    space_chinese,  // BERT: a space before and after each ideograph
    strip_marks,    // BERT: accents go, once they are decomposed
  };
  std::vector<Step> steps{};

  [[nodiscard]] std::u32string operator()(std::u32string text) const {
    for (Step const step : steps) text = apply(step, std::move(text));
    return text;
  }

  /// BERT's normalizer.
  [[nodiscard]] static Normalizer bert(bool clean, bool chinese, bool strip, bool lower) {
    Normalizer n;
    if (clean) n.steps.push_back(Step::clean);
    if (chinese) n.steps.push_back(Step::space_chinese);
    if (strip) n.steps.insert(n.steps.end(), {Step::decompose, Step::strip_marks});
    if (lower) n.steps.push_back(Step::lowercase);
    return n;
  }
  /// CLIP's.
  [[nodiscard]] static Normalizer clip() {
    return {{Step::compose, Step::join_spaces, Step::lowercase}};
  }

 private:
  [[nodiscard]] static std::u32string apply(Step step, std::u32string text) {
    switch (step) {
      case Step::compose:
        return UnicodeForm::composed(text);
      case Step::decompose:
        return UnicodeForm::decomposed(text);
      case Step::lowercase:
        return UnicodeForm::lowercase(text);
      case Step::strip_marks:
        std::erase_if(text, is_mark);
        return text;
      case Step::join_spaces: {
        std::u32string out;
        out.reserve(text.size());
        for (std::size_t i = 0; i < text.size(); ++i)
          if (!is_space(text[i]))
            out += text[i];
          else if (i == 0 || !is_space(text[i - 1]))
            out += U' ';
        return out;
      }
      case Step::clean: {
        std::erase_if(text, is_dropped);
        for (char32_t& c : text)
          if (is_space(c)) c = U' ';
        return text;
      }
      case Step::space_chinese: {
        std::u32string out;
        out.reserve(text.size());
        for (char32_t const c : text)
          if (is_chinese(c))
            (out += U' ').append(1, c) += U' ';
          else
            out += c;
        return out;
      }
    }
    return text;
  }
};

}  // namespace vlpt::io
