// What a TOML text may hold before the library sees it: as much as a person could mean, and never
// so much that the stack or the memory ends.
#include "parse_error.hpp"
#include "repeated_text.hpp"

#include <imbrex/plugin/document.hpp>

#include <algorithm>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::parse_error;
using test::repeated;

TEST(DocumentLimits, RefusesKeysWithEndlessParts) {
  for (const std::string_view part : {".a", ".\"a b\"", ". 'é/]'", "\t.\t\"\\\"[\""}) {
    const std::string message = parse_error("a" + repeated(part, 100'000) + " = 1");
    EXPECT_EQ(message.find("recipe.toml:1:"), 0u) << message;
    EXPECT_NE(message.find("nested more than 64 deep"), std::string::npos) << message;
  }
}

TEST(DocumentLimits, CountsNoNestingInStringsAndComments) {
  const std::string dots = repeated(".[{", 1000);
  for (const std::string& text :
       {"a = 1 # " + dots, "# " + dots + "\na = 1", "a = \"" + dots + "\"", "a = '" + dots + "'",
        "a = \"\"\"x\"\n\"\"" + dots + "\"\"\"\"\"", "a = '''x'\n" + dots + "'''''\nb = 1",
        "'" + dots + "' = 1", "a = [1.5, 2.5, \"\\\"" + dots + "\"]",
        "[\"" + dots + "\"]\na = 1"}) {
    EXPECT_EQ(parse_error(text), "no error") << text;
  }
}

// A random table whose values are nested as deep as the generator says.
class Nest {
 public:
  explicit Nest(std::uint32_t seed) : random_(seed) {}

  int deepest() const { return deepest_; }
  // Lines of keys; `depth`: of the table that they are in.
  std::string lines(int depth, int count) {
    std::string text;
    for (int i = 0; i < count; ++i) {
      const int parts = number(1, 4);
      text += key(parts) + " = " + value(depth + parts) + (number(0, 2) == 0 ? " # .]}\n" : "\n");
    }
    return text;
  }
  std::string header(int parts) { return "[" + key(parts) + "]\n"; }
  int number(int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(random_);
  }

 private:
  std::string key(int parts) {
    constexpr std::string_view kParts[] = {"a", "\"b.c[\"", "'d = {'", "e_1"};
    std::string text = "k" + std::to_string(keys_++);
    for (int i = 1; i < parts; ++i) {
      text += number(0, 1) == 0 ? "." : " . ";
      text += kParts[number(0, 3)];
    }
    return text;
  }
  std::string value(int depth) {
    deepest_ = std::max(deepest_, depth);
    const int kind = depth < 90 ? number(0, 12) : 0;
    if (kind < 2) {
      constexpr std::string_view kScalars[] = {
          "1.5", "\"]} = .\"", "'[.'", "1979-05-27", "\"\"\"[\n. \"x\" ]\"\"\"", "true"};
      return std::string(kScalars[number(0, 5)]);
    }
    if (kind < 8) {
      const bool two = number(0, 7) == 0;
      return "[" + value(depth + 1) + (two ? ", # [[[\n" + value(depth + 1) : "") + "]";
    }
    const int parts = number(1, 4);
    return "{ " + key(parts) + " = " + value(depth + parts) + " }";
  }

  std::mt19937 random_;
  int keys_ = 0;
  int deepest_ = 0;
};

TEST(DocumentLimits, RefusesExactlyWhatIsNestedTooDeep) {
  int refused = 0;
  constexpr int kTexts = 2000;
  for (std::uint32_t seed = 0; seed < kTexts; ++seed) {
    Nest nest(seed);
    std::string text = nest.lines(0, 2);
    const int parts = nest.number(1, 40);
    text += nest.header(parts) + nest.lines(parts, 2);
    const std::string message = parse_error(text);
    const bool too_deep = nest.deepest() > 64;
    refused += too_deep ? 1 : 0;
    EXPECT_EQ(message.find("nested more than 64 deep") != std::string::npos, too_deep)
        << message << "\n"
        << text;
    EXPECT_TRUE(too_deep || message == "no error") << message << "\n" << text;
  }
  EXPECT_GT(refused, kTexts / 20);
  EXPECT_LT(refused, kTexts - kTexts / 20);
}

TEST(DocumentLimits, SurvivesTheDeepestNestingItAccepts) {
  // Long keys, one inline table inside the other.
  const std::string key = "a" + repeated(".a", 31);
  for (const int depth : {1, 2, 100, 250, 300, 5000}) {
    const std::string text =
        key + " = " + repeated("{ " + key + " = ", depth) + "1" + repeated(" }", depth);
    const std::string message = parse_error(text);
    EXPECT_EQ(message == "no error", depth == 1) << message;
    EXPECT_TRUE(message == "no error" || message.find("recipe.toml:1:") == 0) << message;
  }
}

TEST(DocumentLimits, RefusesEndlessTexts) {
  EXPECT_NE(parse_error("a = [" + repeated("1,", 1'000'001) + "]")
                .find("more than 1000000 keys and values in one file"),
            std::string::npos);
  EXPECT_NE(parse_error("# " + std::string(std::size_t{64} << 20, 'x')).find("expected at most"),
            std::string::npos);
  EXPECT_EQ(parse_error(repeated("# a = 1\n\n", 1'000'001)), "no error");
}

}  // namespace
}  // namespace imbrex
