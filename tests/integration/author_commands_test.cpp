// Schemas and pages of reference know plugins that a user names, and nothing else.
#include "command_fixture.hpp"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex {
namespace {

using AuthorCommands = test::CommandFixture;

TEST_F(AuthorCommands, SchemasKnowThePluginsThatAreNamed) {
  const auto without = imbrex("schema recipe");
  const auto with = imbrex("schema recipe" + with_tests());
  ASSERT_EQ(without.code, 0) << without.err;
  ASSERT_EQ(with.code, 0) << with.err;
  const auto shipped = nlohmann::json::parse(without.out);
  const auto more = nlohmann::json::parse(with.out);
  EXPECT_FALSE(shipped["definitions"].contains("test.workload.chain"));
  ASSERT_TRUE(more["definitions"].contains("test.workload.chain"));
  const auto& ids = more["definitions"]["workload"]["properties"]["use"]["enum"];
  EXPECT_NE(std::find(ids.begin(), ids.end(), "test.workload.chain"), ids.end()) << ids;
  EXPECT_EQ(imbrex("schema ablation").out, imbrex("schema ablation" + with_tests()).out);
}

TEST_F(AuthorCommands, PagesOfReferenceHoldOneKind) {
  const auto page = imbrex("reference workload" + with_tests());
  ASSERT_EQ(page.code, 0) << page.err;
  EXPECT_TRUE(page.out.starts_with("# Workload readers\n")) << page.out.substr(0, 100);
  EXPECT_NE(page.out.find("\n## test.workload.chain\n"), std::string::npos);
  EXPECT_NE(page.out.find("\n## imbrex.workload.toml\n"), std::string::npos);
  EXPECT_NE(page.out.find("\nRecipe: `[workload] use = \"imbrex.workload.toml\"`."),
            std::string::npos);
  EXPECT_EQ(page.out.find("imbrex.cost."), std::string::npos);
}

// The table of parameters says what `describe` says.
TEST_F(AuthorCommands, PagesOfReferenceSayWhatDescribeSays) {
  const auto page = imbrex("reference overlap");
  const auto described =
      nlohmann::json::parse(imbrex("describe imbrex.overlap.clsa-cim --json").out);
  EXPECT_GT(described["parameters"].size(), 4u);
  for (const auto& parameter : described["parameters"]) {
    const std::string row =
        "| `" + std::string(parameter["name"]) + "` | " + std::string(parameter["type"]) + " |";
    EXPECT_NE(page.out.find(row), std::string::npos) << row;
  }
  for (const auto& fact : described["facts"]) {
    EXPECT_NE(page.out.find("| `" + std::string(fact["name"]) + "` | "), std::string::npos) << fact;
  }
}

}  // namespace
}  // namespace imbrex
