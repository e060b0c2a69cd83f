// `imbrex run`: exit codes, what is left on disk, replay, threads, interruption.
#include "command_fixture.hpp"
#include "folder_names.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex {
namespace {

namespace fs = std::filesystem;

class CommandRun : public test::CommandFixture {
 protected:
  void write_good_recipe() const {
    write("recipe.toml",
          chain_recipe(12, stage("test.search.scorer") + stage("imbrex.overlap.clsa-cim"),
                       layer_by_layer_baseline()));
  }
};

TEST_F(CommandRun, LeavesACompleteFolder) {
  write_good_recipe();
  const auto result = run_recipe("--out r");
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_NE(result.out.find("makespan"), std::string::npos) << "the terminal report is the default";
  EXPECT_EQ(test::names_in(folder() / "r"),
            (std::set<std::string>{"environment.json", "lock.json", "plan.toml", "result.json",
                                   "timeline.csv"}));
  EXPECT_EQ(test::names_in(folder()), (std::set<std::string>{"recipe.toml", "r"}));
}

TEST_F(CommandRun, KeepsQuietWhenAsked) {
  write_good_recipe();
  const auto result = run_recipe("--out r --quiet");
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(result.out + result.err, "");
}

TEST_F(CommandRun, RefusesWhatWouldTakeMoreMemoryThanItMay) {
  write_good_recipe();
  const auto result = run_recipe("--out r --max-memory 100");
  EXPECT_EQ(result.code, 2) << result.err;
  EXPECT_NE(result.err.find("raise --max-memory"), std::string::npos) << result.err;
  EXPECT_EQ(test::names_in(folder()), (std::set<std::string>{"recipe.toml"}));
  for (const char* size : {"0", "-1", "1X", "many"}) {
    EXPECT_EQ(run_recipe(std::string("--out r --max-memory ") + size).code, 2) << size;
  }
  EXPECT_EQ(run_recipe("--out r --max-memory 1G").code, 0);
}

TEST_F(CommandRun, NamesTheFolderAfterThePlan) {
  write_good_recipe();
  EXPECT_EQ(run_recipe("").code, 0);
  const auto found = test::names_in(folder() / "results");
  ASSERT_EQ(found.size(), 1u);
  const auto json =
      nlohmann::json::parse(read(folder() / "results" / *found.begin() / "result.json"));
  EXPECT_EQ(*found.begin(), "chain-" + json["plan_sha256"].get<std::string>().substr(0, 8));
}

TEST_F(CommandRun, SameBytesAtAnyThreadCountAndFromItsOwnPlan) {
  write_good_recipe();
  for (const char* threads : {"1", "2", "4"}) {
    ASSERT_EQ(run_recipe(std::string("--threads ") + threads + " --out t" + threads).code, 0);
  }
  const std::string expected = read(folder() / "t1" / "result.json");
  EXPECT_EQ(read(folder() / "t2" / "result.json"), expected);
  EXPECT_EQ(read(folder() / "t4" / "result.json"), expected);
  ASSERT_EQ(imbrex("run t1/plan.toml --out replay" + with_tests()).code, 0);
  EXPECT_EQ(read(folder() / "replay" / "result.json"), expected);
  ASSERT_EQ(imbrex("run replay --out again" + with_tests()).code, 0) << "a folder is its plan";
  EXPECT_EQ(read(folder() / "again" / "result.json"), expected);
  EXPECT_EQ(read(folder() / "again" / "plan.toml"), read(folder() / "t1" / "plan.toml"));
}

TEST_F(CommandRun, KeepsTimeAndPlaceOutOfResults) {
  write_good_recipe();
  ASSERT_EQ(run_recipe("--out r --threads 2").code, 0);
  const auto environment = nlohmann::json::parse(read(folder() / "r" / "environment.json"));
  EXPECT_EQ(environment["threads"], 2);
  EXPECT_GE(environment["duration_s"].get<double>(), 0);
  EXPECT_EQ(read(folder() / "r" / "result.json").find(folder().string()), std::string::npos);
}

// The result of another run is never lost; the same run would only write it again.
TEST_F(CommandRun, RefusesOtherExistingResultsWithoutForce) {
  write_good_recipe();
  ASSERT_EQ(run_recipe("--out r").code, 0);
  write("r/mine.txt", "notes");
  const auto refused = run_recipe("--out r --set seed=6");
  EXPECT_EQ(refused.code, 2);
  EXPECT_NE(refused.err.find("'r' exists: its plan.toml has 'seed = 5' in line 3, the plan of this "
                             "run 'seed = 6'; give --force"),
            std::string::npos)
      << refused.err;
  EXPECT_TRUE(fs::exists(folder() / "r" / "mine.txt"));
  EXPECT_EQ(run_recipe("--out r --force").code, 0);
  EXPECT_FALSE(fs::exists(folder() / "r" / "mine.txt"));
  EXPECT_EQ(test::names_in(folder()), (std::set<std::string>{"recipe.toml", "r"}));
}

TEST_F(CommandRun, AppliesOverridesOnePerOption) {
  write_good_recipe();
  const auto result =
      imbrex("run --set seed=6 --set stage.1.candidates=3 recipe.toml --out r" + with_tests());
  EXPECT_EQ(result.code, 0) << result.err;
  const auto json = nlohmann::json::parse(read(folder() / "r" / "result.json"));
  EXPECT_EQ(json["seed"], 6);
  EXPECT_EQ(json["stages"][0]["statistics"]["evaluations"], 3);
}

TEST_F(CommandRun, WritesNothingForABadRecipe) {
  write("recipe.toml", chain_recipe(0, stage("imbrex.overlap.clsa-cim", "granulrity = \"row\"\n")));
  const auto result = run_recipe("--out r");
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.err.find("did you mean 'granularity'"), std::string::npos) << result.err;
  EXPECT_EQ(result.err.find("imbrex: error"), std::string::npos) << "one prefix is enough";
  EXPECT_EQ(test::names_in(folder()), (std::set<std::string>{"recipe.toml"}));
}

