// [search] of an experiment's file: what it means, and what it is refused for.
#include "experiment/experiment_reader.hpp"
#include "experiment/search.hpp"
#include "temporary_folder.hpp"

#include <imbrex/plugin/error.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace imbrex::experiment {
namespace {

constexpr const char* kObjectives = "objectives = ['latency_ps', 'utilisation']\n";
constexpr const char* kAxes =
    "[[axis]]\nkey = 'a.b'\nvalues = '0..9'\n[[axis]]\nkey = 'a.c'\nvalues = '0..9'\n"
    "[[axis]]\nkey = 'a.d'\nvalues = '0..4'\n";

Experiment read(const std::string& head, const std::string& search) {
  const test::TemporaryFolder folder;
  return read_experiment(folder.write(
      "e.toml", "experiment = 1\nrecipe = 'r.toml'\n" + head + "[search]\n" + search + kAxes));
}

// "LINE:COLUMN: error: what".
std::string complaint(const std::string& head, const std::string& search) {
  try {
    read(head, search);
  } catch (const InputError& error) {
    const std::string text = error.what();
    const std::size_t begin = text.find("e.toml:") + 7;
    return text.substr(begin, text.find('\n') - begin);
  }
  return "nothing is wrong";
}

TEST(SearchReader, HasDefaults) {
  const SearchSpec search = read("", kObjectives).search.value();
  EXPECT_EQ(search.objectives, (std::vector<std::string>{"latency_ps", "utilisation"}));
  EXPECT_EQ(search.title, "Pareto front");
  EXPECT_EQ(search.population, 32U);
  EXPECT_EQ(search.generations, 20U);
  EXPECT_EQ(search.seed, 1U);
}

TEST(SearchReader, RunsEveryPointWhereThatIsNoMoreThanTheBudget) {
  const auto every = [](const std::string& head, const std::string& rest) {
    return runs_every_point(read(head, kObjectives + rest));
  };
  EXPECT_TRUE(every("", ""));  // 500 of 640
  EXPECT_TRUE(every("", "population = 20\ngenerations = 25\n"));
  EXPECT_FALSE(every("", "population = 20\ngenerations = 24\n"));
  EXPECT_TRUE(every("zip = ['b', 'c']\n", "population = 8\ngenerations = 7\n")) << "50 of 56";
  EXPECT_FALSE(every("", "method = 'nsga2'\n"));
  EXPECT_TRUE(every("", "method = 'exhaustive'\ngenerations = 1\n"));
}

TEST(SearchReader, RefusesWhatCannotBeSearched) {
  EXPECT_EQ(complaint("", "objectives = ['latency_ps']\n"),
            "4:14: error: [search] needs two or more objectives, e.g. [\"latency_ps\", "
            "\"energy_pj\"]; for one, `objective` of the recipe and a search stage are enough");
  EXPECT_EQ(complaint("", ""),
            "3:1: error: [search] needs two or more objectives, e.g. [\"latency_ps\", "
            "\"energy_pj\"]; for one, `objective` of the recipe and a search stage are enough");
  EXPECT_EQ(complaint("", "objectives = ['latency', 'energy_pj']\n"),
            "4:14: error: nobody knows whether more or less of 'latency' is better; did you mean "
            "'latency_ps'?");
  EXPECT_EQ(complaint("", "objectives = ['energy_pj', 'energy_pj']\n"),
            "4:14: error: [search] names 'energy_pj' twice");
  EXPECT_EQ(complaint("seeds = 2\n", kObjectives),
            "4:1: error: [search] and 'seeds' do not go together: a point of a search is one run; "
            "give the recipe one seed, set = { seed = 1 }");
  const std::string objectives = kObjectives;
  EXPECT_EQ(complaint("", objectives + "population = 30\n"),
            "5:14: error: 'population' must be a multiple of 4, e.g. 32: NSGA-II breeds from two "
            "pairs at a time");
  EXPECT_EQ(complaint("", objectives + "population = 4\n"),
            "5:14: error: 'population' must be from 8 to 1000000");
  EXPECT_EQ(complaint("", objectives + "generations = 100000\n"),
            "3:1: error: 100000 generations of 32 are more than 1000000 points");
  EXPECT_EQ(complaint("", objectives + "seed = -1\n"),
            "5:8: error: 'seed' must be from 0 to 4294967295");
  EXPECT_EQ(complaint("", objectives + "method = 'nsga3'\n"),
            "5:10: error: 'method' has no 'nsga3'; did you mean 'nsga2'?");
  EXPECT_EQ(complaint("", objectives + "generation = 3\n"),
            "5:1: error: [search] has no key 'generation'; did you mean 'generations'?");
}

TEST(SearchReader, NeedsAxes) {
  const test::TemporaryFolder folder;
  const auto file = folder.write(
      "e.toml", std::string("experiment = 1\nrecipe = 'r.toml'\n[search]\n") + kObjectives);
  EXPECT_THROW(read_experiment(file), InputError);
}

}  // namespace
}  // namespace imbrex::experiment
