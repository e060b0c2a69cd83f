// The command: options, exit codes, and the three forms of its report.
#include "temporary_folder.hpp"

#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>

namespace imbrex::conform {
namespace {

struct Ended {
  int code = -1;
  std::string text;  // stdout, and stderr behind it
};

Ended run(const std::string& arguments) {
  const std::string command = std::string(IMBREX_CONFORM) + " " + arguments + " 2>&1";
  Ended ended;
  FILE* const output = popen(command.c_str(), "r");
  std::array<char, 4096> some{};
  while (fgets(some.data(), static_cast<int>(some.size()), output) != nullptr) {
    ended.text += some.data();
  }
  const int status = pclose(output);
  ended.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ended;
}

std::string broken(const std::string& name) {
  return std::string(IMBREX_BROKEN_DIR) + "/broken-" + name + ".imbrex.so";
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(ConformCommand, EndsWithWhatItFound) {
  const Ended right = run(broken("none") + " --only '^library/'");
  EXPECT_EQ(right.code, 0) << right.text;
  EXPECT_TRUE(holds(right.text, "  passed     library/opens\n")) << right.text;
  EXPECT_TRUE(holds(right.text, "7 passed\n")) << right.text;
  const Ended wrong = run(broken("version") + " --quiet");
  EXPECT_EQ(wrong.code, 1) << wrong.text;
  EXPECT_TRUE(holds(wrong.text,
                    "  failed     metadata/version-is-semantic\n"
                    "             its version is '1.0'; results name it, so write it "
                    "as MAJOR.MINOR.PATCH\n"))
      << wrong.text;
  EXPECT_FALSE(holds(wrong.text, "  passed ")) << wrong.text;
}

TEST(ConformCommand, ShowsWhatWasWrittenBeforeACrash) {
  const Ended crashed = run(broken("reporters") + " --only 'exits: errors/ordinary'");
  EXPECT_EQ(crashed.code, 1);
  EXPECT_TRUE(holds(crashed.text, "broken.report.exits\n  crashed    errors/ordinary"))
      << crashed.text;
  EXPECT_TRUE(holds(crashed.text, "exited with code 0")) << crashed.text;
  EXPECT_TRUE(holds(crashed.text, "--seed 1\n")) << crashed.text;
}

TEST(ConformCommand, RefusesBadInput) {
  const auto expect = [](const std::string& arguments, const std::string& message) {
    const Ended ended = run(arguments);
    EXPECT_EQ(ended.code, 2) << arguments << ": " << ended.text;
    EXPECT_TRUE(holds(ended.text, message)) << arguments << ": " << ended.text;
  };
  expect("", "name a plugin library");
  expect("nowhere.imbrex.so", "no file 'nowhere.imbrex.so'");
  expect(broken("none") + " --only '('", "--only '(' is no regular expression");
  expect(broken("none") + " --only nothing-like-it", "--list prints what there is");
  expect(broken("none") + " --recipe nowhere.toml", "no file 'nowhere.toml'");
  expect(broken("none") + " --jobs 0", "--jobs");
  expect(broken("none") + " --colour", "Try 'imbrex-conform --help'");
}

TEST(ConformCommand, ListsTheChecks) {
  const Ended list = run("--list");
  EXPECT_EQ(list.code, 0);
  EXPECT_TRUE(holds(list.text, "cost/lower-bound-is-admissible")) << list.text;
  EXPECT_TRUE(holds(list.text, "No mapping is faster than lower_bound_ps.")) << list.text;
}

// Every check is explained, and nothing is explained that is no check.
TEST(ConformCommand, IsDocumented) {
  std::ostringstream page;
  page << std::ifstream(std::string(IMBREX_SOURCE_DIR) + "/sdk/docs/conformance.md").rdbuf();
  const std::string text = page.str();
  std::size_t rows = 0;
  for (std::size_t at = text.find("\n| `"); at != std::string::npos;
       at = text.find("\n| `", at + 1)) {
    rows += text.compare(at + 4, 1, "-") == 0 ? 0 : 1;  // options are in a table as well
  }
  std::istringstream list(run("--list").text);
  std::size_t checks = 0;
  for (std::string line; std::getline(list, line); ++checks) {
    const std::string id = line.substr(0, line.find(' '));
    EXPECT_TRUE(holds(text, "\n| `" + id + "` | ")) << id << " is not explained";
  }
  EXPECT_GT(checks, 40u);
  EXPECT_EQ(rows, checks);
}

TEST(ConformCommand, ReportsAsJson) {
  const Ended ended = run(broken("licence") + " --json --only '^(library|metadata)/'");
  EXPECT_EQ(ended.code, 1);
  const auto json = nlohmann::json::parse(ended.text);
  EXPECT_EQ(json["format"], 1);
  EXPECT_EQ(json["conforms"], false);
  EXPECT_EQ(json["counts"]["failed"], 1);
  std::size_t failed = 0;
  for (const auto& check : json["libraries"][0]["checks"]) {
    if (check["status"] == "failed") {
      ++failed;
      EXPECT_EQ(check["check"], "metadata/licence-is-named");
      EXPECT_TRUE(check["component"].is_null());
      EXPECT_TRUE(holds(check["text"], "names no licence"));
    }
  }
  EXPECT_EQ(failed, 1u);
}

TEST(ConformCommand, ReportsAsJUnit) {
  const test::TemporaryFolder folder;
  const std::string file = (folder.path() / "report.xml").string();
  EXPECT_EQ(run(broken("crashes") + " --quiet --junit " + file).code, 1);
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  EXPECT_TRUE(holds(text.str(), "<testsuite name=\"broken-crashes.imbrex.so\"")) << text.str();
  EXPECT_TRUE(holds(text.str(), "<error type=\"crashed\" message=\"signal 6 (Aborted)"))
      << text.str();
  EXPECT_TRUE(holds(text.str(), "<skipped message=\"library/opens comes first")) << text.str();
  EXPECT_EQ(run(broken("none") + " --only opens --junit /nowhere/report.xml").code, 2);
}

// What is right on the fixed problems is asked about others; the seed brings a failure back.
TEST(ConformCommand, AsksAboutOtherProblems) {
  const std::string only = " --only 'partition.none: decision/designs'";
  const Ended fuzzed = run(broken("deciders") + only + " --fuzz 1 --seed 7");
  EXPECT_EQ(fuzzed.code, 0) << fuzzed.text;
  EXPECT_TRUE(holds(fuzzed.text, "rounds of other problems")) << fuzzed.text;
  const Ended again = run(broken("costs") + " --only 'latency: cost/evaluate' --seed 41");
  EXPECT_EQ(again.code, 1);
  EXPECT_TRUE(holds(again.text, "again: --only 'cost/evaluate-is-the-longest-server' --seed 41"))
      << again.text;
}

TEST(ConformCommand, WorksInOneProcess) {
  const Ended ended = run(broken("none") + " --in-process --only 'report/'");
  EXPECT_EQ(ended.code, 0) << ended.text;
  EXPECT_TRUE(holds(ended.text, "3 passed\n")) << ended.text;
}

TEST(ConformCommand, TakesSurroundingsFromARecipe) {
  const std::string recipe =
      std::string(IMBREX_SOURCE_DIR) + "/configs/recipes/tinyyolov4-clsa-cim.toml";
  const Ended unused = run(broken("none") + " --only 'report/says' --recipe " + recipe);
  EXPECT_EQ(unused.code, 2) << unused.text;
  EXPECT_TRUE(holds(unused.text,
                    "tinyyolov4-clsa-cim.toml' uses no component that is examined; name one that "
                    "uses broken.report.shows"))
      << unused.text;
  // Of two components one: the other was asked nothing, which is no pass.
  const test::TemporaryFolder folder;
  const std::string one = (folder.path() / "one.toml").string();
  std::ofstream(one) << "extends = \"" << recipe
                     << "\"\nreport = [{ use = \"broken.report.none\" }]\n";
  const std::string only = " --only 'report.(none|divides): report/' --recipe ";
  const Ended used = run(broken("reporters") + only + one);
  EXPECT_EQ(used.code, 0) << used.text;
  EXPECT_TRUE(holds(used.text, "3 passed, 1 warned, 2 skipped\n")) << used.text;
  EXPECT_TRUE(holds(used.text,
                    "hardly anything of broken.report.divides was asked: give a recipe that uses "
                    "it with --recipe\n             the recipe 'tinyyolov4-clsa-cim' does not use"))
      << used.text;
}

// The chip that a cost model needs may lie in another library, and behind many others.
TEST(ConformCommand, LooksForSurroundingsInEveryLibrary) {
  const std::string only = " --only 'cost.picky: cost/demands'";
  const Ended alone = run(broken("picky-cost") + only);
  EXPECT_EQ(alone.code, 0) << alone.text;
  EXPECT_TRUE(holds(alone.text, "hardly anything of broken.cost.picky was asked")) << alone.text;
  EXPECT_TRUE(holds(alone.text, "1 warned\n")) << alone.text;
  for (const auto& [first, second] :
       {std::pair("picky-cost", "picky-chip"), std::pair("picky-chip", "picky-cost")}) {
    const Ended both = run(broken(first) + " " + broken(second) + only);
    EXPECT_EQ(both.code, 0) << both.text;
    EXPECT_TRUE(holds(both.text, "\n1 passed\n")) << both.text;
  }
}

// The units are the reason, not what else is decided.
TEST(ConformCommand, SaysByHowMuchAChipIsOverfilled) {
  const Ended ended = run(broken("deciders") + " --only 'overfills: decision/designs'");
  EXPECT_EQ(ended.code, 1) << ended.text;
  EXPECT_TRUE(
      holds(ended.text, "was given a design that fits the chip, and left one that does not"))
      << ended.text;
  EXPECT_TRUE(holds(ended.text, " too few; largest: ")) << ended.text;
}

}  // namespace
}  // namespace imbrex::conform
