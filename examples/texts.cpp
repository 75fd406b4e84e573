// Texts as numbers of tokens: a batch for BERT's family, class texts for CLIP's.
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "vlpt/io/tokenizer/class_texts.hpp"
#include "vlpt/io/tokenizer/text_batch.hpp"
#include "vlpt/io/tokenizer/tokenizer.hpp"

int main(int count, char** words) try {
  std::string folder = count > 1 ? words[1] : "texts-vocabulary";
  if (count == 1) {  // a vocabulary of toy size, as BERT's are
    std::filesystem::create_directories(folder);
    std::ofstream(folder + "/vocab.txt")
        << "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nphoto\nof\nfox\n##es\nox\nred\n.\n";
  }

  //! [texts]
  auto const tokenizer = vlpt::io::Tokenizer::open(folder);
  auto const [ids, cut] = tokenizer.encode("a photo of a fox.", 77);  // special tokens included
  if (cut > 0) std::cerr << cut << " tokens of the text were left out\n";

  std::vector<std::string> const questions{"foxes", "a red fox"};
  auto const batch = vlpt::io::text_batch(tokenizer, questions, 40);  // ids, mask: (2, words)

  std::vector<std::string> const names{"red_fox", "ox"};
  auto const classes = vlpt::io::class_texts(tokenizer, names, "a photo of a {}.").texts;
  //! [texts]

  std::cout << tokenizer.kind() << ", " << tokenizer.vocabulary() << " tokens:";
  for (vlpt::Index const id : ids) std::cout << ' ' << id;
  std::cout << "\n2 questions of " << batch.words << " tokens; " << classes.classes
            << " class texts of " << classes.tokens << '\n';
  return cut == 0 && batch.texts == 2 && classes.classes == 2 ? 0 : 1;
} catch (vlpt::Error const& e) {
  std::cerr << e.what() << '\n';
  return e.exit_code();
}
