// Inputs made of a corpus: input number n is always the same one for the same corpus and seed,
// whatever ran before it.
#pragma once

#include <imbrex/plugin/host.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace imbrex::fuzz {

class Mutations {
 public:
  // `corpus` is not empty. Its words and numbers become the dictionary.
  Mutations(std::vector<std::string> corpus, std::uint64_t seed);

  // One of the corpus after one to eight changes. Three of four inputs keep the form of their text:
  // lines are deleted and taken from others, words exchanged for words and numbers for numbers. Of
  // the others bits, bytes and chunks change. At most kMostBytes. O(bytes of a few inputs).
  std::string input(std::uint64_t number) const;

  static constexpr std::size_t kMostBytes = std::size_t{1} << 20;

 private:
  void change_bytes(std::string& text, Random& random) const;
  void change_form(std::string& text, Random& random) const;
  void exchange_word(std::string& text, Random& random) const;

  std::vector<std::string> corpus_;
  std::vector<std::string> words_;  // not empty, nor are the numbers
  std::vector<std::string> numbers_;
  std::uint64_t seed_;
};

}  // namespace imbrex::fuzz
