#include "mutations.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

namespace imbrex::fuzz {
namespace {

// Longer runs of such characters are rather data than words.
constexpr std::size_t kLongestWord = 40;

// Limits of types, what files write instead of numbers, and pieces of their grammars.
constexpr std::array<std::string_view, 30> kCornerCases = {"0",
                                                           "-1",
                                                           "1",
                                                           "2",
                                                           "255",
                                                           "256",
                                                           "65536",
                                                           "2147483647",
                                                           "2147483648",
                                                           "-2147483649",
                                                           "4294967296",
                                                           "9007199254740993",
                                                           "9223372036854775807",
                                                           "-9223372036854775808",
                                                           "18446744073709551616",
                                                           "0.1",
                                                           "1e-300",
                                                           "1e308",
                                                           "-0.0",
                                                           "nan",
                                                           "inf",
                                                           "true",
                                                           "\"\"",
                                                           "[]",
                                                           "{}",
                                                           "null",
                                                           "[[[[[[[[",
                                                           "\n",
                                                           "\"",
                                                           "="};

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}

// Begin and end of the word that starts at `from` or behind it; an empty one at the end of the text
// when there is none.
std::pair<std::size_t, std::size_t> next_word(std::string_view text, std::size_t from) {
  while (from < text.size() && !is_word_character(text[from])) {
    ++from;
  }
  std::size_t end = from;
  while (end < text.size() && is_word_character(text[end])) {
    ++end;
  }
  return {from, end};
}

void collect_words(std::string_view text, std::set<std::string>& words) {
  for (auto [begin, end] = next_word(text, 0); begin != end;
       std::tie(begin, end) = next_word(text, end)) {
    if (end - begin <= kLongestWord) {
      words.emplace(text.substr(begin, end - begin));
    }
  }
}

// A place in the text, its end included.
std::size_t place_in(const std::string& text, Random& random) {
  return static_cast<std::size_t>(random.below(text.size() + 1));
}

// Mostly short, now and then long.
std::string chunk_of(const std::string& text, Random& random) {
  const std::size_t begin = place_in(text, random);
  const std::uint64_t longest = random.below(4) == 0 ? text.size() + 1 : 64;
  return text.substr(begin, static_cast<std::size_t>(random.below(longest)));
}

void change_byte(std::string& text, Random& random) {
  if (text.empty()) {
    return;
  }
  char& byte = text[static_cast<std::size_t>(random.below(text.size()))];
  byte = random.below(2) == 0 ? static_cast<char>(byte ^ (1 << random.below(8)))
                              : static_cast<char>(random.below(256));
}

}  // namespace

Mutations::Mutations(std::vector<std::string> corpus, std::uint64_t seed)
    : corpus_(std::move(corpus)), seed_(seed) {
  std::set<std::string> words(kCornerCases.begin(), kCornerCases.end());
  for (const std::string& text : corpus_) {
    collect_words(text, words);
  }
  words_.assign(words.begin(), words.end());
}

std::string Mutations::input(std::uint64_t number) const {
  Random random(seed_, number);
  std::string text = corpus_[static_cast<std::size_t>(random.below(corpus_.size()))];
  for (std::uint64_t left = 1 + random.below(8); left > 0; --left) {
    change(text, random);
  }
  text.resize(std::min(text.size(), kMostBytes));
  return text;
}

void Mutations::change(std::string& text, Random& random) const {
  const std::size_t place = place_in(text, random);
  switch (random.below(8)) {
    case 0:
      change_byte(text, random);
      break;
    case 1:
      text.erase(place, static_cast<std::size_t>(random.below(random.below(4) == 0 ? 512 : 16)));
      break;
    case 2:
      text.insert(place, chunk_of(text, random));
      break;
    case 3:
      text.insert(
          place, chunk_of(corpus_[static_cast<std::size_t>(random.below(corpus_.size()))], random));
      break;
    default:
      exchange_word(text, random);
  }
}

// Numbers change most often: they are what everything else is computed from.
void Mutations::exchange_word(std::string& text, Random& random) const {
  const auto [begin, end] = next_word(text, place_in(text, random));
  const std::string_view corner =
      kCornerCases[static_cast<std::size_t>(random.below(kCornerCases.size()))];
  const std::string& word = words_[static_cast<std::size_t>(random.below(words_.size()))];
  text.replace(begin, end - begin, random.below(2) == 0 ? corner : std::string_view(word));
}

}  // namespace imbrex::fuzz
