// `imbrex sweep` and `imbrex compare` as somebody calls them.
#include "command_fixture.hpp"
#include "spawned_command.hpp"

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

constexpr const char* kRecipe = IMBREX_SOURCE_DIR "/configs/recipes/tinyyolov4-clsa-cim.toml";

class SweepCommand : public CommandFixture {
 protected:
  CommandResult sweep(const std::string& words) const {
    return imbrex(std::string("sweep ") + kRecipe + " " + words);
  }
  std::string text(const std::string& name) const { return read(folder() / name); }
  std::map<std::string, std::pair<ino_t, fs::file_time_type>> points(const std::string& of) const {
    std::map<std::string, std::pair<ino_t, fs::file_time_type>> out;
    for (const auto& entry : fs::directory_iterator(folder() / of / "points")) {
      if (entry.path().extension() == ".json") {
        struct stat status {};
        ::stat(entry.path().c_str(), &status);
        out[entry.path().filename()] = {status.st_ino, entry.last_write_time()};
      }
    }
    return out;
  }
  void write_experiment(const std::string& rest) const {
    write("e.toml", std::string("experiment = 1\nrecipe = '") + kRecipe + "'\n" + rest);
  }
};

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

TEST_F(SweepCommand, PointsOfOnePlanRunOnce) {
  write_experiment(
      "[[axis]]\nname = 'a'\n[[axis.choice]]\nname = 'x'\nset = { architecture.extra_pes = 8 }\n"
      "[[axis.choice]]\nname = 'y'\nset = { architecture = { extra_pes = 8 } }\n"
      "[[axis.choice]]\nname = 'z'\nset = { architecture.extra_pes = 16 }\n");
  const CommandResult result = imbrex("sweep e.toml --out x");
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_NE(result.err.find("3 points, 2 different runs"), std::string::npos) << result.err;
  EXPECT_EQ(points("x").size(), 2U);
}

