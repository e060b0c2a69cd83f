#include "experiment/local_engine.hpp"

#include "temporary_folder.hpp"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <map>
#include <stdexcept>

#include <gtest/gtest.h>
#include <unistd.h>

namespace imbrex::experiment {
namespace {

struct Seen {
  TaskEnd end = TaskEnd::ended;
  std::string why;
};

std::map<std::size_t, Seen> run(const EngineOptions& options, std::size_t tasks,
                                FunctionRef<void(std::size_t)> work) {
  std::map<std::size_t, Seen> seen;
  LocalEngine(options, work)
      .run_all(
          tasks,
          [&](std::size_t task, TaskEnd end, const std::string& why) {
            EXPECT_TRUE(seen.emplace(task, Seen{end, why}).second) << "task " << task << " twice";
            return true;
          },
          [] { return false; });
  return seen;
}

TEST(LocalEngine, RunsEveryTaskOnceInAnotherProcess) {
  const test::TemporaryFolder folder;
  const pid_t caller = ::getpid();
  for (const int workers : {1, 3, 9}) {
    const auto seen = run({workers, {}}, 20, [&](std::size_t task) {
      std::ofstream out(folder.path() / (std::to_string(workers) + "-" + std::to_string(task)),
                        std::ios::app);
      out << (::getpid() == caller ? "caller" : "child");
    });
    EXPECT_EQ(seen.size(), 20U);
    for (std::size_t task = 0; task < 20; ++task) {
      std::ifstream in(folder.path() / (std::to_string(workers) + "-" + std::to_string(task)));
      std::string text;
      in >> text;
      EXPECT_EQ(text, "child") << workers << " workers, task " << task;
    }
  }
}

TEST(LocalEngine, ACrashTakesNobodyWithIt) {
  const auto seen = run({2, {}}, 8, [](std::size_t task) {
    if (task == 3) {
      ::raise(SIGKILL);
    }
    if (task == 5) {
      throw std::runtime_error("task 5 throws, as it should");
    }
    if (task == 6) {
      ::_exit(7);
    }
  });
  ASSERT_EQ(seen.size(), 8U);
  for (const auto& [task, how] : seen) {
    const bool crashes = task == 3 || task == 5 || task == 6;
    EXPECT_EQ(how.end, crashes ? TaskEnd::crashed : TaskEnd::ended) << task;
  }
  EXPECT_EQ(seen.at(3).why, "signal 9 (Killed)");
  EXPECT_EQ(seen.at(6).why, "exit code 7");
}

TEST(LocalEngine, TasksThatTakeTooLongAreGivenUp) {
  const auto seen = run({2, 0.3}, 4, [](std::size_t task) {
    while (task == 1) {
      ::pause();
    }
  });
  ASSERT_EQ(seen.size(), 4U);
  EXPECT_EQ(seen.at(1).end, TaskEnd::timed_out);
  EXPECT_EQ(seen.at(1).why, "took more than 0.3 s");
  EXPECT_EQ(seen.at(2).end, TaskEnd::ended);
}

TEST(LocalEngine, StopsWhenAsked) {
  std::size_t ended = 0;
  const auto count = [&](std::size_t, TaskEnd, const std::string&) { return ++ended < 3; };
  const auto nothing = [](std::size_t) {};
  LocalEngine({1, {}}, nothing).run_all(100, count, [] { return false; });
  EXPECT_EQ(ended, 3U);
  const auto forever = [](std::size_t) {
    for (;;) {
      ::pause();
    }
  };
  int asked = 0;
  LocalEngine({2, {}}, forever).run_all(100, count, [&] { return ++asked > 2; });
  EXPECT_EQ(ended, 3U);
}

}  // namespace
}  // namespace imbrex::experiment
