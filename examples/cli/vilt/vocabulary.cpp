#include "vocabulary.hpp"

#include <sstream>

namespace vlpt::cli {

std::vector<std::string> vilt_vocabulary() {
  std::vector<std::string> out{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};
  for (char const c : std::string(".,?!'-")) out.emplace_back(1, c);
  for (char c = '0'; c <= '9'; ++c) out.emplace_back(1, c);
  for (char c = 'a'; c <= 'z'; ++c) out.emplace_back(1, c);
  for (char c = '0'; c <= '9'; ++c) out.push_back(std::string("##") + c);
  for (char c = 'a'; c <= 'z'; ++c) out.push_back(std::string("##") + c);
  std::istringstream words(
      "and are black blue brown circle color colour contain contains does gray green grey has how "
      "image in is it many no not of picture present rectangle red shape shapes show shows square "
      "teal "
      "that the there this triangle what which with yellow yes");
  for (std::string word; words >> word;) out.push_back(word);
  return out;
}

}  // namespace vlpt::cli