TEST_F(CommandRun, TellsProgramsWhichReaderRefusedWhichFile) {
  const auto network = write("bad.toml", "imbrex_workload = 1\nlayers = 7\n");
  std::string recipe = chain_recipe(0, stage("imbrex.overlap.clsa-cim"));
  const std::string reader = "test.workload.chain";
  recipe.replace(recipe.find("\"" + reader), reader.size() + 2,
                 "\"imbrex.workload.toml\"\nfile = \"bad.toml\"");
  write("recipe.toml", recipe);
  const auto result = run_recipe("--out r --message-format json");
  EXPECT_EQ(result.code, 2);
  std::istringstream lines(result.err);
  int told = 0;
  for (std::string line; std::getline(lines, line); ++told) {
    const auto json = nlohmann::json::parse(line);
    EXPECT_EQ(json["component"], "imbrex.workload.toml") << line;
    EXPECT_EQ(json["where"], "workload (imbrex.workload.toml)") << line;
    EXPECT_EQ(json["file"], network.string()) << line;
    EXPECT_GT(json["line"], 0) << line;
  }
  EXPECT_EQ(told, 2) << result.err;  // no 'input', and a key that nobody knows
}

TEST_F(CommandRun, Returns3AndLeavesNothingWhenInfeasible) {
  write("recipe.toml",
        chain_recipe(0, stage("test.partition.copies") + stage("imbrex.overlap.clsa-cim")));
  const auto result = run_recipe("--out r");
  EXPECT_EQ(result.code, 3);
  EXPECT_NE(result.err.find("needs 8 PEs, the chip has 7: 1 too few"), std::string::npos)
      << result.err;
  EXPECT_EQ(test::names_in(folder()), (std::set<std::string>{"recipe.toml"}));
}

TEST_F(CommandRun, LeavesAReproducerWhenAPluginFails) {
  write("recipe.toml",
        chain_recipe(0, stage("test.partition.thrower") + stage("imbrex.overlap.clsa-cim")));
  const auto result = run_recipe("--out r");
  EXPECT_EQ(result.code, 1);
  const std::size_t at = result.err.find("reproducer written to repro-");
  ASSERT_NE(at, std::string::npos) << result.err;
  EXPECT_FALSE(fs::exists(folder() / "r"));
  const std::string repro = result.err.substr(result.err.find("repro-", at), 14);
  EXPECT_NE(read(folder() / repro / "message.txt").find("index 7"), std::string::npos);
  const auto again = imbrex("run " + repro + " --out r" + with_tests());
  EXPECT_EQ(again.code, 1);
  EXPECT_NE(again.err.find("index 7"), std::string::npos);
}

TEST_F(CommandRun, LeavesNothingWhenAReportFails) {
  write("recipe.toml", chain_recipe(0, stage("imbrex.overlap.clsa-cim"),
                                    "[[report]]\nuse = \"test.report.collider\"\n"));
  const auto result = run_recipe("--out r");
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.err.find("already written"), std::string::npos) << result.err;
  EXPECT_EQ(test::names_in(folder()), (std::set<std::string>{"recipe.toml"}));
}

