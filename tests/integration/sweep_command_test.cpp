// `imbrex sweep` and `imbrex compare` as somebody calls them.
#include "spawned_command.hpp"
#include "sweep_fixture.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <random>
#include <thread>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sqlite3.h>

namespace imbrex::test {
namespace {

namespace fs = std::filesystem;

TEST_F(SweepCommand, PrintsARowPerPoint) {
  const CommandResult result = sweep("--set architecture.extra_pes=0..32:16 --out x");
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out,
            "extra_pes   latency_ps  throughput_per_s  utilisation  speedup\n"
            "0          62771800000           16.5099    0.0414613   2.5216\n"
            "16         10792600000           114.469     0.212137  14.6661\n"
            "32          7152600000           196.232     0.285722  22.1298\n");
  EXPECT_EQ(result.err,
            "imbrex: 3 points, 3 different runs: 0 kept, 3 new\nimbrex: experiment in x\n");
  for (const char* const name : {"points.csv", "experiment.json", "experiment.sqlite",
                                 "experiment.html", "tables.md", "frozen.json"}) {
    EXPECT_TRUE(fs::exists(folder() / "x" / name)) << name;
  }
}

TEST_F(SweepCommand, GivesTheSameBytesWithAnyNumberOfWorkers) {
  const std::string axes =
      "--set architecture.extra_pes=0..32:4 --set stage.2.granularity=row,pixel --quiet ";
  for (const char* const workers : {"1", "2", "4"}) {
    ASSERT_EQ(sweep(axes + "--out x" + workers + " -j" + workers).code, 0);
    for (const char* const name :
         {"points.csv", "experiment.json", "experiment.html", "tables.md", "frozen.json"}) {
      EXPECT_EQ(text(std::string("x") + workers + "/" + name), text(std::string("x1/") + name));
    }
  }
}

TEST_F(SweepCommand, RunsOnlyWhatIsNew) {
  ASSERT_EQ(sweep("--set architecture.extra_pes=0,8 --out x --quiet").code, 0);
  const auto before = points("x");
  const CommandResult dry = sweep("--set architecture.extra_pes=0,8,16 --out x --dry-run");
  EXPECT_EQ(dry.out,
            "3 points, 3 different runs: 2 kept, 1 new\n  extra_pes=0: kept\n  extra_pes=8: kept\n"
            "  extra_pes=16: new\n");
  EXPECT_EQ(points("x"), before);
  ASSERT_EQ(sweep("--set architecture.extra_pes=0,8,16 --out x --quiet").code, 0);
  const auto after = points("x");
  EXPECT_EQ(after.size(), 3U);
  for (const auto& [name, state] : before) {
    EXPECT_EQ(after.at(name), state) << "a finished point ran again";
  }
}

// The whole group is interrupted, as from a terminal.
TEST_F(SweepCommand, AnInterruptIsNoCrashOfAPoint) {
  write("interrupt.sh",
        std::string("setsid '" IMBREX_COMMAND "' sweep '") + kSweptRecipe +
            "' --set architecture.extra_pes=0..2000 --out x -j2 --format csv >out &\n"
            "while [ -z \"$(ls x/points 2>/dev/null)\" ]; do sleep 0.02; done\n"
            "kill -INT -$!\nwait $!\n");
  const int status =
      std::system(("cd '" + folder().string() + "' && sh interrupt.sh 2>err").c_str());
  EXPECT_EQ(WEXITSTATUS(status), 130) << text("err");
  const std::string out = text("out");
  EXPECT_EQ(out.find("crashed"), std::string::npos);
  EXPECT_NE(out.find("not run"), std::string::npos) << text("err");
  EXPECT_NE(out.find(",done,latency_ps,"), std::string::npos) << text("err");
}

class KilledSweep : public SweepCommand {
 protected:
  using Points = std::map<std::string, std::pair<ino_t, fs::file_time_type>>;

