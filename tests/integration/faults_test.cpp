// Components that end the process, hang it or write where they may not: the run ends with 1, or 130
// when it was interrupted, names the culprit, its library and what it was asked, and leaves earlier
// results as they were and nothing half-written.
#include "faults_fixture.hpp"
#include "folder_names.hpp"
#include "spawned_command.hpp"

#include <chrono>
#include <csignal>
#include <set>
#include <thread>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex::test {
namespace {

using Names = std::set<std::string>;

// What is said of each fault.
struct Ending {
  std::string fault;
  std::string words;
  bool is_signal = false;
};
const std::vector<Ending> kEndings = {
    {"segmentation-fault", "crashed in search: signal 11 (segmentation fault at address 0x8)",
     true},
    {"stack-overflow", "its stack is used up", true},
    {"bus-error", "signal 7 (bus error", true},
    {"division", "signal 8 (arithmetic error", true},
    {"illegal-instruction", "signal 4 (illegal instruction", true},
    {"abort", "signal 6 (abort", true},
    {"terminate", "std::terminate was called"},
    {"exit", "called exit in search"},
    {"quick-exit", "called exit in search"},
    {"bad-alloc", "ran out of memory in search"},
    {"throwing-thread", "std::out_of_range: \"nobody catches this\""},
    {"crashing-thread", "crashed in search: signal 11", true},
    {"exiting-thread", "called exit"},
    {"crashing-chunk", "crashed in search: signal 11", true},
};

class Faults : public FaultsFixture {
 protected:
  SpawnedCommand spawn(const std::string& text) const {
    write("recipe.toml", text);
    SpawnedCommand command(folder(),
                           {IMBREX_COMMAND, "run", "recipe.toml", "--out", "r", "--plugin",
                            IMBREX_TEST_COMPONENTS, "--plugin", IMBREX_FAULTS},
                           {});
    for (int i = 0; i < 1500 && !exists("marker"); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return command;
  }
  std::string marker() const { return "marker = \"" + (folder() / "marker").string() + "\"\n"; }
};

TEST_F(Faults, NameTheCulpritAndKeepEarlierResults) {
  write("recipe.toml", recipe_of(fault("test.search.fault", "none") + clsa()));
  ASSERT_EQ(run("--out r").code, 0);
  const std::string before = read(folder() / "r" / "result.json");
  for (const Ending& ending : kEndings) {
    if (ending.is_signal && !reports_signals()) {
      continue;
    }
    write("recipe.toml", recipe_of(fault("test.search.fault", ending.fault) + clsa()));
    for (const std::string threads : {"1", "4"}) {
      SCOPED_TRACE(ending.fault + " with " + threads);
      const CommandResult result = run("--force --out r --threads " + threads);
      EXPECT_EQ(result.code, 1) << result.err;
      expect_said(result, ending.words);
      expect_said(result, "stage 1 (test.search.fault)");
      EXPECT_EQ(read(folder() / "r" / "result.json"), before);
    }
  }
  for (const std::string& name : names_in(folder())) {
    EXPECT_TRUE(name == "r" || name == "recipe.toml" || name.starts_with("repro-")) << name;
  }
}

TEST_F(Faults, SayWhichLibraryAndHowToRepeatThem) {
  write("recipe.toml", recipe_of(fault("test.search.fault", "exit") + clsa()));
  const CommandResult text = run("--out r");
  expect_said(text, "its library is " IMBREX_FAULTS);
  expect_said(text, "to repeat it: imbrex 'run' 'recipe.toml'");
  EXPECT_FALSE(exists("r"));

  const CommandResult json = run("--out r --message-format=json");
  EXPECT_EQ(json.code, 1);
  const auto message = nlohmann::json::parse(json.err);
  EXPECT_EQ(message["severity"], "error");
  EXPECT_EQ(message["component"], "test.search.fault");
  EXPECT_EQ(message["where"], "stage 1 (test.search.fault)");
  EXPECT_EQ(message["asked"], "search");
  EXPECT_EQ(message["library"], IMBREX_FAULTS);
  EXPECT_NE(message["repeat"].get<std::string>().find("'recipe.toml'"), std::string::npos);
}

// The stage that asked is not to blame, only where it happened.
TEST_F(Faults, NameTheCostModelThatAnAnalyzerAsked) {
  write("recipe.toml", recipe_with_cost("exit"));
  const CommandResult result = run("--out r");
  EXPECT_EQ(result.code, 1);
  expect_said(result,
              "cost (test.cost.fault): called exit in job_clock, during stage 1 "
              "(imbrex.overlap.clsa-cim)");
}

// Nor is the stage that is at work when a thread of an earlier one crashes.
TEST_F(Faults, OfAThreadLeftBehindAreThoseOfItsLibrary) {
  if (!reports_signals()) {
    GTEST_SKIP() << "signals are the sanitizer's";
  }
  write("recipe.toml", recipe_of(fault("test.search.fault", "late-thread") +
                                 stage("test.search.sleeper", marker()) + clsa()));
  const CommandResult result = run("--out r");
  EXPECT_EQ(result.code, 1);
  expect_said(result,
              "imbrex: error: test_broken_faults.imbrex.so: crashed in a thread of its own, during "
              "stage 2 (test.search.sleeper): signal 11");
  expect_said(result, "its library is " IMBREX_FAULTS);
}

TEST_F(Faults, OfReportersLeaveNoResultAndNothingToCleanUpByHand) {
  const auto with_report = [&](const std::string& what) {
    return recipe_of(clsa(), "[[report]]\nuse = \"test.report.fault\"\nfault = \"" + what + "\"\n");
  };
  write("recipe.toml", with_report("exit"));
  const CommandResult result = run("--out r");
  EXPECT_EQ(result.code, 1);
  expect_said(result, "(test.report.fault): called exit in report");
  EXPECT_FALSE(exists("r"));
  write("recipe.toml", with_report("none"));
  EXPECT_EQ(run("--out r").code, 0);
  EXPECT_EQ(names_in(folder()), (Names{"r", "recipe.toml"}));
}

TEST_F(Faults, ThatHangEndAtTheSecondRequestAndAreNamed) {
  if (!kSignalsArriveAtOnce) {
    GTEST_SKIP() << kSignalsWait;
  }
  for (const int signal : {SIGINT, SIGTERM}) {
    std::filesystem::remove(folder() / "marker");
    SpawnedCommand command =
        spawn(recipe_of(fault("test.search.fault", "endless-loop", marker()) + clsa()));
    ASSERT_TRUE(exists("marker"));
    command.send(signal);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    command.send(signal);
    EXPECT_EQ(command.exit_code(), 130);
    EXPECT_NE(
        read(folder() / ".stderr")
            .find("stage 1 (test.search.fault): was still at work in search: nobody waits for "
                  "it any longer; its library is " IMBREX_FAULTS),
        std::string::npos)
        << read(folder() / ".stderr");
    EXPECT_FALSE(exists("r"));
  }
}

TEST_F(Faults, ThatHangInACostModelNameIt) {
  if (!kSignalsArriveAtOnce) {
    GTEST_SKIP() << kSignalsWait;
  }
  SpawnedCommand command = spawn(recipe_with_cost("endless-loop", marker()));
  ASSERT_TRUE(exists("marker"));
  command.send(SIGTERM);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  command.send(SIGTERM);
  EXPECT_EQ(command.exit_code(), 130);
  EXPECT_NE(
      read(folder() / ".stderr").find("cost (test.cost.fault): was still at work in job_clock"),
      std::string::npos)
      << read(folder() / ".stderr");
}

TEST_F(Faults, OfOutputBecomeWarningsOfWhoWroteIt) {
  write("recipe.toml", recipe_of(fault("test.search.fault", "output") + clsa()));
  const CommandResult check = run("--simulate --format=json", "check");
  EXPECT_EQ(check.code, 0) << check.err;
  EXPECT_TRUE(nlohmann::json::accept(check.out)) << check.out;
  const CommandResult quiet = run("--quiet --out r");
  EXPECT_EQ(quiet.code, 0) << quiet.err;
  EXPECT_EQ(quiet.out, "");
  for (const std::string line :
       {"by puts", "by printf, without an end of line", "by a stream", "by write"}) {
    expect_said(quiet, "stage 1 (test.search.fault): wrote on standard output: " + line + "\n");
  }
  EXPECT_EQ(run("--out q").out.find("by "), std::string::npos);
}

// A sweep goes on, and its tables stay readable.
TEST_F(Faults, OfAPointAreNamedInItsRow) {
  write("recipe.toml", recipe_of(fault("test.search.fault", "none") + clsa()));
  const CommandResult result =
      run("--out x --time-limit 20 --format=json "
          "--set stage.1.fault=none,exit,terminate,output,leave",
          "sweep");
  EXPECT_EQ(result.code, 1) << result.err;
  EXPECT_TRUE(nlohmann::json::accept(result.out)) << result.out;
  const auto experiment = nlohmann::json::parse(read(folder() / "x" / "experiment.json"));
  std::vector<std::string> states;
  std::string messages;
  for (const auto& point : experiment["points"]) {
    states.push_back(point["state"]);
    messages += point.value("message", "") + "\n";
  }
  EXPECT_EQ(states, (std::vector<std::string>{"done", "crashed", "crashed", "done", "crashed"}));
  EXPECT_NE(messages.find("stage 1 (test.search.fault): called exit in search"), std::string::npos)
      << messages;
  EXPECT_NE(messages.find("stage 1 (test.search.fault): crashed in search: std::terminate"),
            std::string::npos);
  EXPECT_NE(messages.find("exit code 0"), std::string::npos);
}

TEST_F(Faults, OfAPointThatTakesTooLongAreNamed) {
  if (!kSignalsArriveAtOnce) {
    GTEST_SKIP() << kSignalsWait;
  }
  write("recipe.toml", recipe_with_cost("endless-loop"));
  const CommandResult result = run("--out x --time-limit 0.5 --set seed=1", "sweep");
  EXPECT_EQ(result.code, 1) << result.err;
  const std::string page = read(folder() / "x" / "experiment.json");
  EXPECT_NE(page.find("cost (test.cost.fault): was still at work in job_clock"), std::string::npos)
      << page;
}

}  // namespace
}  // namespace imbrex::test
