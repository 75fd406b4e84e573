#pragma once
#include <type_traits>

#include "answerer.hpp"
#include "vlpt/models/single_stream.hpp"
#include "vlpt/policies/prompt/none.hpp"
#include "vlpt/policies/skip/dense.hpp"
#include "vlpt/train/text_examples.hpp"

namespace vlpt::cli {

/// A single stream from a folder, under a policy of the library.
template <class Model>
[[nodiscard]] Model stream_of(ViltModel const& folder, typename Model::PromptType prompt,
                              typename Model::SkipType skip, AnswererSettings const& s) {
  typename Model::Settings settings{
      .facts = folder.facts, .prompt = prompt, .skip = skip, .classes = s.answers};
  // DAS does not, nor a model as it was published.
  settings.replaces_first = std::is_same_v<typename Model::SkipType, skip::Dense> && !s.own_head;
  if (s.own_head) settings.head_hidden = folder.folder.as<io::SingleStreamFamily>().head_hidden;
  settings.dropout = 0;  // a few questions and a narrow model: dropout takes more than it gives
  settings.room = {1, s.words, s.image_rows};
  settings.head_init = Init::zero();
  Model out(settings);
  if (s.delta != nullptr) (void)io::check_delta(*s.delta, out);
  return out;
}

}  // namespace vlpt::cli