TEST_F(CommandRun, WritesTheTablesOfTheCsvReport) {
  write("recipe.toml", chain_recipe(0, stage("imbrex.overlap.clsa-cim"),
                                    "[[report]]\nuse = \"imbrex.report.csv\"\n"));
  ASSERT_EQ(run_recipe("--out r").code, 0);
  // A has 144 x 64 weights on a crossbar of 256 x 256, B 576 x 300 on six. Crossbars access
  // nothing.
  EXPECT_EQ(
      read(folder() / "r" / "operators.csv"),
      "operator,kind,units_per_copy,copies,units,dealing,idle_copies,start_ps,end_ps,busy_ps,"
      "longest_server_ps,servers,jobs,mac_utilisation,bound_by\n"
      "A,convolution,1,1,1,round-robin,0,0,22400000,22400000,22400000,1,4,0.140625,\n"
      "B,convolution,6,1,6,round-robin,0,11200000,33600000,22400000,22400000,1,4,0.439453125,\n");
  const std::string metrics = read(folder() / "r" / "metrics.csv");
  EXPECT_TRUE(metrics.starts_with("metric,value,baseline\nlatency_ps,33600000,\n")) << metrics;
  EXPECT_NE(metrics.find("\nstage.1.sets,"), std::string::npos) << metrics;
  EXPECT_EQ(read(folder() / "r" / "accesses.csv"),
            "operator,level,tensor,word_bits,tile_words,read_words,written_words\n");
  EXPECT_TRUE(read(folder() / "r" / "edges.csv")
                  .starts_with("producer,consumer,total_bytes,peak_live_bytes\nA,B,1024,"));
}

// As sdk/docs/report.md says it; TinyYOLOv4 row by row.
TEST_F(CommandRun, WritesTheSamePageAtAnyNumberOfThreads) {
  const std::string run = "run " IMBREX_SOURCE_DIR
                          "/configs/recipes/tinyyolov4-clsa-cim.toml "
                          "--set 'report=[{ use = \"imbrex.report.html\" }]' ";
  ASSERT_EQ(imbrex(run + "--threads 1 --out one").code, 0);
  ASSERT_EQ(imbrex(run + "--threads 4 --out four").code, 0);
  const std::string page = read(folder() / "one" / "report.html");
  EXPECT_EQ(page, read(folder() / "four" / "report.html"));
  EXPECT_LT(page.size(), 300'000U);
  EXPECT_NE(page.find("\"gantt\":{\"jobs\":1157,\"rectangles\":1157,"), std::string::npos);
}

TEST_F(CommandRun, KeepsAndMarksPartialResultsWhenInterrupted) {
  write("recipe.toml", chain_recipe(1, stage("test.search.sleeper",
                                             "marker = \"" + (folder() / "marker").string() +
                                                 "\"\nscore_first = true\n") +
                                           stage("imbrex.overlap.clsa-cim")));
  for (const std::string signal : {"INT", "TERM", "HUP"}) {
    fs::remove(folder() / "marker");
    // The command runs in the background of a shell that interrupts it once the stage sleeps. `set
    // -m` because background jobs of a plain shell ignore SIGINT.
    write("interrupt.sh", "set -m\n'" IMBREX_COMMAND
                          "' run recipe.toml --plugin '" IMBREX_TEST_COMPONENTS "' --out " +
                              signal +
                              " &\npid=$!\n"
                              "for i in $(seq 500); do [ -e marker ] && break; sleep 0.02; done\n"
                              "kill -" +
                              signal + " $pid\nwait $pid\nexit $?\n");
    const int status =
        std::system(("cd '" + folder().string() + "' && bash interrupt.sh >log 2>&1").c_str());
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 130) << read(folder() / "log");
    const auto json = nlohmann::json::parse(read(folder() / signal / "result.json"));
    EXPECT_EQ(json["partial"], true);
    EXPECT_EQ(json["metrics"]["latency_ps"], 20 * 1'400'000);
  }
}

TEST_F(CommandRun, SecondInterruptEndsAPluginThatNeverAsks) {
  write("recipe.toml", chain_recipe(1, stage("test.search.sleeper",
                                             "marker = \"" + (folder() / "marker").string() +
                                                 "\"\ndeaf = true\n") +
                                           stage("imbrex.overlap.clsa-cim")));
  write("interrupt.sh",
        "set -m\n'" IMBREX_COMMAND "' run recipe.toml --plugin '" IMBREX_TEST_COMPONENTS
        "' --out r &\npid=$!\n"
        "for i in $(seq 500); do [ -e marker ] && break; sleep 0.02; done\n"
        "kill -INT $pid; sleep 0.2\n"
        "kill -0 $pid && echo alive >after-first\n"
        "kill -INT $pid\nwait $pid\nexit $?\n");
  const int status =
      std::system(("cd '" + folder().string() + "' && bash interrupt.sh >log 2>&1").c_str());
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 130) << read(folder() / "log");
  EXPECT_EQ(test::names_in(folder()),
            (std::set<std::string>{"after-first", "interrupt.sh", "log", "marker", "recipe.toml"}))
      << "the first was only a request, and nothing half-written stays";
}

}  // namespace
}  // namespace imbrex
