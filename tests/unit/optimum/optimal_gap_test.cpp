// How far the design is from the optimum that comes into imbrex.search.optimal: by hand, behind
// other searches, behind itself, and without a look at what it leaves.
#include "command_fixture.hpp"

#include <algorithm>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex::test {
namespace {

using nlohmann::json;

constexpr const char* kObjectives[] = {"latency", "energy", "edp"};

// One search, then the judge.
class OptimalGap : public CommandFixture {
 protected:
  // Two elements under a memory whose words cost 10 pJ; registers cost nothing and hold everything.
  CommandResult judge_products(const std::string& objective, const std::string& search) const {
    write("net.toml",
          "imbrex_workload = 1\ninput.data = { shape = [1, 4] }\n[network]\nlayers = [\n"
          "  { op = 'dense', units = 4, name = 'first' },\n"
          "  { op = 'dense', units = 2, name = 'second' },\n]\n");
    return judge(objective, search,
                 "rows = 1\ncolumns = 2\nmacs_per_pe = 1\nword_bits = 8\nlevel_names = ['memory', "
                 "'registers']\n"
                 "level_words = [0, 64]\nlevel_read_words_per_cycle = [0, 0]\n"
                 "level_write_words_per_cycle = [0, 0]\nlevel_energy_pj_per_word = [10, "
                 "0]\nmac_energy_pj = 1\n");
  }

  static std::string random_designs() {
    return "random'\nsamples = 2\ncandidates_from = 'uniform'\n";
  }

  // Two convolutions, one with padding and a stride, on levels of which each may decide.
  CommandResult judge_windows(const std::string& objective, const std::string& search,
                              const std::string& options = "",
                              const std::string& words = "") const {
    write("net.toml",
          "imbrex_workload = 1\ninput.image = { shape = [1, 2, 6, 6] }\n[network]\nlayers = [\n"
          "  { op = 'conv', filters = 4, kernel = 3, name = 'first' },\n"
          "  { op = 'conv', filters = 4, kernel = 3, stride = 2, pad = 1, name = 'second' },\n]\n");
    return judge(objective, search,
                 "rows = 2\ncolumns = 2\nlevel_names = ['memory', 'buffer', 'registers']\n"
                 "level_words = [0, 64, 12]\nlevel_read_words_per_cycle = [2, 4, 3]\n"
                 "level_write_words_per_cycle = [2, 4, 3]\nlevel_energy_pj_per_word = [200, 6, 1]\n"
                 "mac_energy_pj = 1\n",
                 options, words);
  }

  json result() const { return json::parse(read(folder() / "r" / "result.json")); }
  // What the judge states.
  json facts() const { return result()["stages"][2]["statistics"]; }
  double gap() const { return facts()["start_gap"].get<double>(); }

