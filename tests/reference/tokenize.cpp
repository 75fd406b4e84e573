// tokenize FOLDER MOST: reads texts from standard input, each as its length in bytes, a line feed
// and the bytes; prints the numbers of each, and how many were cut, one text a line.
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>

#include "vlpt/io/tokenizer/tokenizer.hpp"

int main(int count, char** words) try {
  if (count != 3) throw vlpt::InputError("usage: tokenize FOLDER MOST");
  std::ios::sync_with_stdio(false);
  auto const tokenizer = vlpt::io::Tokenizer::open(words[1]);
  vlpt::Index const most = std::atoll(words[2]);
  std::chrono::duration<double> spent{};
  std::size_t bytes = 0, size = 0;
  std::string text;
  while (std::cin >> size) {
    std::cin.get();
    text.resize(size);
    std::cin.read(text.data(), static_cast<std::streamsize>(size));
    auto const begin = std::chrono::steady_clock::now();
    auto const encoded = tokenizer.encode(text, most);
    spent += std::chrono::steady_clock::now() - begin;
    bytes += size;
    std::cout << encoded.cut;
    for (vlpt::Index const id : encoded.ids) std::cout << ' ' << id;
    std::cout << '\n';
  }
  std::cerr << bytes << " bytes in " << spent.count() << " s\n";
} catch (vlpt::Error const& e) {
  std::cerr << "tokenize: " << e.what() << '\n';
  return e.exit_code();
}
