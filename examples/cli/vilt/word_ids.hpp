#pragma once
#include <cctype>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "vlpt/core/index.hpp"

namespace vlpt::cli {

struct EncodedWords {
  std::vector<Index> ids;
  Index cut = 0;
};

/// Whole words by their place in a vocabulary.
class WordIds {
 public:
  explicit WordIds(std::vector<std::string> const& words) {
    for (std::size_t i = 0; i < words.size(); ++i) ids_.emplace(words[i], static_cast<Index>(i));
  }
  [[nodiscard]] EncodedWords encode(std::string_view text, Index most) const {
    EncodedWords out{{2}};
    std::string word;
    auto const end = [&] {
      if (word.empty()) return;
      auto const at = ids_.find(word);
      out.ids.push_back(at == ids_.end() ? 1 : at->second);
      word.clear();
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
      char const c = text[at];
      if (text.substr(at).starts_with("[MASK]")) {
        end();
        word = "[MASK]";
        end();
        at += 5;
        continue;
      }
      if (std::isspace(static_cast<unsigned char>(c))) {
        end();
        continue;
      }
      if (std::ispunct(static_cast<unsigned char>(c))) {
        end();
        word = c;
        end();
        continue;
      }
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    end();
    if (static_cast<Index>(out.ids.size()) > most - 1) {
      out.cut = static_cast<Index>(out.ids.size()) - (most - 1);
      out.ids.resize(static_cast<std::size_t>(most - 1));
    }
    out.ids.push_back(3);
    return out;
  }
  [[nodiscard]] Index start() const { return 2; }

 private:
  std::map<std::string, Index, std::less<>> ids_;
};

}  // namespace vlpt::cli
