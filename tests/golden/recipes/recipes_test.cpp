// Every folder here holds a recipe.toml, run as a user would, and an expected.json: the part of
// result.json that is known beforehand. Compared key by key; {"value": v, "within": w} stands for a
// number that the source gives in rounded form. An element of an array that has a "use" or a "name"
// stands for the element of the result with the same one.
#include "command_fixture.hpp"
#include "folder_names.hpp"
#include "test_name.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const fs::path kFolder = test::golden_folder("recipes");

// Collects every difference with its path, "/metrics/latency_ps: expected 1, found 2".
class Comparison {
 public:
  void compare(const Json& expected, const Json& found, const std::string& path) {
    if (expected.is_object() && expected.contains("within")) {
      compare_rounded(expected, found, path);
    } else if (expected.is_object()) {
      compare_objects(expected, found, path);
    } else if (expected.is_array()) {
      compare_arrays(expected, found, path);
    } else if (expected != found) {
      complain(expected, found, path);
    } else {
      ++compared_;
    }
  }

  const std::string& differences() const { return differences_; }
  int compared() const { return compared_; }

 private:
  void compare_rounded(const Json& expected, const Json& found, const std::string& path) {
    const bool close =
        found.is_number() && std::abs(found.get<double>() - expected["value"].get<double>()) <=
                                 expected["within"].get<double>();
    if (close) {
      ++compared_;
    } else {
      complain(expected, found, path);
    }
  }

  void compare_objects(const Json& expected, const Json& found, const std::string& path) {
    for (const auto& [key, value] : expected.items()) {
      if (found.is_object() && found.contains(key)) {
        compare(value, found[key], path + "/" + key);
      } else {
        complain(value, "nothing", path + "/" + key);
      }
    }
  }

  void compare_arrays(const Json& expected, const Json& found, const std::string& path) {
    for (const Json& element : expected) {
      const char* const key = element.contains("use") ? "use" : "name";
      const auto same = std::find_if(found.begin(), found.end(), [&](const Json& candidate) {
        return candidate.value(key, "") == element.at(key);
      });
      if (same == found.end()) {
        complain(element, "no such element", path);
      } else {
        compare(element, *same, path + "/" + element.at(key).get<std::string>());
      }
    }
  }

  void complain(const Json& expected, const Json& found, const std::string& path) {
    differences_ += path + ": expected " + expected.dump() + ", found " + found.dump() + "\n";
  }

  std::string differences_;
  int compared_ = 0;
};

std::string differences(const Json& expected, const Json& found) {
  Comparison comparison;
  comparison.compare(expected, found, "");
  return comparison.differences();
}

class GoldenRecipe : public test::CommandFixture,
                     public testing::WithParamInterface<std::string> {};

TEST_P(GoldenRecipe, GivesWhatTheSpecificationSays) {
  const fs::path recipe = kFolder / GetParam() / "recipe.toml";
  const auto run = imbrex("run '" + recipe.string() + "' --quiet --out r");
  ASSERT_EQ(run.code, 0) << run.err;
  Comparison comparison;
  comparison.compare(Json::parse(read(kFolder / GetParam() / "expected.json")),
                     Json::parse(read(folder() / "r" / "result.json")), "");
  EXPECT_EQ(comparison.differences(), "");
  EXPECT_GE(comparison.compared(), 5) << "an expectation without content";
}

INSTANTIATE_TEST_SUITE_P(Clsa, GoldenRecipe, testing::ValuesIn(test::golden_cases("recipes")),
                         [](const auto& one) { return test::as_test_name(one.param); });

TEST(GoldenComparison, SeesEveryKindOfDifference) {
  const Json found = Json::parse(R"({"a": 1, "b": {"c": 2.5}, "s": [{"use": "x", "n": 3}]})");
  EXPECT_EQ(differences(Json::parse(R"({"a": 1, "s": [{"use": "x", "n": 3}]})"), found), "");
  EXPECT_EQ(differences(Json::parse(R"({"b": {"c": {"value": 2.52, "within": 0.05}}})"), found),
            "");
  EXPECT_EQ(differences(Json::parse(R"({"a": 2})"), found), "/a: expected 2, found 1\n");
  EXPECT_EQ(differences(Json::parse(R"({"z": 1})"), found), "/z: expected 1, found \"nothing\"\n");
  EXPECT_NE(differences(Json::parse(R"({"b": {"c": {"value": 2.6, "within": 0.05}}})"), found), "");
  EXPECT_EQ(differences(Json::parse(R"({"s": [{"use": "x", "n": 4}]})"), found),
            "/s/x/n: expected 4, found 3\n");
  EXPECT_NE(differences(Json::parse(R"({"s": [{"use": "y"}]})"), found), "");
}

}  // namespace
}  // namespace imbrex
