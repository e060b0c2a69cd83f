// The real command where its results could get lost: nobody reads what it prints, the terminal
// closes, there is no room, others write to the same place, or it is killed.
#include "command_fixture.hpp"
#include "folder_names.hpp"
#include "spawned_command.hpp"

#include <chrono>
#include <csignal>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex {
namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

class CommandDurability : public test::CommandFixture {
 protected:
  void write_recipe(std::int64_t shown_bytes, std::int64_t written_bytes = 0) const {
    write("recipe.toml", chain_recipe(0, stage("imbrex.overlap.clsa-cim"),
                                      "[[report]]\nuse = \"test.report.talker\"\nshown_bytes = " +
                                          std::to_string(shown_bytes) + "\nwritten_bytes = " +
                                          std::to_string(written_bytes) + "\n"));
  }
  void write_sleeping_recipe() const {
    write("recipe.toml", chain_recipe(1, stage("test.search.sleeper",
                                               "marker = \"" + (folder() / "marker").string() +
                                                   "\"\nscore_first = true\n") +
                                             stage("imbrex.overlap.clsa-cim")));
  }
  test::SpawnedCommand spawn(std::vector<std::string> words,
                             const test::SpawnedCommand::Settings& settings = {}) const {
    words.insert(words.begin(),
                 {IMBREX_COMMAND, "run", "recipe.toml", "--plugin", IMBREX_TEST_COMPONENTS});
    return test::SpawnedCommand(folder(), words, settings);
  }
  void wait_for_marker() const {
    for (int i = 0; i < 1000 && !fs::exists(folder() / "marker"); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ASSERT_TRUE(fs::exists(folder() / "marker"));
  }
  bool is_partial(const std::string& name) const {
    const auto result = nlohmann::json::parse(read(folder() / name / "result.json"));
    return result.value("partial", false);
  }
  // The seed of the result in the folder, all of whose files are there and belong to one run.
  std::int64_t whole_result(const std::string& name) const {
    EXPECT_EQ(test::names_in(folder() / name), (Names{"environment.json", "lock.json", "plan.toml",
                                                      "result.json", "talk.txt", "timeline.csv"}));
    const auto result = nlohmann::json::parse(read(folder() / name / "result.json"));
    const auto seed = result["seed"].get<std::int64_t>();
    EXPECT_NE(read(folder() / name / "plan.toml").find("seed = " + std::to_string(seed) + "\n"),
              std::string::npos);
    return seed;
  }
  std::string errors() const { return read(folder() / ".stderr"); }
  // Everything but what the test itself put there.
  Names left() const {
    Names names = test::names_in(folder());
    for (const char* own : {"recipe.toml", "marker", ".stderr"}) {
      names.erase(own);
    }
    return names;
  }
};

TEST_F(CommandDurability, KeepsTheResultWhenNobodyReadsTheSummary) {
  for (const std::int64_t bytes : {0, 10'000, 200'000}) {
    write_recipe(bytes);
    EXPECT_EQ(spawn({"--out", "r", "--force"}, {.out = test::SpawnedCommand::Out::closed_pipe})
                  .exit_code(),
              1);
    EXPECT_NE(errors().find("cannot write to standard output"), std::string::npos) << errors();
    EXPECT_EQ(errors().find("reproducer"), std::string::npos) << errors();
    whole_result("r");
    EXPECT_EQ(left(), (Names{"r"}));
  }
}

TEST_F(CommandDurability, KeepsTheResultWhenTheSummaryFindsNoRoom) {
  write_recipe(10'000);
  EXPECT_EQ(spawn({"--out", "r"}, {.out = test::SpawnedCommand::Out::full_disk}).exit_code(), 1);
  EXPECT_NE(errors().find("cannot write to standard output"), std::string::npos) << errors();
  whole_result("r");
  EXPECT_EQ(left(), (Names{"r"}));
}

TEST_F(CommandDurability, KeepsTheOldResultWhenAFileOfTheNewOneIsTooLarge) {
  write_recipe(10);
  ASSERT_EQ(spawn({"--out", "r", "--set", "seed=1"}).exit_code(), 0) << errors();
  write_recipe(10, 200'000);
  EXPECT_EQ(
      spawn({"--out", "r", "--set", "seed=2", "--force"}, {.largest_file = 100'000}).exit_code(),
      1);
  EXPECT_NE(errors().find("'talk.txt'"), std::string::npos) << errors();
  EXPECT_NE(errors().find("File too large"), std::string::npos) << errors();
  EXPECT_EQ(whole_result("r"), 1);
  const std::size_t reproducer = errors().find("repro-");
  ASSERT_NE(reproducer, std::string::npos) << errors();
  EXPECT_EQ(left(), (Names{"r", errors().substr(reproducer, 14)}));
}

// The terminal is gone: nothing can be printed, and the shell and the kernel both say so.
TEST_F(CommandDurability, KeepsAPartialResultWhenTheTerminalCloses) {
  write_sleeping_recipe();
  auto command =
      spawn({"--out", "r"}, {.out = test::SpawnedCommand::Out::closed_pipe, .is_err_closed = true});
  wait_for_marker();
  command.send(SIGHUP);
  command.send(SIGHUP);
  EXPECT_EQ(command.exit_code(), 130);
  EXPECT_TRUE(is_partial("r"));
  EXPECT_EQ(left(), (Names{"r"}));
}

TEST_F(CommandDurability, GoesOnWithoutATerminalWhenToldTo) {
  write_sleeping_recipe();
  auto command = spawn({"--out", "r"}, {.ignores_hangup = true});
  wait_for_marker();
  command.send(SIGHUP);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  command.send(SIGTERM);  // the first request to stop: had SIGHUP been one, nothing would be kept
  EXPECT_EQ(command.exit_code(), 130) << errors();
  EXPECT_TRUE(is_partial("r"));
}

TEST_F(CommandDurability, HasTheResultInPlaceBeforeItPrints) {
  if (!test::kSignalsArriveAtOnce) {
    GTEST_SKIP() << test::kSignalsWait;
  }
  write_recipe(10'000);
  for (const int signal : {SIGKILL, SIGTERM}) {
    const std::string out = "r" + std::to_string(signal);
    auto command = spawn({"--out", out}, {.out = test::SpawnedCommand::Out::full_pipe});
    for (int i = 0; i < 1000 && !fs::exists(folder() / out); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(200));  // now it waits for a reader
    command.send(signal);
    if (signal == SIGTERM) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      command.send(signal);
    }
    EXPECT_EQ(command.exit_code(), signal == SIGTERM ? 130 : 128 + SIGKILL);
    whole_result(out);
    EXPECT_EQ(left(), (Names{out}));
    fs::remove_all(folder() / out);
  }
}

TEST_F(CommandDurability, EndsWithTheSameCodeWhereThereIsNothingToKeep) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    test::SpawnedCommand command(folder(), {IMBREX_COMMAND, "plugins"},
                                 {.out = test::SpawnedCommand::Out::full_pipe});
    for (int i = 0; i < 1000 && !command.catches(signal); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    command.send(signal);
    EXPECT_EQ(command.exit_code(), 130) << signal;
  }
}

TEST_F(CommandDurability, LetsEightProcessesReplaceOneFolder) {
  write_recipe(10);
  for (int round = 0; round < 3; ++round) {
    std::vector<std::unique_ptr<test::SpawnedCommand>> commands;
    for (int i = 0; i < 8; ++i) {
      commands.push_back(std::make_unique<test::SpawnedCommand>(
          spawn({"--out", "r", "--force", "--quiet", "--set", "seed=" + std::to_string(i)})));
    }
    for (const auto& command : commands) {
      EXPECT_EQ(command->exit_code(), 0) << errors();
    }
    EXPECT_LT(whole_result("r"), 8);
    EXPECT_EQ(left(), (Names{"r"}));
  }
}

TEST_F(CommandDurability, LetsOneOfEightProcessesMakeANewFolder) {
  write_recipe(10);
  std::vector<std::unique_ptr<test::SpawnedCommand>> commands;
  for (int i = 0; i < 8; ++i) {
    commands.push_back(std::make_unique<test::SpawnedCommand>(
        spawn({"--out", "r", "--quiet", "--set", "seed=" + std::to_string(i)})));
  }
  std::multiset<int> codes;
  std::int64_t winner = -1;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    codes.insert(commands[i]->exit_code());
    winner = commands[i]->exit_code() == 0 ? static_cast<std::int64_t>(i) : winner;
  }
  EXPECT_EQ(codes, (std::multiset<int>{0, 2, 2, 2, 2, 2, 2, 2}));
  EXPECT_EQ(whole_result("r"), winner);
  EXPECT_EQ(left(), (Names{"r"}));
}

// Whoever is slower finds its own result.
TEST_F(CommandDurability, LetsEightProcessesMakeOneRun) {
  write_recipe(10);
  std::vector<std::unique_ptr<test::SpawnedCommand>> commands;
  for (int i = 0; i < 8; ++i) {
    commands.push_back(std::make_unique<test::SpawnedCommand>(spawn({"--out", "r", "--quiet"})));
  }
  for (const auto& command : commands) {
    EXPECT_EQ(command->exit_code(), 0) << errors();
  }
  EXPECT_EQ(whole_result("r"), 5);
  EXPECT_EQ(left(), (Names{"r"}));
}

TEST_F(CommandDurability, HasAWholeResultWheneverItIsKilled) {
  write_recipe(10, 1'000);
  const auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(spawn({"--out", "r", "--set", "seed=0"}).exit_code(), 0) << errors();
  const auto whole_run = std::chrono::steady_clock::now() - start;
  constexpr int kInstants = 24;
  int killed = 0;
  std::int64_t before = 0;
  for (int instant = 0; instant < kInstants; ++instant) {
    const std::int64_t seed = instant + 1;
    auto command = spawn({"--out", "r", "--force", "--set", "seed=" + std::to_string(seed)});
    std::this_thread::sleep_for(whole_run * instant / kInstants);
    command.send(SIGKILL);
    killed += command.exit_code() == 128 + SIGKILL ? 1 : 0;
    const std::int64_t seen = whole_result("r");
    EXPECT_TRUE(seen == before || seen == seed) << seen;
    before = seen;
  }
  EXPECT_GT(killed, 0);
  ASSERT_EQ(spawn({"--out", "r", "--force"}).exit_code(), 0) << errors();
  EXPECT_EQ(whole_result("r"), 5);
  EXPECT_EQ(left(), (Names{"r"}));
}

}  // namespace
}  // namespace imbrex
