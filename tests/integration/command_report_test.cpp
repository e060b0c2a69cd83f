// `imbrex report`: the same reports as the run made, without the run and without touching it.
#include "base/files.hpp"
#include "command_fixture.hpp"
#include "result/stored_result.hpp"

#include <map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

class CommandReport : public test::CommandFixture {
 protected:
  void run(const std::string& words = "", const std::string& reports = "") const {
    write("recipe.toml",
          chain_recipe(
              8, stage("test.partition.copies", "copies = 2\n") + stage("imbrex.overlap.clsa-cim"),
              layer_by_layer_baseline() + reports));
    const auto result = run_recipe("--quiet --out r --force " + words);
    ASSERT_EQ(result.code, 0) << result.err;
  }
  test::CommandResult report(const std::string& words) const {
    return imbrex("report r" + with_tests() + words);
  }
  // Everything below a folder.
  std::map<std::string, std::string> files(const std::string& name) const {
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(folder() / name)) {
      if (entry.is_regular_file()) {
        all[entry.path().lexically_relative(folder() / name).string()] = read(entry.path());
      }
    }
    return all;
  }
  // Changes result.json, and lock.json with it, so that nobody can tell.
  void forge(const std::string& from, const std::string& to) const {
    std::string json = read(folder() / "r/result.json");
    const std::string before = sha256_hex(json);
    ASSERT_NE(json.find(from), std::string::npos);
    json.replace(json.find(from), from.size(), to);
    write("r/result.json", json);
    std::string lock = read(folder() / "r/lock.json");
    lock.replace(lock.find(before), before.size(), sha256_hex(json));
    write("r/lock.json", lock);
  }
};

constexpr const char* kReports =
    "[[report]]\nuse = \"imbrex.report.terminal\"\n[[report]]\nuse = \"imbrex.report.csv\"\n";

// Nobody typed --set.
TEST_F(CommandReport, TellsNobodyOfEditsThatHeDidNotType) {
  run("", "[[report]]\nuse = \"imbrex.report.csv\"\n");
  const auto same = report("--with imbrex.report.csv --out again");
  EXPECT_EQ(same.code, 0);
  EXPECT_EQ(same.err, "");
  const auto other = report("--with imbrex.report.terminal --out again");
  EXPECT_EQ(other.code, 0);
  EXPECT_EQ(other.err, "");
}

TEST_F(CommandReport, GivesWhatTheReportersOfTheRunGave) {
  run("", kReports);
  const auto before = files("r");
  const auto printed = run_recipe("--out r --force");
  const auto result = report("--out again");
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  const std::string summary = printed.out.substr(0, printed.out.find("results in"));
  EXPECT_GT(summary.size(), 500U);
  EXPECT_EQ(result.out, summary + "reports in again\n");
  const auto again = files("again");
  EXPECT_EQ(again.size(), 4U);
  for (const auto& [name, content] : again) {
    EXPECT_EQ(content, before.at(name)) << name;
  }
}

TEST_F(CommandReport, AddsReportsAndTouchesNothingElse) {
  run();
  const auto before = files("r");
  const auto result = report(
      "--quiet --with imbrex.report.csv --with test.report.talker --set "
      "test.report.talker.written_bytes=3");
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out, "");
  auto after = files("r");
  EXPECT_EQ(after.at("talk.txt"), "www");
  EXPECT_EQ(after.size(), before.size() + 5);
  for (const auto& [name, content] : before) {
    EXPECT_EQ(after.at(name), content) << name;
  }
  EXPECT_TRUE(run_recipe("--out r").out.starts_with("already there"));
}

TEST_F(CommandReport, ReplacesOtherReportsOnlyWithForce) {
  run("", "[[report]]\nuse = \"test.report.talker\"\nwritten_bytes = 5\n");
  EXPECT_EQ(report("--quiet").code, 0) << "the same bytes are there";
  const std::string longer = "--quiet --set report.1.written_bytes=7 --with test.report.talker ";
  const auto refused = report(longer);
  EXPECT_EQ(refused.code, 2);
  EXPECT_NE(refused.err.find("talk.txt' exists; give --force"), std::string::npos) << refused.err;
  EXPECT_EQ(read(folder() / "r/talk.txt"), "wwwww");
  EXPECT_EQ(report(longer + "--force").code, 0);
  EXPECT_EQ(read(folder() / "r/talk.txt"), "wwwwwww");
  const Json lock = Json::parse(read(folder() / "r/lock.json"));
  EXPECT_EQ(lock["files"]["talk.txt"], sha256_hex("wwwwwww"));
  EXPECT_TRUE(run_recipe("--out r").out.starts_with("already there")) << "the folder is whole";
}

TEST_F(CommandReport, LeavesEverythingWhenAReporterFails) {
  run();
  const auto before = files("r");
  for (const char* const words :
       {"--with imbrex.report.csv --with test.report.collider",  // writes result.json
        "--with test.report.talker --with test.report.talker",
        "--with imbrex.report.svg --set report.1.file=lock.json --force",
        "--with imbrex.report.svg --set report.1.file=a/b.svg"}) {
    EXPECT_EQ(report(words).code, 2) << words;
    EXPECT_EQ(files("r"), before) << words;
  }
}

