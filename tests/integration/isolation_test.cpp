// `--isolate`: the same bytes as without it, and a stage that ends its process takes nobody with
// it: what the stages before it found is kept.
#include "faults_fixture.hpp"
#include "spawned_command.hpp"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex::test {
namespace {

namespace fs = std::filesystem;

class Isolation : public FaultsFixture {
 protected:
  void SetUp() override {
    FaultsFixture::SetUp();
    if (std::string_view(IMBREX_ABI_TAG_SANITIZER) == "tsan") {
      GTEST_SKIP() << "the thread sanitizer knows no threads in a fork of a process with threads";
    }
  }

  // A partitioner that leaves two copies, then the fault.
  void write_fault(const std::string& what) const {
    write("recipe.toml",
          recipe_of(stage("test.partition.copies") + fault("test.search.fault", what) + clsa()));
  }
  // The kept result is what the recipe finds without the stage.
  void expect_kept(const CommandResult& result) const {
    EXPECT_EQ(result.code, 1) << result.err;
    expect_said(result, "r-partial, marked as partial");
    const auto kept = nlohmann::json::parse(read(folder() / "r-partial" / "result.json"));
    EXPECT_FALSE(exists("r"));
    EXPECT_EQ(kept["partial"], true);
    EXPECT_EQ(kept["operators"][0]["copies"], 2);
    write("recipe.toml", recipe_of(stage("test.partition.copies") + clsa()));
    ASSERT_EQ(run("--out without").code, 0);
    const auto without = nlohmann::json::parse(read(folder() / "without" / "result.json"));
    EXPECT_EQ(kept["metrics"], without["metrics"]);
    fs::remove_all(folder() / "without");
    fs::remove_all(folder() / "r-partial");
  }
};

TEST_F(Isolation, KeepsWhatEarlierStagesFound) {
  struct Ending {
    std::string what;
    std::string words;
    bool is_signal = false;
  };
  for (const auto& [what, words, is_signal] :
       std::vector<Ending>{{"segmentation-fault", "crashed in search", true},
                           {"stack-overflow", "its stack is used up", true},
                           {"crashing-chunk", "crashed in search", true},
                           {"terminate", "std::terminate was called"},
                           {"exit", "called exit in search"},
                           {"leave", "ended its process with exit code 0"},
                           {"bad-alloc", "ran out of memory in search"}}) {
    if (is_signal && !reports_signals()) {
      continue;
    }
    for (const std::string threads : {"1", "4"}) {
      SCOPED_TRACE(what + " with " + threads);
      write_fault(what);
      const CommandResult result = run("--isolate --out r --threads " + threads);
      expect_said(result, "stage 2 (test.search.fault)");
      expect_said(result, words);
      expect_kept(result);
    }
  }
}

TEST_F(Isolation, EndsAStageThatTakesTooLong) {
  write_fault("endless-loop");
  const CommandResult result = run("--isolate --isolate-seconds 0.5 --out r");
  expect_said(result,
              "stage 2 (test.search.fault): was still at work in search: it may take 0.5 s");
  expect_kept(result);
}

TEST_F(Isolation, EndsAStageThatTakesTooMuchMemory) {
  if (!reports_signals()) {
    GTEST_SKIP() << "a sanitizer takes memory of its own";
  }
  write_fault("memory");
  const CommandResult result = run("--isolate=test.search.fault --isolate-memory 200M --out r");
  expect_said(result, "stage 2 (test.search.fault): ran out of memory in search; --isolate-memory");
  expect_kept(result);
}

TEST_F(Isolation, OfACostModelIsThatOfTheStagesThatAskIt) {
  write("recipe.toml", recipe_with_cost("exit"));
  const CommandResult result = run("--isolate --out r");
  EXPECT_EQ(result.code, 1);
  expect_said(result, "cost (test.cost.fault): called exit in job_clock, during stage 1");
  EXPECT_FALSE(exists("r") || exists("r-partial"));  // no stage was there before it
}

TEST_F(Isolation, PassesErrorsOnAsTheyAre) {
  write("recipe.toml", recipe_of(stage("test.partition.copies", "copies = 1000\n") + clsa()));
  const CommandResult isolated = run("--isolate=all --out r");
  const CommandResult plain = run("--out r");
  EXPECT_EQ(plain.code, 3);
  EXPECT_EQ(isolated.code, plain.code);
  EXPECT_EQ(isolated.err, plain.err);
}

// One signal to the command alone: the stage stops and what it scored is kept.
TEST_F(Isolation, PassesAnInterruptOn) {
  write("recipe.toml", chain_recipe(1, stage("test.search.sleeper",
                                             "marker = \"" + (folder() / "marker").string() +
                                                 "\"\nscore_first = true\n") +
                                           clsa()));
  SpawnedCommand command(folder(),
                         {IMBREX_COMMAND, "run", "recipe.toml", "--out", "r", "--isolate=all",
                          "--plugin", IMBREX_TEST_COMPONENTS},
                         {});
  for (int i = 0; i < 1500 && !exists("marker"); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ASSERT_TRUE(exists("marker"));
  command.send(SIGTERM);
  EXPECT_EQ(command.exit_code(), 130);
  const auto kept = nlohmann::json::parse(read(folder() / "r" / "result.json"));
  EXPECT_EQ(kept["partial"], true);
  EXPECT_EQ(kept["operators"][0]["copies"], 2);
}

TEST_F(Isolation, RefusesWhatItDoesNotKnow) {
  write("recipe.toml", recipe_of(clsa()));
  const CommandResult unknown = run("--isolate=imbrex.overlap.clsa --out r");
  EXPECT_EQ(unknown.code, 2);
  expect_said(unknown, "did you mean 'imbrex.overlap.clsa-cim'");
  const CommandResult limits = run("--isolate-seconds 3 --out r");
  EXPECT_EQ(limits.code, 2);
  EXPECT_FALSE(exists("r"));
}

// Every shipped recipe, every kind of stage, with one and with several threads.
TEST_F(Isolation, ChangesNoByteOfAnyShippedRecipe) {
  int compared = 0;
  for (const auto& entry : fs::directory_iterator(IMBREX_SOURCE_DIR "/configs/recipes")) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() != ".toml" || name == "onnx-clsa-cim") {
      continue;
    }
    SCOPED_TRACE(name);
    const std::string words = "run '" + entry.path().string() + "' --quiet --out " + name;
    const CommandResult plain = imbrex(words);
    if (plain.code != 0) {
      continue;  // a network that is not here
    }
    for (const std::string threads : {"1", "3"}) {
      const CommandResult isolated = imbrex(words + threads + " --isolate=all -j " + threads);
      ASSERT_EQ(isolated.code, 0) << isolated.err;
      EXPECT_EQ(isolated.err, plain.err);
      EXPECT_EQ(read(folder() / (name + threads) / "result.json"),
                read(folder() / name / "result.json"));
      EXPECT_EQ(read(folder() / (name + threads) / "timeline.csv"),
                read(folder() / name / "timeline.csv"));
    }
    ++compared;
  }
  EXPECT_GE(compared, 8);
}

}  // namespace
}  // namespace imbrex::test