 private:
  CommandResult judge(const std::string& objective, const std::string& search,
                      const std::string& architecture, const std::string& options = "",
                      const std::string& words = "") const {
    write("recipe.toml", "imbrex = 1\nname = 'small'\nobjective = '" + objective +
                             "'\n[workload]\nuse = 'imbrex.workload.toml'\nfile = 'net.toml'\n"
                             "[architecture]\nuse = 'imbrex.architecture.pe-array'\n" +
                             architecture + "[cost]\nuse = 'imbrex.cost.loop-nest'\n" +
                             stage("imbrex.partition.one-per-segment") +
                             "[[stage]]\nuse = 'imbrex.search." + search +
                             stage("imbrex.search.optimal", "keep_design = true\n" + options) +
                             stage("imbrex.overlap.layer-by-layer"));
    return imbrex("run recipe.toml --quiet --force --out r " + words);
  }
};

// 16 and 8 multiply-accumulates on two elements: 8 and 4 cycles at least, 16 and 4 given. The words
// that the memory has to read or take: 16 + 4 + 4 and 8 + 4 + 2. `first` is given its 4 inputs anew
// for every output: 12 words more. `second` is as good as can be.
TEST_F(OptimalGap, IsWhatTheHandSays) {
  const std::string given =
      "given'\nloops = ['first memory temporal K 4', 'first memory temporal C 4',\n"
      "  'second memory spatial K 2', 'second registers temporal C 4']\n";
  const double first_pj = 10 * (16 + 4 + 4) + 16;
  const double second_pj = 10 * (8 + 4 + 2) + 8;
  const double given_pj = first_pj + 10 * 12;
  const double want[] = {
      100.0 * (16 + 4) / (8 + 4) - 100, 100 * (given_pj + second_pj) / (first_pj + second_pj) - 100,
      100 * (16 * given_pj + 4 * second_pj) / (8 * first_pj + 4 * second_pj) - 100};
  const double of_first[] = {100, 46.875, 193.75};  // 16 / 8, 376 / 256, and their product
  for (std::size_t i = 0; i < std::size(kObjectives); ++i) {
    const auto run = judge_products(kObjectives[i], given);
    ASSERT_EQ(run.code, 0) << run.err;
    EXPECT_NEAR(gap(), want[i], 1e-6) << kObjectives[i];
    const std::string text = facts()["certificate"];
    EXPECT_NEAR(std::atof(text.c_str() + text.find("start gap ") + 10), of_first[i], 1e-3) << text;
    EXPECT_NE(text.find("start gap 0 %", text.find("second: ")), std::string::npos) << text;
  }
}

TEST_F(OptimalGap, OfTheOptimumIsNone) {
  for (const char* const objective : kObjectives) {
    const auto run = judge_windows(objective, "optimal'\n");
    ASSERT_EQ(run.code, 0) << run.err;
    EXPECT_EQ(gap(), 0) << objective;
    EXPECT_EQ(facts()["proved"], 2);
    EXPECT_EQ(facts()["start"], facts()["found"]);
  }
}

TEST_F(OptimalGap, OfRandomDesignsIsNeverNegativeAndLeavesThemAsTheyAre) {
  double most = 0;
  for (const char* const objective : kObjectives) {
    for (int seed = 1; seed <= 4; ++seed) {
      const std::string words = "--set seed=" + std::to_string(seed);
      ASSERT_EQ(judge_windows(objective, random_designs(), "", words).code, 0);
      const json judged = result();
      const json stated = facts();
      EXPECT_GE(gap(), 0) << objective << seed;
      EXPECT_NEAR(gap(), 100 * (stated["start"].get<double>() / stated["bound"].get<double>() - 1),
                  1e-6);
      most = std::max(most, gap());
      ASSERT_EQ(judge_windows(objective, random_designs(), "", words + " --unset stage.3").code, 0);
      EXPECT_EQ(judged["operators"], result()["operators"]);
      EXPECT_EQ(judged["metrics"], result()["metrics"]);
    }
  }
  EXPECT_GT(most, 1);
}

// A bound that was not driven to the optimum says how far it is at most.
TEST_F(OptimalGap, IsAnUpperLimitWhereNothingIsProved) {
  ASSERT_EQ(judge_windows("energy", random_designs()).code, 0);
  const double proved = gap();
  ASSERT_EQ(judge_windows("energy", random_designs(), "max_states = 1\n").code, 0);
  EXPECT_LT(facts()["proved"].get<int>(), 2);
  EXPECT_GE(gap(), proved);
  EXPECT_GE(facts()["start"].get<double>(), facts()["found"].get<double>());
}

// The limit is reached before the optimum is found, but it came in.
TEST_F(OptimalGap, WhatCameInIsTheAnswerWhereItIsBetter) {
  ASSERT_EQ(judge_windows("energy", random_designs(), "max_states = 1\n").code, 0);
  const double found_alone = facts()["found"].get<double>();
  ASSERT_EQ(judge_windows("energy", "optimal'\n", "max_states = 1\n").code, 0);
  EXPECT_LT(facts()["found"].get<double>(), found_alone);
  EXPECT_EQ(facts()["found"], facts()["start"]);
  EXPECT_GT(gap(), 0);
}

// Nobody searched, and canonical mappings have loops at levels to which the constraints allow none.
TEST_F(OptimalGap, IsNotStatedOutsideTheMapSpace) {
  const std::string words =
      "--set 'cost.constraints=[\"*: buffer temporal dims = none\", \"*: "
      "registers temporal dims = none\"]' ";
  ASSERT_EQ(judge_windows("latency", "given'\n", "", words).code, 0);
  const json judged = result();
  EXPECT_FALSE(facts().contains("start_gap")) << facts();
  EXPECT_EQ(facts()["proved"], 2);
  ASSERT_EQ(judge_windows("latency", "given'\n", "", words + "--unset stage.3").code, 0);
  EXPECT_EQ(judged["metrics"], result()["metrics"]);
}

}  // namespace
}  // namespace imbrex::test
