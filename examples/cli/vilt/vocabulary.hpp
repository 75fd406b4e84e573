#pragma once
#include <string>
#include <vector>

namespace vlpt::cli {

/// The words of tiny-vilt, in the order of their ids, as BERT's vocab.txt lists them: special ones,
/// those of easy-VQA and of the captions that it was pretrained on, and letters, digits and
/// punctuation, from which any other word is pieced together.
[[nodiscard]] std::vector<std::string> vilt_vocabulary();

}  // namespace vlpt::cli
