// What the README and the other pages show a reader works as printed: commands, and the first
// plugin.
#include "command_fixture.hpp"
#include "pages.hpp"

#include <imbrex/plugin/abi.hpp>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex {
namespace {

class Readme : public test::CommandFixture {
 protected:
  // The `imbrex` lines of every shell block, continuation lines joined, comments cut, shipped files
  // found.
  std::vector<std::string> commands(const std::string& page) const {
    std::string text = read(page);
    text = std::regex_replace(text, std::regex("\\\\\n *"), "");
    std::istringstream lines(text);
    std::vector<std::string> found;
    bool in_shell = false;
    for (std::string line; std::getline(lines, line);) {
      if (line.rfind("```", 0) == 0) {
        in_shell = line == "```sh";
      } else if (in_shell && line.rfind("imbrex ", 0) == 0) {
        line = line.substr(7, line.find('#') - 7);
        found.push_back(
            std::regex_replace(line, std::regex("configs/"), IMBREX_SOURCE_DIR "/configs/"));
      }
    }
    return found;
  }
};

// Commands about results that are there, and projects, need no plugins.
std::string plugins_for(const std::string& words) {
  for (const char* const command : {"compare ", "bundle ", "log", "gc", "new "}) {
    if (words.starts_with(command)) {
      return {};
    }
  }
  return " --plugin '" README_PLUGIN "' --plugin '" PAGE_ANALYZER "'";
}

TEST_F(Readme, CommandsRun) {
  const std::filesystem::path tree = IMBREX_SOURCE_DIR;
  EXPECT_GE(commands(tree / "README.md").size(), 4u);
  for (const std::filesystem::path& page : test::documentation(tree)) {
    for (const std::string& words : commands(tree / page)) {
      // Ablations take minutes; the test of their pages runs those that do not.
      if (page.parent_path() != "configs/ablations" || !words.starts_with("sweep ")) {
        const auto result = imbrex(words + plugins_for(words));
        EXPECT_EQ(result.code, 0) << page << ": " << words << "\n" << result.err;
      }
    }
  }
}

// Both pages cut what follows: `...` stands for it.
TEST_F(Readme, ShowsWhatTheDemoPrints) {
  const auto result =
      imbrex("run " IMBREX_SOURCE_DIR "/configs/recipes/tinyyolov4-clsa-cim.toml --out r");
  ASSERT_EQ(result.code, 0) << result.err;
  for (const char* const page : {"/README.md", "/sdk/docs/results.md"}) {
    const std::string text = read(IMBREX_SOURCE_DIR + std::string(page));
    const std::string fence = "\n```\n";
    const std::size_t begin = text.find(fence + "tinyyolov4-clsa-cim: tinyyolov4\n");
    ASSERT_NE(begin, std::string::npos) << page;
    const std::size_t first = begin + fence.size();
    std::string shown = text.substr(first, text.find(fence, first) + 1 - first);
    if (shown.ends_with("\n  ...\n")) {
      shown.resize(shown.size() - std::string("  ...\n").size());
    }
    EXPECT_GE(std::count(shown.begin(), shown.end(), '\n'), 4) << page;
    EXPECT_TRUE(result.out.starts_with(shown)) << page << "\n" << result.out;
  }
}

// To draw it again after a change: this command, and a copy of the file.
TEST_F(Readme, PictureIsTheDemosSchedule) {
  const auto result = imbrex(
      "run " IMBREX_SOURCE_DIR
      "/configs/recipes/tinyyolov4-clsa-cim.toml --quiet --out r "
      "--set 'report=[{use = \"imbrex.report.svg\", width_mm = 160, file = \"schedule.svg\"}]'");
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(read(folder() / "r/schedule.svg"), read(IMBREX_SOURCE_DIR "/sdk/docs/schedule.svg"));
}

TEST_F(Readme, PluginGivesEveryLayerItsCopies) {
  const auto result = imbrex("run " IMBREX_SOURCE_DIR
                             "/configs/recipes/tinyyolov4-clsa-cim.toml --quiet --out r "
                             "--set stage.1.use=acme.partition.uniform --set stage.1.copies=2 "
                             "--set architecture.extra_pes=117 --plugin '" README_PLUGIN "'");
  ASSERT_EQ(result.code, 0) << result.err;
  const auto json = nlohmann::json::parse(read(folder() / "r" / "result.json"));
  ASSERT_EQ(json["operators"].size(), 21u);
  for (const auto& op : json["operators"]) {
    EXPECT_EQ(op["copies"], 2) << op["name"];
  }
}

TEST_F(Readme, PageAboutTheBoundaryKnowsItsEpoch) {
  const std::string page = read(IMBREX_SOURCE_DIR "/sdk/docs/abi.md");
  const std::string epoch = std::to_string(IMBREX_ABI_EPOCH);
  EXPECT_NE(page.find("The epoch is " + epoch + "."), std::string::npos) << epoch;
  EXPECT_NE(page.find("\n| " + epoch), std::string::npos) << "what is new in " << epoch;
}

TEST_F(Readme, PluginIsDescribed) {
  const auto result = imbrex("describe acme.partition.uniform --plugin '" README_PLUGIN "'");
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_NE(result.out.find("Copies of every layer"), std::string::npos) << result.out;
}

}  // namespace
}  // namespace imbrex
