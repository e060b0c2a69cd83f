// Usage, help, and the commands that only look.
#include "command_fixture.hpp"

#include <regex>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex {
namespace {

using Command = test::CommandFixture;

// The commit is forty digits, or says why there is none; the compiler is this file's own.
TEST_F(Command, PrintsItsVersionCommitAndCompiler) {
  const auto result = imbrex("--version");
  EXPECT_EQ(result.code, 0);
  const std::regex lines("imbrex 0\\.1\\.0\ncommit   ([0-9a-f]{40}|unknown)\ncompiler (.*)\n");
  std::smatch parts;
  ASSERT_TRUE(std::regex_match(result.out, parts, lines)) << result.out;
  EXPECT_NE(parts[2].str().find(__VERSION__), std::string::npos) << result.out;
}

TEST_F(Command, PrintsHelpForEveryCommand) {
  for (const std::string command :
       {"", "run ", "report ", "check ", "plugins ", "describe ", "inspect "}) {
    const auto result = imbrex(command + "--help");
    EXPECT_EQ(result.code, 0) << command;
    EXPECT_NE(result.out.find("EXAMPLES"), std::string::npos) << command;
    EXPECT_NE(result.out.find("ENVIRONMENT"), std::string::npos) << command;
    EXPECT_EQ(result.err, "") << command;
  }
}

TEST_F(Command, PrintsHelpForCommandsThatLoadNoPlugins) {
  for (const std::string command :
       {"log ", "gc ", "bundle ", "schema ", "reference ", "doctor ", "new "}) {
    const auto result = imbrex(command + "--help");
    EXPECT_EQ(result.code, 0) << command;
    EXPECT_NE(result.out.find("DESCRIPTION"), std::string::npos) << command;
    EXPECT_NE(result.out.find("EXAMPLES"), std::string::npos) << command;
    EXPECT_EQ(result.err, "") << command;
  }
}

TEST_F(Command, SuggestsTheCommandThatWasMeant) {
  const auto result = imbrex("rnu recipe.toml");
  EXPECT_EQ(result.code, 2);
  EXPECT_EQ(result.err,
            "imbrex: error: no command 'rnu'; did you mean 'run'?\nTry 'imbrex --help'.\n");
}

TEST_F(Command, SuggestsTheOptionThatWasMeant) {
  const auto result = imbrex("run recipe.toml --sett a=1");
  EXPECT_EQ(result.code, 2);
  EXPECT_EQ(result.err,
            "imbrex: error: no option '--sett'; did you mean '--set'?\n"
            "Try 'imbrex run --help'.\n");
}

TEST_F(Command, RefusesEveryOtherUsageErrorWithCode2) {
  for (const char* words :
       {"", "run", "run a.toml b.toml", "run a.toml --threads many", "run a.toml --log-level loud",
        "describe", "inspect", "bundle", "schema", "schema network", "reference",
        "reference overlaps", "gc --older 3x", "gc --older -1d", "gc --older 99999999999999999999d",
        "--nothing"}) {
    const auto result = imbrex(words);
    EXPECT_EQ(result.code, 2) << words << "\n" << result.err;
  }
}

TEST_F(Command, NamesARecipeThatIsMissing) {
  const auto result = imbrex("run nowhere.toml");
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.err.find("nowhere.toml"), std::string::npos) << result.err;
}

TEST_F(Command, ListsPluginsAndComponents) {
  const auto result = imbrex("plugins" + with_tests());
  EXPECT_EQ(result.code, 0);
  EXPECT_NE(result.out.find("overlap_clsa_cim.imbrex.so"), std::string::npos);
  EXPECT_NE(result.out.find("test.workload.chain"), std::string::npos);
}

TEST_F(Command, ListsBrokenPluginsWithTheReason) {
  write("broken.imbrex.so", "not a library");
  const auto result = imbrex("plugins", "IMBREX_PLUGIN_PATH='" + folder().string() + "'");
  EXPECT_EQ(result.code, 0);
  const std::size_t first = result.out.find("broken.imbrex.so");
  ASSERT_NE(first, std::string::npos) << result.out;
  EXPECT_NE(result.out.find("broken.imbrex.so\n  ", first), std::string::npos) << result.out;
}

TEST_F(Command, ListsPluginsAsJson) {
  const auto result = imbrex("plugins --json" + with_tests());
  const auto json = nlohmann::json::parse(result.out);
  EXPECT_EQ(json["imbrex"], "0.1.0");
  bool found = false;
  for (const auto& component : json["components"]) {
    found = found || component["id"] == "test.overlap.lossy";
  }
  EXPECT_TRUE(found);
}

// The cells of one row of the matrix, below the last header that has this column.
std::string cell_of(const std::string& text, const std::string& row, const std::string& column) {
  std::istringstream lines(text);
  std::size_t at = std::string::npos;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t found = line.find(" " + column + " ");
    if (line.find("STAGE ") == 2 || line.find("COST MODEL ") == 2) {
      at = found != std::string::npos     ? found + 1
           : line.ends_with(" " + column) ? line.size() - column.size()
                                          : std::string::npos;
    } else if (at != std::string::npos && line.find(row + " ") == 2) {
      return line.substr(at, 1);
    }
  }
  return "";
}

