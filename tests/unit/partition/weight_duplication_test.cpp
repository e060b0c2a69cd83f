// imbrex.partition.weight-duplication as a component; its solvers have tests of their own.
#include "crossbar_kit.hpp"

#include <map>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::Chip;
using test::convolution;
using test::example_chain;
using test::image;
using Judge = test::FakeEvaluator;
using test::Settings;

void partition(Chip& chip, Judge& judge, const Settings& settings = {}) {
  test::make<Partitioner>("imbrex.partition.weight-duplication", settings, chip.context())
      ->partition(chip.design, judge);
}

TEST(WeightDuplication, SpendsTheFreeUnitsOfTheChip) {
  // c = 1 and 6, t = 16 each, 8 extra: A first (tie, lowest index), then B; then A while it fits.
  Chip chip(example_chain(), {{"extra_pes", 8}});
  Judge judge = chip.evaluator();
  partition(chip, judge);
  EXPECT_EQ(chip.design.placement(chip.id("A")).copies, 3);
  EXPECT_EQ(chip.design.placement(chip.id("B")).copies, 2);
  EXPECT_EQ(judge.integers.at("free_units"), 8);
  EXPECT_EQ(judge.integers.at("free_units_used"), 8);
  EXPECT_EQ(judge.integers.at("duplicated_operators"), 2);
  EXPECT_DOUBLE_EQ(judge.reals.at("slowest_operator_ps"), 8 * 1.4e6);
  EXPECT_DOUBLE_EQ(judge.reals.at("sum_of_operators_ps"), (16.0 / 3 + 8) * 1.4e6);
}

TEST(WeightDuplication, RunsTheSolverItIsAskedFor) {
  // 8 extra. stop: A, B, then A/B tie at 8: A (1 left), then B is slowest and does not fit.
  const std::map<std::string, std::pair<std::int64_t, std::int64_t>> expected{
      {"bottleneck-stop", {3, 2}},
      {"bottleneck-skip", {3, 2}},
      {"min-sum-dp", {3, 2}},      // 16/3 + 8 = 13.3 < 16/9 + 16 = 17.8
      {"min-sum-greedy", {9, 1}},  // gains per unit: A 8, 2.7, 1.33 = B 1.33 (tie: A), 0.8 fits ...
  };
  for (const auto& [solver, copies] : expected) {
    Chip chip(example_chain(), {{"extra_pes", 8}});
    Judge judge = chip.evaluator();
    partition(chip, judge, {{"solver", solver}});
    const std::pair found{chip.design.placement(chip.id("A")).copies,
                          chip.design.placement(chip.id("B")).copies};
    EXPECT_EQ(found, copies) << solver;
  }
}

TEST(WeightDuplication, SetsTheDealingOfEveryMappedOperator) {
  Chip chip(example_chain(), {{"extra_pes", 1}});
  Judge judge = chip.evaluator();
  partition(chip, judge, {{"dealing", std::string("strip-w")}});
  EXPECT_EQ(chip.design.placement(chip.id("A")).dealing, Dealing::strip_w);
  EXPECT_EQ(chip.design.placement(chip.id("B")).dealing, Dealing::strip_w);
  EXPECT_EQ(chip.design.placement(chip.id("relu")), Placement{});
}

TEST(WeightDuplication, LeavesOneCopyEachOnTheMinimalChip) {
  Chip chip(example_chain());
  Judge judge = chip.evaluator();
  partition(chip, judge);
  EXPECT_EQ(chip.design.placement(chip.id("A")).copies, 1);
  EXPECT_EQ(chip.design.placement(chip.id("B")).copies, 1);
  EXPECT_EQ(judge.integers.at("free_units"), 0);
}

TEST(WeightDuplication, StopsAtOneCopyPerPosition) {
  WorkloadBuilder builder("tiny");
  builder.convolution("A", builder.input("x", image(2, 2, 3)), convolution(2, 1));
  Chip chip(std::make_shared<const Workload>(builder.finish()), {{"extra_pes", 50}});
  Judge judge = chip.evaluator();
  partition(chip, judge);
  EXPECT_EQ(chip.design.placement(chip.id("A")).copies, 6);
  EXPECT_EQ(judge.integers.at("free_units_used"), 5);
}

TEST(WeightDuplication, NamesTheShortfallOfAChipThatIsTooSmall) {
  Chip chip(example_chain(), {{"pes", 4}});
  Judge judge = chip.evaluator();
  const std::string message = test::thrown<InfeasibleError>([&] { partition(chip, judge); });
  EXPECT_NE(message.find("needs 7 PEs, the chip has 4: 3 too few"), std::string::npos) << message;
}

TEST(WeightDuplication, ForgetsATimelineThatNoLongerHolds) {
  Chip chip(example_chain());
  chip.design.timeline() = Timeline{};
  Judge judge = chip.evaluator();
  partition(chip, judge);
  EXPECT_FALSE(chip.design.timeline().has_value());
}

TEST(WeightDuplication, GivesTheSameCopiesWhenRunAgain) {
  Chip chip(example_chain(), {{"extra_pes", 8}});
  Judge judge = chip.evaluator();
  partition(chip, judge);
  const Placement first = chip.design.placement(chip.id("A"));
  partition(chip, judge);
  EXPECT_EQ(chip.design.placement(chip.id("A")), first);
}

// 32 positions that wait for one another against 16 that do not, one crossbar each: all free ones
// go to the second layer, 16 copies at most.
TEST(WeightDuplication, LeavesAChainItsOneCopy) {
  for (const char* solver : {"bottleneck-skip", "min-sum-dp", "min-sum-greedy"}) {
    WorkloadBuilder builder("chain");
    ConvolutionParams params;
    params.output_channels = 4;
    const TensorId wide = builder.input("x", Shape{4, {1, 4, 32, 1}});
    const TensorId chained = builder.convolution("chained", wide, params);
    builder.chain(chained, Dim::P);
    params.window.stride = {2, 1};
    builder.convolution("free", chained, params);
    Chip chip(std::make_shared<const Workload>(builder.finish()), {{"extra_pes", 40}});
    Judge judge = chip.evaluator();
    partition(chip, judge, {{"solver", solver}});
    EXPECT_EQ(chip.design.placement(chip.id("chained")).copies, 1) << solver;
    EXPECT_EQ(chip.design.placement(chip.id("free")).copies, 16) << solver;
  }
}

}  // namespace
}  // namespace imbrex
