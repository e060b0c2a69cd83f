#include "result/run_lock.hpp"

#include "temporary_folder.hpp"

#include <imbrex/plugin/error.hpp>

#include <functional>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using result::RunLock;

RunLock sample() {
  RunLock lock;
  lock.build = {"0.1.0", "abc", "GCC", "1111", "2222"};
  lock.plugins = {{"a.one", "one.imbrex.so", "1", "3333"}, {"a.two", "two.imbrex.so", "2", "4444"}};
  lock.inputs = {{"inputs/net.toml", "5555", 10, true}, {"big.onnx", "6666", 1 << 30, false}};
  lock.plan_sha256 = "7777";
  lock.seeds = 3;
  lock.timeline_jobs = 100;
  lock.partial = true;
  lock.files = {{"result.json", "8888"}, {"timeline.csv", "9999"}};
  return lock;
}

TEST(RunLock, ReadsBackAsItWasWritten) {
  const test::TemporaryFolder folder;
  EXPECT_FALSE(result::read_lock(folder.path()));
  for (const bool is_study : {true, false}) {
    RunLock lock = sample();
    lock.seeds = is_study ? 3 : 0;
    lock.partial = is_study;
    folder.write("lock.json", lock_json(lock));
    const auto again = result::read_lock(folder.path());
    ASSERT_TRUE(again);
    EXPECT_EQ(lock_json(*again), lock_json(lock));
    EXPECT_EQ(again->seeds, lock.seeds);
    EXPECT_EQ(again->partial, lock.partial);
    EXPECT_EQ(again->inputs, lock.inputs);
    EXPECT_EQ(again->files, lock.files);
    EXPECT_EQ(first_difference(*again, lock), "");
  }
}

TEST(RunLock, IsRefusedWhenDamagedOrOfAnotherSchema) {
  const test::TemporaryFolder folder;
  for (const char* text :
       {"", "{", "[]", "{}", "{\"schema\": 1}", "{\"schema\": 2}", "{\"schema\": \"1\"}"}) {
    folder.write("lock.json", text);
    EXPECT_THROW(result::read_lock(folder.path()), InputError) << text;
  }
}

struct Change {
  const char* name;
  std::function<void(RunLock&)> make;
  std::string expected;  // of first_difference
};

// In the order in which they are looked for.
std::vector<Change> changes() {
  return {
      {"version", [](RunLock& lock) { lock.build.version = "0.2.0"; },
       "Imbrex was 0.1.0, is 0.2.0 now"},
      {"commit", [](RunLock& lock) { lock.build.commit = "def"; },
       "the commit of Imbrex was abc, is def now"},
      {"compiler", [](RunLock& lock) { lock.build.compiler = "Clang"; },
       "the compiler of Imbrex was GCC, is Clang now"},
      {"library", [](RunLock& lock) { lock.build.library_build_id = "x"; },
       "the build of libimbrex was 1111, is x now"},
      {"command", [](RunLock& lock) { lock.build.command_build_id = "x"; },
       "the build of the command imbrex was 2222, is x now"},
      {"plugin version", [](RunLock& lock) { lock.plugins[1].version = "3"; },
       "the version of plugin a.two was 2, is 3 now"},
      {"plugin", [](RunLock& lock) { lock.plugins[1].sha256 = "x"; },
       "plugin a.two (two.imbrex.so) had sha256:4444..., has sha256:x... now"},
      {"plugin gone", [](RunLock& lock) { lock.plugins.pop_back(); },
       "plugin a.two took part and does not any more"},
      {"plugin new",
       [](RunLock& lock) {
         lock.plugins.push_back({"b", "b", "1", "x"});
       },
       "plugin b took no part before"},
      {"input", [](RunLock& lock) { lock.inputs[0].sha256 = "x"; },
       "input 'net.toml' had sha256:5555..., has sha256:x... now"},
      {"input gone", [](RunLock& lock) { lock.inputs.pop_back(); },
       "input 'big.onnx' is not read any more"},
      {"input new",
       [](RunLock& lock) {
         lock.inputs.push_back({"n", "x", 1, true});
       },
       "input 'n' was not read before"},
      {"seeds", [](RunLock& lock) { lock.seeds = 0; },
       "the run was a study of 3 seeds, is one run now"},
      {"plan", [](RunLock& lock) { lock.plan_sha256 = "x"; },
       "the plan had sha256:7777..., has sha256:x... now"},
  };
}

TEST(RunLock, NamesEveryDifference) {
  for (const Change& change : changes()) {
    RunLock now = sample();
    change.make(now);
    EXPECT_EQ(first_difference(sample(), now), change.expected) << change.name;
  }
}

TEST(RunLock, NamesTheFirstOfSeveralDifferences) {
  const std::vector<Change> all = changes();
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      RunLock now = sample();
      all[i].make(now);
      all[j].make(now);
      const std::string found = first_difference(sample(), now);
      EXPECT_TRUE(found == all[i].expected || found == all[j].expected)
          << all[i].name << ", " << all[j].name << ": " << found;
      EXPECT_EQ(maker_difference(sample(), now).empty(), i >= 9) << all[i].name;
    }
  }
}

TEST(RunLock, CaresNeitherWhereInputsLieNorHowTheRunEnded) {
  RunLock now = sample();
  now.inputs = {{"../inputs/big.onnx", "6666", 1 << 30, true},
                {"inputs/1234/net.toml", "5555", 10, true}};
  now.partial = false;
  now.files.clear();
  now.timeline_jobs = 1;
  EXPECT_EQ(first_difference(sample(), now), "");
}

}  // namespace
}  // namespace imbrex
