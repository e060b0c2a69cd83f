// `imbrex check`: what is refused before a run, and what a simulation says of an answer.
#include "command_fixture.hpp"

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using CommandCheck = test::CommandFixture;

TEST_F(CommandCheck, ChecksARecipeWithoutRunningIt) {
  write("recipe.toml",
        chain_recipe(0, stage("test.partition.thrower") + stage("imbrex.overlap.clsa-cim")));
  const auto result = imbrex("check recipe.toml" + with_tests());
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_NE(result.out.find("test.partition.thrower"), std::string::npos);
}

TEST_F(CommandCheck, ConfirmsARecipeBySimulation) {
  write("recipe.toml",
        chain_recipe(1, stage("test.partition.copies") + stage("imbrex.overlap.clsa-cim")));
  const auto result = imbrex("check recipe.toml --simulate" + with_tests());
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_NE(result.out.find("simulation agrees: makespan 28000000 ps, simulated 28000000 ps"),
            std::string::npos)
      << result.out;
}

// Overlapped, the chain takes 33.6 us; layer by layer 44.8 us, one third more, and B is the
// operator that ends late. "Exact" is wrong then, unless a third is tolerated.
TEST_F(CommandCheck, FailsTheCheckWhenSimulationDisagrees) {
  write("recipe.toml", chain_recipe(0, stage("test.overlap.lossy")));
  const auto result = imbrex("check recipe.toml --simulate" + with_tests());
  EXPECT_EQ(result.code, 1) << result.err;
  EXPECT_NE(result.out.find("simulation DISAGREES"), std::string::npos) << result.out;
  EXPECT_NE(
      result.out.find("makespan +33.33 % of the simulated one; B is off most and ends 33.33 % "
                      "of it late"),
      std::string::npos)
      << result.out;
  const std::string check = "check recipe.toml --simulate --quiet --tolerance ";
  EXPECT_EQ(imbrex(check + "33.3" + with_tests()).code, 1);
  EXPECT_EQ(imbrex(check + "33.4" + with_tests()).code, 0);
}

TEST_F(CommandCheck, HoldsAnEstimateToTenPercent) {
  write("recipe.toml", chain_recipe(0, stage("test.overlap.lossy", "claims = \"estimate\"\n")));
  const auto result = imbrex("check recipe.toml --simulate --quiet" + with_tests());
  EXPECT_EQ(result.code, 1) << result.err;
  EXPECT_EQ(result.out,
            "\nsimulation DISAGREES: makespan 44800000 ps, simulated 33600000 ps (estimate "
            "analysis: the makespan may be off by up to 10 %)\n"
            "estimate: it waits in vain, it was told to say so\n");
  EXPECT_EQ(imbrex("check recipe.toml --simulate --tolerance 34" + with_tests()).code, 0);
}

// Late is allowed, early is not; a tolerance limits how late.
TEST_F(CommandCheck, AllowsAConservativeAnalysisToBeLate) {
  write("recipe.toml", chain_recipe(0, stage("test.overlap.lossy", "claims = \"conservative\"\n")));
  EXPECT_EQ(imbrex("check recipe.toml --simulate" + with_tests()).code, 0);
  EXPECT_EQ(imbrex("check recipe.toml --simulate --tolerance 34" + with_tests()).code, 0);
  EXPECT_EQ(imbrex("check recipe.toml --simulate --tolerance 33" + with_tests()).code, 1);
}

// Its jobs are pixels of 1.4 us: overlapped, B's first one needs A's first six (8.4 us), and B's 16
// follow without a gap.
TEST_F(CommandCheck, AsksOfAScheduleWithoutOverlapThatNothingIsEarly) {
  write("recipe.toml", chain_recipe(0, stage("imbrex.overlap.layer-by-layer")));
  const auto result = imbrex("check recipe.toml --simulate --quiet" + with_tests());
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out,
            "\nsimulation agrees: makespan 44800000 ps, simulated 30800000 ps (exact analysis: it "
            "delays operators on purpose, so no job may end earlier)\n");
}

// What a constructor refuses, what the hardware lacks and what is not modelled is known before a
// run.
TEST_F(CommandCheck, ChecksWhatARunWouldRefuse) {
  write("energy.toml",
        "objective = \"energy\"\n" + chain_recipe(0, stage("imbrex.overlap.clsa-cim")));
  const auto energy = imbrex("check energy.toml" + with_tests());
  EXPECT_EQ(energy.code, 2);
  EXPECT_EQ(energy.err.find("imbrex: error: objective 'energy' needs energies, but cost "
                            "(imbrex.cost.crossbar) models none with these parameters; state "
                            "energies with architecture.mvm_energy_pj, "),
            0u)
      << energy.err;
  EXPECT_EQ(imbrex("run energy.toml --quiet" + with_tests()).err, energy.err);
  const auto modelled =
      imbrex("check energy.toml --set architecture.mvm_energy_pj=1" + with_tests());
  EXPECT_EQ(modelled.code, 0) << modelled.err;
  write("unmappable.toml", chain_recipe(0, stage("imbrex.overlap.clsa-cim")));
  const auto unmappable =
      imbrex("check unmappable.toml --set workload.use=test.workload.unmappable" + with_tests());
  EXPECT_EQ(unmappable.code, 2);
  EXPECT_NE(unmappable.err.find("maps none of the 1 operators"), std::string::npos)
      << unmappable.err;
}

TEST_F(CommandCheck, ChecksThatHardwareFits) {
  struct Case {
    const char* architecture;
    const char* cost;
    const char* lacks;
  };
  for (const Case& one : {Case{"dram-pim", "loop-nest", "an array of MACs"},
                          Case{"pe-array", "bit-serial", "bit-serial banks"},
                          Case{"tiled-cim", "loop-nest", "an array of MACs"},
                          Case{"tiled-cim", "bit-serial", "bit-serial banks"},
                          Case{"dram-pim", "crossbar", "crossbars"}}) {
    write("recipe.toml",
          "imbrex = 1\n[workload]\nuse = \"test.workload.chain\"\n[architecture]\n"
          "use = \"imbrex.architecture." +
              std::string(one.architecture) +
              "\"\n[cost]\n"
              "use = \"imbrex.cost." +
              one.cost + "\"\n" + stage("imbrex.overlap.clsa-cim"));
    const auto result = imbrex("check recipe.toml" + with_tests());
    EXPECT_EQ(result.code, 2) << one.architecture << " " << one.cost;
    EXPECT_NE(result.err.find("recipe.toml:6:1: error: cost (imbrex.cost." + std::string(one.cost) +
                              ") needs " + one.lacks + ", which neither"),
              std::string::npos)
        << result.err;
  }
  write("recipe.toml",
        chain_recipe(0, stage("imbrex.partition.bank-slices") + stage("imbrex.overlap.clsa-cim")));
  const auto foreign = imbrex("check recipe.toml" + with_tests());
  EXPECT_EQ(foreign.code, 2);
  EXPECT_NE(
      foreign.err.find("recipe.toml:11:1: error: stage 1 (imbrex.partition.bank-slices) needs "
                       "bit-serial banks, which neither"),
      std::string::npos)
      << foreign.err;
}

}  // namespace
}  // namespace imbrex
