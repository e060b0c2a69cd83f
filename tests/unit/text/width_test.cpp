// Columns by the tables of Unicode (UAX 11, East Asian Width): wide letters two, accents none.
#include <imbrex/toolkit/text/width.hpp>

#include <random>

#include <gtest/gtest.h>

namespace imbrex::text {
namespace {

TEST(Width, IsTwoForWideLettersAndNoneForAccents) {
  EXPECT_EQ(width(""), 0u);
  EXPECT_EQ(width("conv1"), 5u);
  EXPECT_EQ(width("µs"), 2u);
  EXPECT_EQ(width("畳み込み"), 8u);
  EXPECT_EQ(width("卷积1"), 5u);
  EXPECT_EQ(width("e\u0301"), 1u);
  EXPECT_EQ(width("🚀"), 2u);
  EXPECT_EQ(width("\t\x1b"), 0u);
}

// A letter and the columns that it takes.
struct Letter {
  const char* bytes;
  std::size_t columns;
};
constexpr Letter kLetters[] = {{"a", 1},  {"Z", 1}, {"-", 1},       {"é", 1}, {"畳", 2},
                               {"卷", 2}, {"🚀", 2}, {"o\u0308", 1}, {"ß", 1}, {"한", 2}};

struct Sample {
  std::string text;
  std::vector<Letter> letters;
  std::size_t columns = 0;
};
Sample sample(std::mt19937& random, std::size_t length) {
  Sample out;
  for (std::size_t i = 0; i < length; ++i) {
    out.letters.push_back(kLetters[random() % std::size(kLetters)]);
    out.text += out.letters.back().bytes;
    out.columns += out.letters.back().columns;
  }
  return out;
}

// Letter by letter, from either end.
std::string slow_head(const Sample& sample, std::size_t columns) {
  std::string out;
  for (const Letter& letter : sample.letters) {
    if (letter.columns > columns) {
      break;
    }
    columns -= letter.columns;
    out += letter.bytes;
  }
  return out;
}
std::string slow_tail(Sample sample, std::size_t columns) {
  std::string out;
  for (; !sample.letters.empty() && sample.letters.back().columns <= columns;
       sample.letters.pop_back()) {
    columns -= sample.letters.back().columns;
    out = sample.letters.back().bytes + out;
  }
  return out;
}

TEST(Width, OfTextsAndTheirEndsIsThatOfTheLetters) {
  std::mt19937 random(1);
  for (int trial = 0; trial < 2000; ++trial) {
    const Sample one = sample(random, random() % 20);
    const std::size_t columns = random() % 24;
    EXPECT_EQ(width(one.text), one.columns) << one.text;
    EXPECT_EQ(head(one.text, columns), slow_head(one, columns)) << one.text << ' ' << columns;
    EXPECT_EQ(tail(one.text, columns), slow_tail(one, columns)) << one.text << ' ' << columns;
    EXPECT_EQ(width(fitted(one.text, columns, "~")), columns) << one.text;
  }
}

TEST(Width, FitsByCuttingTheMiddle) {
  EXPECT_EQ(fitted("conv", 6, "~"), "conv  ");
  EXPECT_EQ(fitted("abcdefghij", 7, "~"), "abc~hij");
  EXPECT_EQ(fitted("abcdefghij", 6, "~"), "abc~ij");
  EXPECT_EQ(fitted("畳畳畳畳", 6, "~"), "畳~畳 ");
  EXPECT_EQ(fitted("abc", 0, "~"), "");
  EXPECT_EQ(padded("ab", 4), "ab  ");
  EXPECT_EQ(padded_left("畳", 4), "  畳");
  EXPECT_EQ(padded_left("abcde", 4), "abcde");
}

TEST(Width, WrapsAtBlanksAndBreaksLongWords) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(wrapped("", 10), Lines{""});
  EXPECT_EQ(wrapped("one two three", 7), (Lines{"one two", "three"}));
  EXPECT_EQ(wrapped("abcdefgh ij", 3), (Lines{"abc", "def", "gh", "ij"}));
  EXPECT_EQ(wrapped("畳み込み", 4), (Lines{"畳み", "込み"}));
  EXPECT_EQ(wrapped("畳畳", 1), (Lines{"畳", "畳"})) << "a letter wider than the line";
  EXPECT_EQ(wrapped("  a   b ", 10), Lines{"a b"});
}

TEST(Width, WrappingLosesNoWordAndKeepsTheWidth) {
  std::mt19937 random(2);
  for (int trial = 0; trial < 500; ++trial) {
    std::string text;
    std::string letters;
    for (std::size_t words = random() % 9; words > 0; --words) {
      const std::string word = sample(random, 1 + random() % 9).text;
      text += (text.empty() ? "" : " ") + word;
      letters += word;
    }
    const std::size_t columns = 2 + random() % 15;
    std::string again;
    for (const std::string& line : wrapped(text, columns)) {
      EXPECT_LE(width(line), columns) << text;
      again += line;
    }
    std::erase(again, ' ');
    EXPECT_EQ(again, letters);
  }
}

TEST(Width, SurvivesBytesThatAreNoUtf8) {
  std::mt19937 random(3);
  for (int trial = 0; trial < 2000; ++trial) {
    std::string bytes(random() % 12, ' ');
    for (char& c : bytes) {
      c = static_cast<char>(random());
    }
    EXPECT_LE(width(head(bytes, 5)), 5u);
    EXPECT_LE(width(tail(bytes, 5)), 5u);
    EXPECT_FALSE(wrapped(bytes, 3).empty());
  }
}

}  // namespace
}  // namespace imbrex::text