  CommandResult whole(const std::string& out) const {
    return sweep("--set architecture.extra_pes=0..59 --quiet -j2 --out " + out);
  }
  void start_and_kill(std::chrono::nanoseconds after) const {
    SpawnedCommand command(folder(),
                           {IMBREX_COMMAND, "sweep", kSweptRecipe, "--set",
                            "architecture.extra_pes=0..59", "--quiet", "-j2", "--out", "x"},
                           {});
    std::this_thread::sleep_for(after);
    command.send(SIGKILL);
    command.exit_code();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));  // its workers die with it
  }
  static std::size_t lost(const Points& before, const Points& after) {
    return static_cast<std::size_t>(
        std::count_if(before.begin(), before.end(), [&](const auto& point) {
          const auto at = after.find(point.first);
          return at == after.end() || at->second != point.second;
        }));
  }
  std::string asked(const std::string& question) const {
    sqlite3* database = nullptr;
    EXPECT_EQ(sqlite3_open((folder() / "x/experiment.sqlite").c_str(), &database), SQLITE_OK);
    std::string answer;
    const auto keep = [](void* into, int, char** values, char**) {
      *static_cast<std::string*>(into) += values[0];
      return 0;
    };
    sqlite3_exec(database, question.c_str(), keep, &answer, nullptr);
    sqlite3_close(database);
    return answer;
  }
};

TEST_F(KilledSweep, LosesNothingAndRunsNothingTwice) {
  const auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(whole("whole").code, 0);
  const auto duration = std::chrono::steady_clock::now() - start;
  std::mt19937 random(7);
  Points kept;
  for (int round = 0; round < 20; ++round) {
    start_and_kill(duration * (random() % 1000) / 1500);
    if (fs::exists(folder() / "x" / "points")) {
      Points now = points("x");
      EXPECT_EQ(lost(kept, now), 0U) << "finished points that vanished or ran again";
      kept = std::move(now);
    }
  }
  EXPECT_GT(kept.size(), 0U);
  ASSERT_EQ(whole("x").code, 0);
  EXPECT_EQ(lost(kept, points("x")), 0U);
  EXPECT_EQ(text("x/points.csv"), text("whole/points.csv"));
  EXPECT_EQ(asked("PRAGMA integrity_check; SELECT ' ' || count(*) FROM point"), "ok 60");
}

TEST_F(SweepCommand, InfeasiblePointsAreRowsWithTheReason) {
  const std::string words =
      "sweep '" IMBREX_SOURCE_DIR
      "/configs/recipes/resnet18-compass.toml' --set architecture.preset=none "
      "--set stage.1.use=imbrex.partition.greedy --set architecture.cores=1,16 "
      "--set architecture.crossbars_per_core=";
  const CommandResult result = imbrex(words + "9 --out x");
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_NE(result.out.find("\n1      infeasible           -"), std::string::npos) << result.out;
  EXPECT_NE(result.err.find("cores=1: infeasible: "), std::string::npos) << result.err;
  EXPECT_NE(imbrex(words + "9 --out x -n").out.find("2 kept"), std::string::npos)
      << "that no design fits is as final as a number";
  EXPECT_EQ(imbrex(words + "1 --out y").code, 3) << "nothing fits anywhere";
}

// A limit that such a network cannot keep: the point is a row, and it runs again when there is
// time.
TEST_F(SweepCommand, PointsThatTakeTooLongRunAgain) {
  const std::string axis =
      "--set architecture.extra_pes=0,8 --set stage.2.granularity=pixel --out x --set "
      "workload.file='" IMBREX_SOURCE_DIR "/configs/workloads/resnet152.toml' ";
  const CommandResult result = sweep(axis + "--time-limit 0.02");
  EXPECT_EQ(result.code, 1);
  EXPECT_NE(result.out.find("timed out"), std::string::npos) << result.out;
  EXPECT_NE(result.err.find("took more than 0.02 s"), std::string::npos) << result.err;
  const CommandResult again = sweep(axis);
  EXPECT_EQ(again.code, 0);
  EXPECT_NE(again.err.find("2 again (the last run took too long)"), std::string::npos) << again.err;
}

