// The driver of the harnesses: a harness that finds nothing must not be one that cannot.
#include "mutations.hpp"
#include "watched_inputs.hpp"

#include <csignal>
#include <cstdlib>
#include <set>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

namespace imbrex::fuzz {
namespace {

TEST(Mutations, AreTheSameForTheSameNumber) {
  const std::vector<std::string> corpus = {"key = 1\n", "other = \"text\"\n"};
  const Mutations one(corpus, 7);
  const Mutations again(corpus, 7);
  const Mutations other_seed(corpus, 8);
  std::set<std::string> different;
  int like_other_seed = 0;
  for (std::uint64_t number = 1000; number-- > 0;) {  // in any order
    EXPECT_EQ(one.input(number), again.input(number));
    different.insert(one.input(number));
    like_other_seed += one.input(number) == other_seed.input(number) ? 1 : 0;
  }
  EXPECT_GT(different.size(), 500U);
  EXPECT_LT(like_other_seed, 500);
}

TEST(Mutations, ExchangeWordsForThoseOfOtherInputsAndForLimits) {
  const Mutations mutations({"alpha = 12\n", "beta = 34\n"}, 1);
  std::set<std::string> seen;
  for (std::uint64_t number = 0; number < 5000; ++number) {
    seen.insert(mutations.input(number));
  }
  EXPECT_TRUE(seen.contains("beta = 12\n"));
  EXPECT_TRUE(seen.contains("alpha = 9223372036854775807\n"));
}

TEST(Mutations, OfEmptyInputsAreInputsToo) {
  const Mutations mutations({""}, 1);
  for (std::uint64_t number = 0; number < 100; ++number) {
    EXPECT_LE(mutations.input(number).size(), Mutations::kMostBytes);
  }
}

Outcome watched(std::vector<std::string> inputs, void (*run)(const std::string&),
                Limits limits = {}) {
  return run_watched(
      [&](std::uint64_t number) {
        return number < inputs.size() ? std::optional(inputs[number]) : std::nullopt;
      },
      [](std::uint64_t) { return true; }, run, limits);
}

void break_on_bad(const std::string& input) {
  if (input == "aborts") {
    std::signal(SIGABRT, SIG_DFL);
    std::abort();
  } else if (input == "exits") {
    _exit(0);
  } else if (input == "fails") {
    _exit(3);
  } else if (input == "hangs") {
    pause();
  }
}

TEST(WatchedInputs, RunToTheEnd) {
  const Outcome outcome = watched({"a", "b", std::string(1, '\0')}, break_on_bad);
  EXPECT_EQ(outcome.inputs, 3U);
  EXPECT_FALSE(outcome.finding.has_value());
}

void expect_finding(const std::string& input, const std::string& how, const Limits& limits = {}) {
  const Outcome outcome = watched({"good", input, "never"}, break_on_bad, limits);
  ASSERT_TRUE(outcome.finding.has_value()) << input;
  EXPECT_EQ(outcome.finding->number, 1U);
  EXPECT_EQ(outcome.finding->input, input);
  EXPECT_NE(outcome.finding->how.find(how), std::string::npos) << outcome.finding->how;
}

TEST(WatchedInputs, FindWhatKillsTheProcess) {
  expect_finding("aborts", "signal 6");
}

TEST(WatchedInputs, FindWhatEndsTheProcess) {
  expect_finding("fails", "exit code 3");
  expect_finding("exits", "exit code 0");
}

TEST(WatchedInputs, FindWhatNeverEnds) {
  Limits limits;
  limits.seconds_per_input = 1;
  expect_finding("hangs", "no end within 1 s", limits);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST(WatchedInputs, FindWhatTakesTooMuchMemory) {
  Limits limits;
  limits.memory_bytes = std::uint64_t{1} << 30;
  const Outcome outcome = watched(
      {"large"}, [](const std::string&) { std::string(std::size_t{2} << 30, 'x').find('y'); },
      limits);
  ASSERT_TRUE(outcome.finding.has_value());
  EXPECT_NE(outcome.finding->how.find("signal 6"), std::string::npos) << outcome.finding->how;
}
#endif

}  // namespace
}  // namespace imbrex::fuzz
