// The suggestion behind every "did you mean".
#include <imbrex/plugin/document.hpp>

#include <algorithm>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

constexpr std::string_view kNames[] = {"granularity", "rows", "block", "iterations", "extra_pes"};

// Slow twin: the recursive definition of the distance with adjacent transpositions.
std::size_t distance(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) {
    return a.size() + b.size();
  }
  std::size_t best = std::min(distance(a.substr(1), b) + 1, distance(a, b.substr(1)) + 1);
  best = std::min(best, distance(a.substr(1), b.substr(1)) + (a[0] == b[0] ? 0 : 1));
  if (a.size() > 1 && b.size() > 1 && a[0] == b[1] && a[1] == b[0]) {
    best = std::min(best, distance(a.substr(2), b.substr(2)) + 1);
  }
  return best;
}

TEST(NearestName, FindsOneWrongLetter) {
  EXPECT_EQ(nearest_name("itterations", kNames), "iterations");
}
TEST(NearestName, FindsSwappedLetters) {
  EXPECT_EQ(nearest_name("rwos", kNames), "rows");
}
TEST(NearestName, IgnoresLetterCase) {
  EXPECT_EQ(nearest_name("BLOCK", kNames), "block");
}
TEST(NearestName, FindsAHyphenInsteadOfAnUnderscore) {
  EXPECT_EQ(nearest_name("extra-pes", kNames), "extra_pes");
}
TEST(NearestName, FindsTheOnlyNameThatContainsTheGivenOne) {
  EXPECT_EQ(nearest_name("gran", kNames), "granularity");
}
TEST(NearestName, IsEmptyWhenNothingIsNear) {
  EXPECT_EQ(nearest_name("temperature", kNames), "");
  EXPECT_EQ(nearest_name("", kNames), "");
  EXPECT_EQ(nearest_name("rows", {}), "");
}
TEST(NearestName, IsEmptyWhenSeveralNamesContainTheGivenOne) {
  constexpr std::string_view names[] = {"imbrex.cost.crossbar", "imbrex.cost.loop-nest"};
  EXPECT_EQ(nearest_name("imbrex.cost", names), "");
}
TEST(NearestName, TakesTheFirstOfEquallyNearNames) {
  constexpr std::string_view names[] = {"cola", "colb"};
  EXPECT_EQ(nearest_name("colx", names), "cola");
}
TEST(NearestName, IgnoresEndlessWords) {
  EXPECT_EQ(nearest_name(std::string(1'000'000, 'r'), kNames), "");
}

TEST(NearestName, AgreesWithTheDefinitionOnRandomWords) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  const auto word = [&](std::size_t length) {
    std::string text(length, 'a');
    for (char& c : text) {
      c = static_cast<char>('a' + random() % 3);
    }
    return text;
  };
  for (int i = 0; i < 400; ++i) {
    const std::string given = word(1 + random() % 6);
    std::vector<std::string> names;
    for (int n = 0; n < 5; ++n) {
      names.push_back(word(7));  // longer than `given`: "contains" is decided apart
      names.back().resize(1 + random() % 7);
    }
    const std::vector<std::string_view> views(names.begin(), names.end());
    const std::size_t limit = std::max<std::size_t>(1, given.size() / 3);
    std::string_view expected;
    std::size_t best = limit + 1;
    for (const std::string_view name : views) {
      if (distance(given, name) < best) {
        best = distance(given, name);
        expected = name;
      }
    }
    const std::string_view actual = nearest_name(given, views);
    if (!expected.empty()) {
      EXPECT_EQ(actual, expected) << given;
    } else if (!actual.empty()) {
      EXPECT_NE(actual.find(given), std::string_view::npos) << given;
    }
  }
}

}  // namespace
}  // namespace imbrex
