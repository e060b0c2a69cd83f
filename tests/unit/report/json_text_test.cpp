// How JSON is laid out, against the JSON library's own printing.
#include "result/json_text.hpp"

#include <random>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex {
namespace {

using Json = nlohmann::ordered_json;

Json random_scalar(std::mt19937& random) {
  switch (random() % 5) {
    case 0:
      return Json(static_cast<std::int64_t>(random()) - 1'000'000'000);
    case 1:
      return Json(static_cast<double>(random()) / 977.0);
    case 2:
      return Json(random() % 2 == 0);
    case 3:
      return Json(nullptr);
    default:
      return Json(std::string("a \"b\"\n\\ \xc3\xa4 ") + std::to_string(random() % 100));
  }
}

// `numbers`: whether a list may consist of numbers only.
Json random_json(std::mt19937& random, int depth, bool numbers) {
  const auto size = random() % 5;
  if (depth == 0 || random() % 4 == 0) {
    return random_scalar(random);
  }
  if (random() % 2 == 0) {
    Json object = Json::object();
    for (std::size_t i = 0; i < size; ++i) {
      object["key \"" + std::to_string(i)] = random_json(random, depth - 1, numbers);
    }
    return object;
  }
  Json list = Json::array();
  for (std::size_t i = 0; i < size; ++i) {
    list.push_back(random_json(random, depth - 1, numbers));
  }
  if (!numbers && !list.empty()) {
    list.push_back("no number");
  }
  return list;
}

TEST(JsonText, IsTheLibrarysWhereNoNumbersStandSideBySide) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    std::mt19937 random(seed);
    const Json json = random_json(random, 5, false);
    EXPECT_EQ(result::json_text(json), json.dump(2) + "\n") << "seed " << seed;
  }
}

TEST(JsonText, MeansTheSameWhateverItHolds) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    std::mt19937 random(seed);
    const Json json = random_json(random, 5, true);
    EXPECT_EQ(Json::parse(result::json_text(json)), json) << "seed " << seed;
  }
}

TEST(JsonText, PutsNumbersSideBySide) {
  EXPECT_EQ(result::json_text(Json{{"words", {1, 2.5, 3}}}),
            "{\n  \"words\": [\n    1, 2.5, 3\n  ]\n}\n");
}

TEST(JsonText, PutsPairsSideBySide) {
  EXPECT_EQ(result::json_text(Json::parse("[[0, 1], [2, 3]]")), "[\n  [0, 1], [2, 3]\n]\n");
}

TEST(JsonText, GivesEveryRowOfAMatrixALine) {
  EXPECT_EQ(result::json_text(Json::parse("[[0, 1, 2], [3, 4, 5]]")),
            "[\n  [0, 1, 2],\n  [3, 4, 5]\n]\n");
}

TEST(JsonText, BreaksLinesOfNumbersBeforeTheyGetTooLong) {
  Json numbers = Json::array();
  for (int i = 0; i < 1000; ++i) {
    numbers.push_back(i * 37);
  }
  const std::string text = result::json_text(numbers);
  std::size_t longest = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    longest = std::max(longest, end - begin);
    begin = end + 1;
  }
  EXPECT_LE(longest, 100U);
  EXPECT_GT(longest, 90U);
  EXPECT_EQ(Json::parse(text), numbers);
}

TEST(JsonText, LeavesEmptyListsAndObjectsAlone) {
  EXPECT_EQ(result::json_text(Json::array()), "[]\n");
  EXPECT_EQ(result::json_text(Json::object()), "{}\n");
  EXPECT_EQ(result::json_text(Json::parse("[[], {}]")), "[\n  [],\n  {}\n]\n");
}

TEST(JsonText, ReplacesBytesThatAreNoText) {
  EXPECT_EQ(result::json_text(Json("bad\xff")), "\"bad\xef\xbf\xbd\"\n");
}

}  // namespace
}  // namespace imbrex
