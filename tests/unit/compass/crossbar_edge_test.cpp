// The columns of one weight lie in one crossbar: a crossbar holds whole weights, and what its edge
// has too few columns for stays empty. One rule for the cost model, for units and for every
// partitioner.
#include "compass_kit.hpp"

#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/segments/crossbar.hpp>
#include <imbrex/toolkit/segments/weight_units.hpp>

#include <numeric>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

std::shared_ptr<const Workload> layer(std::int64_t channels, std::int64_t outputs,
                                      std::int64_t groups = 1) {
  WorkloadBuilder builder("layer");
  ConvolutionParams params;
  params.output_channels = outputs * groups;
  params.groups = groups;
  builder.convolution("layer", builder.input("x", {4, {1, channels * groups, 4, 4, 1, 1}}), params);
  return std::make_shared<const Workload>(builder.finish());
}

struct Edge {
  std::int64_t rows, columns, weight_bits, bits_per_cell;  // of the crossbar
  std::int64_t channels, outputs, groups;                  // of the layer
  std::int64_t crossbars;                                  // by hand
};

// By hand; "cut" is what ceil(all columns / columns of a crossbar) would say.
const std::vector<Edge>& edges() {
  static const std::vector<Edge> all = {
      // 3 columns per weight, 42 in 128 columns: ceil(128 / 42) = 4; cut: ceil(384 / 128) = 3.
      {128, 128, 8, 3, 64, 128, 1, 4},
      // 3 columns, 10 in 32: ceil(63 / 10) = 7; cut: ceil(189 / 32) = 6.
      {64, 32, 8, 3, 64, 63, 1, 7},
      // 5 columns (8 bits on 2-bit cells are 4; 9 bits are 5), 12 in 64: ceil(25 / 12) = 3, times
      // ceil(100 / 64) = 2 row tiles; cut: ceil(125 / 64) = 2, times 2.
      {64, 64, 9, 2, 100, 25, 1, 6},
      // 8 columns divide 64 evenly: both ways ceil(20 / 8) = 3 = ceil(160 / 64).
      {64, 64, 8, 1, 64, 20, 1, 3},
      // A weight of 8 columns in crossbars of 6: two crossbars each, 5 * 2; cut: ceil(40 / 6) = 7.
      {64, 6, 8, 1, 64, 5, 1, 10},
      // Groups of 85 outputs at 3 columns, 42 in 128: 3 crossbars each; cut: ceil(255 / 128) = 2.
      {128, 128, 8, 3, 20, 85, 2, 6},
      // Groups of 5 outputs and 16 rows: 21 weights in 64 columns are 4 groups, 4 fit the rows of
      // 64, so ceil(9 / 4) = 3.
      {64, 64, 8, 3, 16, 5, 9, 3},
  };
  return all;
}

Settings chip_of(const Edge& edge, std::int64_t cores, std::int64_t per_core) {
  return {{"rows", edge.rows},
          {"columns", edge.columns},
          {"weight_bits", edge.weight_bits},
          {"bits_per_cell", edge.bits_per_cell},
          {"cores", cores},
          {"crossbars_per_core", per_core}};
}

std::int64_t total(const UnitSequence& sequence) {
  return std::accumulate(sequence.units.begin(), sequence.units.end(), std::int64_t{0},
                         [](std::int64_t sum, const WeightUnit& unit) { return sum + unit.size; });
}

TEST(CrossbarEdge, CostModelAndUnitsCountTheSameWholeWeights) {
  for (const Edge& edge : edges()) {
    SCOPED_TRACE(::testing::Message() << edge.outputs << " outputs, crossbars of " << edge.columns);
    const auto network = layer(edge.channels, edge.outputs, edge.groups);
    for (const std::int64_t per_core : {1, 2, 3, 64}) {
      const CompassChip chip(network, chip_of(edge, 64, per_core));
      EXPECT_EQ(chip.cost().demand(operator_id(0)).units, edge.crossbars);
      EXPECT_EQ(total(segments::decompose(*network, chip.architecture())), edge.crossbars)
          << per_core;
    }
  }
}

// One crossbar too few needs a second segment, exactly as many do not; whoever cuts.
TEST(CrossbarEdge, EveryPartitionerCutsWhereTheCostModelSaysThatItDoesNotFit) {
  for (const Edge& edge : edges()) {
    const auto network = layer(edge.channels, edge.outputs, edge.groups);
    for (const char* name : {"greedy", "optimal", "compass"}) {
      SCOPED_TRACE(::testing::Message() << name << ", " << edge.outputs << " outputs");
      for (const std::int64_t missing : {0, 1}) {
        const CompassChip chip(network, chip_of(edge, edge.crossbars - missing, 1));
        EXPECT_EQ(chip.model().fits(chip.cost().demand(operator_id(0))),
                  missing == 0 ? Verdict::feasible : Verdict::infeasible);
        Design design = chip.design;
        const FakeEvaluator said = partition(chip, name, {}, Objective::throughput, &design);
        EXPECT_EQ(design.workload().operators().size() > 1, missing == 1);
      }
    }
  }
}

TEST(CrossbarEdge, SlicesOfRandomLayersNeedWhatTheWholeNeeds) {
  Random random(32, 0);
  for (int trial = 0; trial < 500; ++trial) {
    const Edge edge{random.between(1, 70),
                    random.between(1, 70),
                    random.between(1, 9),
                    random.between(1, 4),
                    random.between(1, 90),
                    random.between(1, 90),
                    random.below(3) == 0 ? random.between(2, 6) : 1,
                    0};
    const auto network = layer(edge.channels, edge.outputs, edge.groups);
    ComputeUnit unit;
    unit.rows = edge.rows;
    unit.columns = edge.columns;
    unit.columns_per_weight = ceil_div(edge.weight_bits, edge.bits_per_cell);
    // Column by column: a weight that does not fit the rest of a crossbar begins a new one.
    std::int64_t across = 0;
    std::int64_t free = 0;
    for (std::int64_t weight = 0; weight < edge.outputs; ++weight) {
      if (free < unit.columns_per_weight) {
        across += ceil_div(unit.columns_per_weight, unit.columns);
        free = std::max<std::int64_t>(unit.columns, unit.columns_per_weight);
      }
      free = unit.columns_per_weight > unit.columns ? 0 : free - unit.columns_per_weight;
    }
    EXPECT_EQ(segments::crossbars_across(edge.outputs, unit.columns, unit.columns_per_weight),
              across);
    const std::int64_t whole = segments::crossbars_of_one_copy(network->operators()[0], unit);
    if (edge.groups == 1) {
      EXPECT_EQ(whole, across * ceil_div(edge.channels, edge.rows));
    }
    Architecture chip;
    const ResourcePool pool{"crossbar", 1 << 20, random.between(1, 20)};
    chip.units = std::span(&unit, 1);
    chip.resources = std::span(&pool, 1);
    unit.kind = UnitKind::crossbar;
    EXPECT_EQ(total(segments::decompose(*network, chip)), whole) << "trial " << trial;
  }
}

}  // namespace
}  // namespace imbrex::test