// Key of a component in the legend: "a2".
std::string key_of(const std::string& text, const std::string& id) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.size() > 7 && (line[2] == 'a' || line[2] == 'c') && line.find(" " + id) == 6) {
      return line.substr(2, line.find(' ', 2) - 2);
    }
  }
  return "";
}

TEST_F(Command, ShowsWhatCombines) {
  const auto result = imbrex("plugins --matrix" + with_tests());
  EXPECT_EQ(result.code, 0);
  const std::string tiled = key_of(result.out, "imbrex.architecture.tiled-cim");
  const std::string dram = key_of(result.out, "imbrex.architecture.dram-pim");
  const std::string array = key_of(result.out, "imbrex.architecture.pe-array");
  const std::string crossbar = key_of(result.out, "imbrex.cost.crossbar");
  const std::string nests = key_of(result.out, "imbrex.cost.loop-nest");
  ASSERT_FALSE(tiled.empty() || dram.empty() || array.empty() || crossbar.empty() || nests.empty())
      << result.out;
  // By the hardware that each is made for: crossbars, banks of memory, an array of MACs.
  EXPECT_EQ(cell_of(result.out, "imbrex.cost.crossbar", tiled), "+") << result.out;
  EXPECT_EQ(cell_of(result.out, "imbrex.cost.crossbar", dram), "-") << result.out;
  EXPECT_EQ(cell_of(result.out, "imbrex.cost.loop-nest", array), "+") << result.out;
  EXPECT_EQ(cell_of(result.out, "imbrex.cost.loop-nest", tiled), "-") << result.out;
  EXPECT_EQ(cell_of(result.out, "imbrex.cost.bit-serial", dram), "+") << result.out;
  EXPECT_EQ(cell_of(result.out, "imbrex.cost.bit-serial", array), "-") << result.out;
  // Pairs that do not combine have no column.
  EXPECT_EQ(cell_of(result.out, "imbrex.search.random", tiled + nests), "") << result.out;
  EXPECT_EQ(cell_of(result.out, "imbrex.search.random", array + nests), "+") << result.out;
  EXPECT_EQ(cell_of(result.out, "imbrex.search.random", tiled + crossbar), "o") << result.out;
  EXPECT_EQ(cell_of(result.out, "imbrex.search.deal-anew", tiled + crossbar), "+") << result.out;
  // Nothing is searched there: nests of the crossbar's own can be given.
  EXPECT_EQ(cell_of(result.out, "imbrex.search.given", tiled + crossbar), "+") << result.out;
  EXPECT_EQ(cell_of(result.out, "imbrex.partition.weight-duplication", tiled + crossbar), "+")
      << result.out;
  std::istringstream lines(result.out);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 100u) << line;
  }
}

TEST_F(Command, ListsTheFactsThatAComponentStates) {
  const auto text = imbrex("describe test.overlap.lossy" + with_tests());
  EXPECT_NE(text.out.find("FACT  UNIT      MEANING\n"
                          "  late  operator  Operators that waited in vain\n"),
            std::string::npos)
      << text.out;
  const auto json =
      nlohmann::json::parse(imbrex("describe test.overlap.lossy --json" + with_tests()).out);
  ASSERT_EQ(json["facts"].size(), 1u);
  EXPECT_EQ(json["facts"][0]["name"], "late");
  EXPECT_EQ(json["facts"][0]["unit"], "operator");
  EXPECT_EQ(json["facts"][0]["meaning"], "Operators that waited in vain");
}

TEST_F(Command, DescribesAComponent) {
  const auto result = imbrex("describe test.partition.copies" + with_tests());
  EXPECT_EQ(result.code, 0);
  EXPECT_NE(result.out.find("Copies of the first mapped operator"), std::string::npos);
  EXPECT_NE(result.out.find("test.components 1.0.0"), std::string::npos);
  const auto json =
      nlohmann::json::parse(imbrex("describe test.partition.copies --json" + with_tests()).out);
  EXPECT_EQ(json["parameters"][0]["name"], "copies");
  EXPECT_EQ(json["parameters"][0]["default"], 2);
}

TEST_F(Command, SuggestsTheComponentThatWasMeant) {
  const auto result = imbrex("describe imbrex.overlap.clsa-cmi");
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.err.find("did you mean 'imbrex.overlap.clsa-cim'"), std::string::npos)
      << result.err;
}

TEST_F(Command, NamesALibraryThatCannotBeLoadedOnceForAllMissingComponents) {
  write("broken.imbrex.so", "not a library");
  write("recipe.toml",
        chain_recipe(0, stage("vendor.search.first") + stage("vendor.overlap.second")));
  const auto result =
      imbrex("check recipe.toml" + with_tests(), "IMBREX_PLUGIN_PATH='" + folder().string() + "'");
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.err.find("no component 'vendor.search.first'"), std::string::npos);
  EXPECT_NE(result.err.find("no component 'vendor.overlap.second'"), std::string::npos);
  const std::size_t first = result.err.find("broken.imbrex.so");
  ASSERT_NE(first, std::string::npos) << result.err;
  EXPECT_EQ(result.err.find("broken.imbrex.so: ", first + 1), std::string::npos) << result.err;
  EXPECT_GT(first, result.err.find("vendor.overlap.second")) << "after what it explains";
}

}  // namespace
}  // namespace imbrex