TEST_F(SweepCommand, PartsMakeAWhole) {
  const std::string axis = "--set architecture.extra_pes=0..9 ";
  ASSERT_EQ(sweep(axis + "--out whole --quiet").code, 0);
  const CommandResult commands =
      sweep(axis + "--out x --engine commands --runs-per-task 4 --quiet");
  ASSERT_EQ(commands.code, 0);
  EXPECT_EQ(imbrex("sweep x --collect --quiet").code, 130) << "nothing has run yet";
  write("commands", commands.out);
  ASSERT_EQ(std::system(("sh '" + (folder() / "commands").string() + "'").c_str()), 0);
  ASSERT_EQ(imbrex("sweep x --collect --quiet").code, 0);
  for (const char* const name :
       {"points.csv", "experiment.json", "experiment.html", "tables.md", "frozen.json"}) {
    EXPECT_EQ(text(std::string("x/") + name), text(std::string("whole/") + name)) << name;
  }
  EXPECT_EQ(imbrex("sweep x --set seed=3").code, 2);
}

// As a task on another machine finds it: the experiment and the scheduler's own files, no point
// yet.
TEST_F(SweepCommand, APartMayBeTheFirstThatComesToAFrozenExperiment) {
  ASSERT_EQ(sweep("--set architecture.extra_pes=0..9 --out whole --quiet").code, 0);
  fs::create_directories(folder() / "x/logs");
  write("x/frozen.json", text("whole/frozen.json"));
  write("x/runs.sh", "#!/bin/sh");
  for (const char* const part : {"3/3", "1/3", "2/3"}) {
    const CommandResult result = imbrex(std::string("sweep x --quiet --chunk ") + part);
    EXPECT_EQ(result.code, 0) << part << result.err;
  }
  ASSERT_EQ(imbrex("sweep x --collect --quiet").code, 0);
  EXPECT_EQ(text("x/points.csv"), text("whole/points.csv"));
}

TEST_F(SweepCommand, AFrozenExperimentThatWasTamperedWithIsRefused) {
  ASSERT_EQ(sweep("--set architecture.extra_pes=0,8 --out x --quiet").code, 0);
  const std::string frozen = text("x/frozen.json");
  std::string other = frozen;
  const std::size_t at = other.find("extra_pes = 8");
  ASSERT_NE(at, std::string::npos);
  other.replace(at, 13, "extra_pes = 9");
  write("x/frozen.json", other);
  const CommandResult result = imbrex("sweep x");
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.err.find("is not what it was when the experiment was frozen"), std::string::npos)
      << result.err;
  for (std::size_t length = 1; length < frozen.size(); length += frozen.size() / 13) {
    write("x/frozen.json", frozen.substr(0, length));
    EXPECT_EQ(imbrex("sweep x").code, 2) << length;
  }
}

// Numbers that another imbrex left are not shown as if this one had made them.
TEST_F(SweepCommand, OldNumbersAreInNoTable) {
  ASSERT_EQ(sweep("--set architecture.extra_pes=0,8 --out x --quiet").code, 0);
  for (const auto& [name, state] : points("x")) {
    std::string record = text("x/points/" + name);
    const std::string key = "\"imbrex_sha256\": \"";
    record[record.find(key) + key.size()] = 'x';
    write("x/points/" + name, record);
  }
  const CommandResult collected = imbrex("sweep x --collect");
  EXPECT_EQ(collected.code, 130);
  EXPECT_NE(collected.err.find("2 again (imbrex has changed)"), std::string::npos) << collected.err;
  EXPECT_NE(collected.out.find("not run"), std::string::npos) << collected.out;
  EXPECT_EQ(collected.out.find("62771800000"), std::string::npos) << collected.out;
}

TEST_F(SweepCommand, IsListedAndCleanedAwayLikeOtherResults) {
  ASSERT_EQ(sweep("--set architecture.extra_pes=0,8 --out results/x --quiet").code, 0);
  const CommandResult log = imbrex("log");
  EXPECT_NE(log.out.find("results/x"), std::string::npos) << log.out;
  EXPECT_NE(log.out.find("2 of 2 points"), std::string::npos) << log.out;
  const auto json = nlohmann::json::parse(imbrex("log --json").out);
  EXPECT_EQ(json["results"][0]["points_ended"], 2) << json;
  EXPECT_EQ(imbrex("gc --older 1d").code, 0);
  EXPECT_TRUE(fs::exists(folder() / "results/x"));
  write("results/x/environment.json", "{\"date_utc\": \"2020-01-01T00:00:00Z\"}");
  EXPECT_EQ(imbrex("gc --older 1d").code, 0);
  EXPECT_FALSE(fs::exists(folder() / "results/x"));
}

}  // namespace
}  // namespace imbrex::test
