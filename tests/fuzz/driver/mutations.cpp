#include "mutations.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

namespace imbrex::fuzz {
namespace {

// Longer runs of such characters are rather data than words.
constexpr std::size_t kLongestWord = 40;

constexpr std::array<std::string_view, 19> kLimits = {"0",
                                                      "-1",
                                                      "1",
                                                      "2",
                                                      "3",
                                                      "7",
                                                      "64",
                                                      "255",
                                                      "65536",
                                                      "2147483647",
                                                      "2147483648",
                                                      "4294967296",
                                                      "9007199254740993",
                                                      "9223372036854775807",
                                                      "-9223372036854775808",
                                                      "0.1",
                                                      "1e-300",
                                                      "1e308",
                                                      "-0.0"};
// What files write instead of numbers, and pieces of their grammars.
constexpr std::array<std::string_view, 13> kPieces = {"18446744073709551616",
                                                      "nan",
                                                      "inf",
                                                      "true",
                                                      "\"\"",
                                                      "[]",
                                                      "{}",
                                                      "null",
                                                      "[[[",
                                                      "\x80\xff",
                                                      "\n",
                                                      "\"",
                                                      "="};

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}

bool is_number(std::string_view word) {
  const std::size_t sign = word.starts_with('-') ? 1 : 0;
  return word.size() > sign && word[sign] >= '0' && word[sign] <= '9';
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

// The line around `place` with its end.
std::pair<std::size_t, std::size_t> line_at(const std::string& text, std::size_t place) {
  const std::size_t before = place == 0 ? std::string::npos : text.rfind('\n', place - 1);
  const std::size_t after = text.find('\n', place);
  return {before == std::string::npos ? 0 : before + 1,
          after == std::string::npos ? text.size() : after + 1};
}

const std::string& any_of(const std::vector<std::string>& texts, Random& random) {
  return texts[static_cast<std::size_t>(random.below(texts.size()))];
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
  std::set<std::string> words(kLimits.begin(), kLimits.end());
  words.insert("true");
  for (const std::string& text : corpus_) {
    collect_words(text, words);
  }
  for (const std::string& word : words) {
    (is_number(word) ? numbers_ : words_).push_back(word);
  }
}

std::string Mutations::input(std::uint64_t number) const {
  Random random(seed_, number);
  std::string text = any_of(corpus_, random);
  const bool keeps_form = random.below(4) != 0;
  // Mostly few changes: what is refused early meets no code behind that.
  for (std::uint64_t left = 1 + random.below(1 + random.below(8)); left > 0; --left) {
    keeps_form ? change_form(text, random) : change_bytes(text, random);
  }
  text.resize(std::min(text.size(), kMostBytes));
  return text;
}

void Mutations::change_bytes(std::string& text, Random& random) const {
  const std::size_t place = place_in(text, random);
  switch (random.below(5)) {
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
      text.insert(place, chunk_of(any_of(corpus_, random), random));
      break;
    default:
      text.insert(place, kPieces[static_cast<std::size_t>(random.below(kPieces.size()))]);
  }
}

void Mutations::change_form(std::string& text, Random& random) const {
  const auto [begin, end] = line_at(text, place_in(text, random));
  switch (random.below(10)) {
    case 0:
      text.erase(begin, end - begin);
      break;
    case 1: {
      const std::string& other = any_of(corpus_, random);
      const auto [from, to] = line_at(other, place_in(other, random));
      text.insert(begin, other, from, to - from);
      break;
    }
    default:
      exchange_word(text, random);
  }
}

// A number for a number and a word for a word; every other time a number, which decides more than
// most words.
void Mutations::exchange_word(std::string& text, Random& random) const {
  auto [begin, end] = next_word(text, place_in(text, random));
  const bool skip = random.below(2) == 0;
  while (skip && begin != end && !is_number(std::string_view(text).substr(begin, end - begin))) {
    std::tie(begin, end) = next_word(text, end);
  }
  const bool number = is_number(std::string_view(text).substr(begin, end - begin));
  if (number && random.below(2) == 0) {
    text.replace(begin, end - begin,
                 kLimits[static_cast<std::size_t>(random.below(kLimits.size()))]);
  } else {
    text.replace(begin, end - begin, any_of(number ? numbers_ : words_, random));
  }
}

}  // namespace imbrex::fuzz
