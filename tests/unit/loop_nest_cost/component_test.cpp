// imbrex.cost.loop-nest and imbrex.architecture.pe-array as components, put together by recipes.
#include "array_system.hpp"
#include "run/runner.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/mapspace/map_space.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::ArraySystem;

constexpr const char* kRecipes[] = {"resnet18-eye168.toml", "resnet18-ws256.toml"};

std::string failure_of(const std::string& recipe, const std::vector<std::string>& overrides) {
  try {
    const ArraySystem system(recipe, overrides);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(LoopNestCost, CanonicalMappingsAreFeasibleAndHaveTheJobsAskedFor) {
  for (const char* recipe : kRecipes) {
    for (const char* network : {"resnet18-full", "vgg16-full", "bert-base-encoder"}) {
      const ArraySystem system(recipe, {"workload.file=" IMBREX_SOURCE_DIR "/configs/workloads/" +
                                        std::string(network) + ".toml"});
      for (const OperatorId id : system.mapped()) {
        for (const JobShape shape : {JobShape{JobShape::Kind::row}, JobShape{JobShape::Kind::layer},
                                     JobShape{JobShape::Kind::block, 4, 4}}) {
          SCOPED_TRACE(std::string(recipe) + " " + network + " " + system.workload().at(id).name);
          const Operator& op = system.workload().at(id);
          const Mapping mapping = system.cost().canonical_mapping(id, {}, shape);
          EXPECT_EQ(system.evaluate(id, mapping).verdict, Verdict::feasible);
          const auto [height, width] = shape.extent(op.bounds[Dim::P], op.bounds[Dim::Q]);
          EXPECT_EQ(mapping.job_extent[index(Dim::P)], height);
          EXPECT_EQ(mapping.job_extent[index(Dim::Q)], width);
        }
      }
    }
  }
}

TEST(LoopNestCost, SampledMappingsAreJudgedWithAReason) {
  for (const char* recipe : kRecipes) {
    const ArraySystem system(recipe);
    std::size_t feasible = 0;
    for (const OperatorId id : system.mapped()) {
      SCOPED_TRACE(std::string(recipe) + " " + system.workload().at(id).name);
      const mapspace::MapSpace space(system.cost().map_space(id, {}));
      Random random(5, index(id));
      for (int trial = 0; trial < 200; ++trial) {
        const Mapping mapping = space.sample(random);
        const LayerCost cost = system.evaluate(id, mapping);
        const auto shortfall = system.cost().shortfall(id, {}, mapping);
        ASSERT_NE(cost.verdict, Verdict::unsupported);
        ASSERT_EQ(shortfall.has_value(), cost.verdict == Verdict::infeasible);
        if (shortfall) {
          ASSERT_GT(shortfall->needed, shortfall->available);
          ASSERT_FALSE(shortfall->level.empty());
          continue;
        }
        ++feasible;
        ASSERT_GE(cost.latency_ps, system.cost().lower_bound_ps(id, {}));
        const JobClock clock = system.cost().job_clock(id, {}, mapping);
        std::int64_t jobs = 1;
        for (const Loop& loop : mapping.outer_loops()) {
          jobs *= loop.bound;
        }
        ASSERT_EQ(clock.fixed_ps * jobs, cost.latency_ps);
      }
    }
    EXPECT_GT(feasible, 100u) << recipe;
  }
}

TEST(LoopNestCost, OwnedPartOfTheArrayLimitsSpatialLoops) {
  const ArraySystem system("resnet18-ws256.toml");
  const OperatorId id = system.mapped()[1];
  Placement eight;
  eight.units = 8;
  const mapspace::MapSpace whole(system.cost().map_space(id, {}));
  const mapspace::MapSpace part(system.cost().map_space(id, eight));
  EXPECT_LT(part.size(), whole.size());
  Random random(9, 0);
  bool seen_too_large = false;
  for (int trial = 0; trial < 500; ++trial) {
    const Mapping mapping = whole.sample(random);
    std::int64_t macs = 1;
    for (const Loop& loop : mapping.all_loops()) {
      macs *= loop.kind == LoopKind::spatial ? loop.bound : 1;
    }
    if (macs > 8) {
      seen_too_large = true;
      EXPECT_EQ(system.evaluate(id, mapping, eight).verdict, Verdict::infeasible);
      EXPECT_EQ(system.cost().shortfall(id, eight, mapping)->needed, macs);
    }
  }
  EXPECT_TRUE(seen_too_large);
}

// What the two countings are is the oracle's and the twin's business; here: the choice arrives.
TEST(LoopNestCost, CountsAsTimeloopWhenAsked) {
  const std::vector<std::string> overrides{"cost.counting=timeloop"};
  const ArraySystem exact("resnet18-ws256.toml");
  const ArraySystem compatible("resnet18-ws256.toml", overrides);
  bool differs = false;
  for (const OperatorId id : exact.mapped()) {
    const mapspace::MapSpace space(exact.cost().map_space(id, {}));
    Random random(3, index(id));
    for (int trial = 0; trial < 100; ++trial) {
      const Mapping mapping = space.sample(random);
      const LayerCost ours = exact.evaluate(id, mapping);
      const LayerCost theirs = compatible.evaluate(id, mapping);
      differs =
          differs || (ours.verdict == Verdict::feasible && theirs.verdict == Verdict::feasible &&
                      ours.latency_ps != theirs.latency_ps);
    }
  }
  EXPECT_TRUE(differs);
}

TEST(LoopNestCost, EmptyMapSpaceNamesTheConstraint) {
  const ArraySystem system("resnet18-ws256.toml",
                           {"cost.constraints=[\"*: RegisterFile temporal C = 7\"]"});
  const mapspace::MapSpace space(system.cost().map_space(system.mapped()[1], {}));
  EXPECT_TRUE(space.empty());
  EXPECT_EQ(space.why_empty().find("no mapping satisfies constraint \"*: RegisterFile temporal C = "
                                   "7\"; with C = 8 there are "),
            0u);
}

TEST(LoopNestCost, RefusesBadKeepLists) {
  EXPECT_NE(failure_of("resnet18-ws256.toml", {"cost.keep=[\"WIO\"]"})
                .find("parameter 'keep' has 1 entries, the architecture has 4 levels: DRAM, "
                      "GlobalBuffer, column, RegisterFile"),
            std::string::npos);
  EXPECT_NE(failure_of("resnet18-ws256.toml", {"cost.keep=[\"WIO\",\"WX\",\"\",\"WIO\"]"})
                .find("'WX' for level 'GlobalBuffer' holds 'X'"),
            std::string::npos);
  EXPECT_NE(failure_of("resnet18-ws256.toml", {"cost.keep=[\"WI\",\"WIO\",\"\",\"WIO\"]"})
                .find("the outermost level 'DRAM' must keep \"WIO\""),
            std::string::npos);
}

TEST(PeArray, RefusesListsOfDifferentLength) {
  EXPECT_NE(failure_of("resnet18-ws256.toml", {"architecture.level_words=[0,1]"})
                .find("parameter 'level_words' has 2 entries, 'level_names' has 4: one per level"),
            std::string::npos);
}

TEST(PeArray, RefusesInstancesThatDoNotDivide) {
  EXPECT_NE(failure_of("resnet18-ws256.toml", {"architecture.level_instances=[1,1,15,256]"})
                .find("level 'column' has 15 instances, which do not divide the 256 of "
                      "'RegisterFile'"),
            std::string::npos);
}

TEST(PeArray, CostNeedsAnArrayOfMacs) {
  // Nothing but the kind of the units is wrong.
  const std::string failure = failure_of(
      "tinyyolov4-clsa-cim.toml",
      {"cost.use=imbrex.cost.loop-nest", "stage.1.use=imbrex.partition.one-per-segment"});
  EXPECT_NE(failure.find("tinyyolov4-clsa-cim.toml:17:1: error: cost (imbrex.cost.loop-nest) needs "
                         "an array of MACs, which neither imbrex.architecture.tiled-cim nor "
                         "imbrex.cost.loop-nest provides; try imbrex.architecture.pe-array"),
            std::string::npos)
      << failure;
}

// Nothing is kept on chip: every MAC reads a weight and an input from the external memory and
// updates an output there, which is read again unless it is its first. 2 pJ per word, 0.5 per MAC.
TEST(LoopNestCost, EnergyIsAccessesTimesEnergyPerWord) {
  const ArraySystem system(
      "resnet18-ws256.toml",
      {"cost.keep=[\"WIO\",\"\",\"\",\"\"]", "cost.constraints=[]",
       "architecture.level_energy_pj_per_word=[2,0,0,0]", "architecture.mac_energy_pj=0.5"});
  const OperatorId id = system.mapped()[1];
  const Operator& op = system.workload().at(id);
  Mapping mapping;
  mapping.job_extent.fill(1);
  for (const Dim dim : {Dim::K, Dim::C, Dim::P, Dim::Q, Dim::R, Dim::S}) {
    mapping.loops[mapping.count++] = {dim, LoopKind::temporal, 0, op.bounds[dim]};
  }
  mapping.outer = mapping.count;
  const LayerCost cost = system.evaluate(id, mapping);
  ASSERT_EQ(cost.verdict, Verdict::feasible);
  const double macs = static_cast<double>(op.bounds.macs());
  const double outputs =
      static_cast<double>(op.bounds[Dim::K] * op.bounds[Dim::P] * op.bounds[Dim::Q]);
  // A 3x3 window with one row and column of padding: the first tap misses the first position, the
  // last one the last.
  const auto along = [&](Dim dim) { return static_cast<double>(3 * op.bounds[dim] - 2); };
  const double inputs =
      static_cast<double>(op.bounds[Dim::K] * op.bounds[Dim::C]) * along(Dim::P) * along(Dim::Q);
  // reads: weights, inputs, accumulations; writes: updates.
  EXPECT_DOUBLE_EQ(cost.energy_pj, 2 * (macs + inputs + (macs - outputs) + macs) + 0.5 * macs);
  EXPECT_GE(cost.latency_ps, system.cost().lower_bound_ps(id, {}));
}

TEST(OnePerSegment, GivesEveryOperatorTheWholeChipInTurn) {
  plugin::HostServices services(plugin::HostOptions{});
  const run::RunOutcome outcome = run::run_plan(
      recipe::resolve(
          {IMBREX_SOURCE_DIR "/configs/recipes/resnet18-ws256.toml", {"stage.2.samples=1"}},
          test::registry()),
      test::registry(), services);
  const auto& operators = outcome.result.operators;
  ASSERT_EQ(outcome.result.segments.size(), operators.size());
  std::int64_t end_ps = 0;
  for (std::size_t i = 0; i < operators.size(); ++i) {
    EXPECT_EQ(outcome.design->placement(operators[i].id).segment, static_cast<std::int32_t>(i));
    EXPECT_EQ(outcome.result.segments[i].units, 256);
    EXPECT_EQ(operators[i].times.start_ps, end_ps);
    end_ps = operators[i].times.end_ps;
  }
  EXPECT_EQ(end_ps, outcome.design->timeline()->makespan_ps);
}

}  // namespace
}  // namespace imbrex