// The whole group is interrupted, as from a terminal.
TEST_F(SweepCommand, AnInterruptIsNoCrashOfAPoint) {
  write("interrupt.sh",
        std::string("setsid '" IMBREX_COMMAND "' sweep '") + kRecipe +
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
                           {IMBREX_COMMAND, "sweep", kRecipe, "--set",
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

TEST_F(SweepCommand, FilesSayWhereTheyAreWrong) {
  const auto message = [&](const std::string& rest) {
    write_experiment(rest);
    const CommandResult result = imbrex("sweep e.toml");
    EXPECT_EQ(result.code, 2) << rest;
    EXPECT_FALSE(fs::exists(folder() / "results"));
    return result.err;
  };
  const auto expect = [&](const std::string& rest, const std::string& wanted) {
    const std::string found = message(rest);
    EXPECT_NE(found.find(wanted), std::string::npos) << found;
  };
  expect("[[axis]]\nkey = 'architecture.extra_pes'\nvalues = [0, -1]\n",
         "e.toml:5:14: error: axis 'extra_pes', value '-1': 'extra_pes' = -1 is outside");
  expect("[[axis]]\nkey = 'architecture.extra_pe'\nvalues = [0, 1]\n", "extra_pes'?");
  expect("[[axis]]\nnam = 'x'\n", "e.toml:4:1: error: [[axis]] has no key 'nam'; did you mean");
  expect("seeds = 'x'\n", "e.toml:3:9: error: 'seeds' expects an integer, found a string");
  expect("[[axis]]\nkey = 'seed'\nvalues = '4..1'\n", "range '4..1' is empty");
  expect("[[axis]]\nkey = 'seed'\nvalues = [1, 1]\n", "two values called '1'");
  expect("zip = ['seed', 'other']\n[[axis]]\nkey = 'seed'\nvalues = [1]\n",
         "there is no axis 'other'");
  expect("exclude = { seed = 3 }\n[[axis]]\nkey = 'seed'\nvalues = [1, 2]\n",
         "axis 'seed' has no value '3'");
  expect(
      "[[axis]]\nkey = 'seed'\nvalues = [1, 2]\n[[axis]]\nkey = 'architecture.extra_pes'\n"
      "values = [1, 2]\n[[table]]\nvalue = 'latency_ps'\nrows = 'seed'\n",
      "a cell of this table holds 2 points");
}

TEST_F(SweepCommand, FilesSayWhatTheirTablesAreMadeOf) {
  const std::string table = "[[table]]\nvalue = 'latency_ps'\nrows = 'extra_pes'\n";
  const std::string axis = "[[axis]]\nkey = 'architecture.extra_pes'\nvalues = [1, 2]\n";
  write_experiment(axis + table);
  const CommandResult more = imbrex("sweep e.toml --set seed=1,2");
  EXPECT_EQ(more.code, 2);
  EXPECT_NE(more.err.find("an axis 'seed' more belongs into its file"), std::string::npos)
      << more.err;
  write_experiment("seeds = 2\n" + axis + table + "where = { seed = 42 }\n");
  EXPECT_NE(imbrex("sweep e.toml").err.find("values of 'seeds' are known only with the recipe"),
            std::string::npos);
  // Zipped axes: both levels of the one that is not named fall into the cells of the other.
  write_experiment("zip = ['extra_pes', 'seed']\n" + axis +
                   "[[axis]]\nkey = 'seed'\nvalues = [1, 2]\n[[axis]]\nkey = "
                   "'stage.2.granularity'\nvalues = ['row', 'pixel']\n" +
                   table);
  const CommandResult crowded = imbrex("sweep e.toml");
  EXPECT_EQ(crowded.code, 2);
  EXPECT_NE(crowded.err.find("a cell holds several points"), std::string::npos) << crowded.err;
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

TEST_F(SweepCommand, FilesMakeTables) {
  write_experiment(
      "seeds = 2\n[[axis]]\nname = 'duplication'\n[[axis.choice]]\nname = 'off'\n"
      "unset = 'stage.1'\n[[axis.choice]]\nname = 'on'\n"
      "[[axis]]\nkey = 'architecture.extra_pes'\nvalues = [16, 32]\n"
      "[[table]]\ntitle = 'T'\nvalue = { metric = 'latency_ps', inverse = true, digits = 3 }\n"
      "rows = 'duplication'\ncolumn = 'extra_pes'\nrelative = { duplication = 'off' }\n"
      "aggregate = 'spread'\n");
  const CommandResult result = imbrex("sweep e.toml --format md");
  ASSERT_EQ(result.code, 0) << result.err;
  // 62771.8 us without duplication; 10792.6 and 7152.6 us with it.
  EXPECT_EQ(result.out,
            "T\n\n| duplication | 16 | 32 |\n|---|---:|---:|\n| off | 1 [1 .. 1] | 1 [1 .. 1] |\n"
            "| on | 5.82 [5.82 .. 5.82] | 8.78 [8.78 .. 8.78] |\n");
}

TEST_F(SweepCommand, AFrozenExperimentPrintsTheSameTables) {
  write_experiment(
      "[[axis]]\nname = 'copies'\n[[axis.choice]]\nname = 'off'\nunset = 'stage.1'\n"
      "[[axis.choice]]\nname = 'on'\n[[axis]]\nkey = 'architecture.extra_pes'\nvalues = [16, 32]\n"
      "[[table]]\nvalue = [{ metric = 'latency_ps', inverse = true, decimals = 2 }, 'speedup']\n"
      "text = '{} of {}'\nrows = 'extra_pes'\ncolumn = 'copies'\nwhere = { extra_pes = [16, 32] }\n"
      "relative = { copies = 'off' }\nsummary = 'mean'\n"
      "[[contributions]]\nmetric = 'latency_ps'\nfactors = ['copies', 'extra_pes']\n"
      "[[front]]\nmetrics = ['latency_ps', 'utilisation']\n");
  const CommandResult swept = imbrex("sweep e.toml --out x --format md");
  ASSERT_EQ(swept.code, 0) << swept.err;
  EXPECT_NE(swept.out.find("| copies | 5.816x | 8.776x |"), std::string::npos) << swept.out;
  EXPECT_NE(swept.out.find("| on | 32 | 7.1526e+09 | 0.285722 |"), std::string::npos) << swept.out;
  EXPECT_EQ(imbrex("sweep x --collect --format md").out, swept.out);
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

TEST_F(SweepCommand, ResultsAreCompared) {
  for (const char* const pes : {"16", "32"}) {
    ASSERT_EQ(imbrex(std::string("run ") + kRecipe +
                     " --quiet --set architecture.extra_pes=" + pes + " --out r" + pes)
                  .code,
              0);
  }
  const CommandResult result = imbrex("compare r16 r32");
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_NE(result.out.find("architecture.extra_pes  16   32\n"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("-33.73% better"), std::string::npos) << result.out;
  EXPECT_EQ(imbrex("compare r16 r32 --fail-if 'latency>+1%'").code, 0);
  const CommandResult worse = imbrex("compare r32 r16 --fail-if 'latency>+1%'");
  EXPECT_EQ(worse.code, 1);
  EXPECT_NE(worse.err.find("latency>+1%: latency_ps is"), std::string::npos) << worse.err;
  EXPECT_EQ(imbrex("compare r16 r16").out, "The plans and all quantities are equal.\n");
  EXPECT_EQ(imbrex("compare r16").code, 2);
}

}  // namespace
}  // namespace imbrex::test