TEST_F(CommandReport, RefusesWhatIsNoResultOfOneRun) {
  const auto refuses = [&](const std::string& words, const std::string& part) {
    const auto result = imbrex("report " + words + with_tests());
    EXPECT_EQ(result.code, 2) << words;
    EXPECT_NE(result.err.find(part), std::string::npos) << result.err;
  };
  run();
  refuses("nowhere", "nowhere");
  refuses("r --set seed=9", "only reports can be changed");
  refuses("r --with imbrex.overlap.clsa-cim", "[[report]] takes a reporter");
  refuses("r --with imbrex.report.svgs", "did you mean 'imbrex.report.svg'");
  fs::remove(folder() / "r/result.json");
  refuses("r", "no result folder (it has no result.json)");
  ASSERT_EQ(run_recipe("--quiet --seeds 2 --out study").code, 0);
  refuses("study", "a study of several seeds");
}

TEST_F(CommandReport, ReadsTheSeedsOfAStudy) {
  run();
  ASSERT_EQ(run_recipe("--quiet --seeds 2 --out study").code, 0);
  for (const auto& entry : fs::directory_iterator(folder() / "study")) {
    if (fs::exists(entry.path() / "result.json")) {
      const auto result = imbrex("report '" + entry.path().string() + "'" + with_tests() +
                                 "--quiet --with imbrex.report.csv");
      EXPECT_EQ(result.code, 0) << result.err;
      EXPECT_TRUE(fs::exists(entry.path() / "metrics.csv"));
    }
  }
}

TEST_F(CommandReport, RefusesAResultThatIsNotWhatTheRunWrote) {
  run();
  const std::string latency = R"("latency_ps": )";
  std::string json = read(folder() / "r/result.json");
  write("r/result.json", json.replace(json.find(latency), latency.size(), latency + "1"));
  const auto changed = report("");
  EXPECT_EQ(changed.code, 2);
  EXPECT_NE(changed.err.find("result.json' is not what the run wrote"), std::string::npos)
      << changed.err;
  run();
  forge(latency, latency + "1");
  const auto before = files("r");
  const auto forged = report("--with imbrex.report.csv");
  EXPECT_EQ(forged.code, 1);
  EXPECT_NE(forged.err.find("the plan runs once more"), std::string::npos) << forged.err;
  EXPECT_NE(forged.err.find("'r' cannot be made again: line "), std::string::npos) << forged.err;
  EXPECT_NE(forged.err.find(latency + "1"), std::string::npos) << "then and now: " << forged.err;
  EXPECT_EQ(files("r"), before);
}

// Other plugins may have been built since: what they find is what counts.
TEST_F(CommandReport, TakesTheResultOfPluginsThatWereBuiltAnew) {
  run();
  const Json json = Json::parse(read(folder() / "r/result.json"));
  const std::string digest = json["plugins"][0]["sha256"];
  forge(digest, std::string(64, '0'));
  EXPECT_EQ(report("--quiet --with imbrex.report.csv").code, 0);
}

// A folder of an interrupted run is what its decisions came to; its plan would come to more.
TEST_F(CommandReport, MarksTheReportOfAnInterruptedRun) {
  run();
  forge(R"("objective": "latency",)", "\"objective\": \"latency\",\n  \"partial\": true,");
  const auto result = report("");
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_NE(result.out.find("artial"), std::string::npos) << result.out;
}

TEST_F(CommandReport, MakesEveryShippedRecipeAgainFromItsDecisions) {
  int recipes = 0;
  for (const auto& entry : fs::directory_iterator(IMBREX_SOURCE_DIR "/configs/recipes")) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("onnx")) {
      continue;  // names no network of its own
    }
    ++recipes;
    const std::string out = entry.path().stem().string();
    const auto made = imbrex("run '" + entry.path().string() + "' --quiet --out " + out +
                             " --set 'report=[{use=\"imbrex.report.csv\"}]'");
    ASSERT_EQ(made.code, 0) << name << "\n" << made.err;
    const auto before = files(out);
    const auto result = imbrex("report " + out + " --out " + out + ".again");
    EXPECT_EQ(result.code, 0) << name << "\n" << result.err;
    EXPECT_EQ(result.err, "") << name << ": it ran once more";
    for (const auto& [file, content] : files(out + ".again")) {
      EXPECT_EQ(content, before.at(file)) << name << "/" << file;
    }
    EXPECT_EQ(files(out), before) << name;
  }
  EXPECT_GE(recipes, 10);
}

TEST_F(CommandReport, ReplacesWhateverDecidesByWhatWasDecided) {
  run();
  const auto stored = result::read_stored_result(folder() / "r");
  plugin::PluginSearchPath path;
  path.files = {IMBREX_TEST_COMPONENTS};
  path.defaults = {IMBREX_PLUGIN_DIR};
  const plugin::Registry registry(path);
  const auto plan = recipe::resolve({folder() / "r/plan.toml", {}}, registry);
  const auto decided = result::plan_of_decisions(plan, stored, registry,
                                                 {"imbrex.partition.given", "imbrex.search.given"});
  ASSERT_TRUE(decided);
  std::string stages;
  for (const auto& stage : decided->stages) {
    stages += std::string(stage.id()) + " ";
  }
  EXPECT_EQ(stages, "imbrex.partition.given imbrex.search.given imbrex.overlap.clsa-cim ");
  EXPECT_FALSE(decided->baseline);
  EXPECT_FALSE(result::plan_of_decisions(plan, stored, registry,
                                         {"nobody.partition.given", "imbrex.search.given"}));
  EXPECT_FALSE(result::plan_of_decisions(plan, stored, registry,
                                         {"imbrex.partition.given", "imbrex.partition.given"}));
}

}  // namespace
}  // namespace imbrex
