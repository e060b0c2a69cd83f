// imbrex.cost.crossbar
#include "crossbar_kit.hpp"

#include <imbrex/plugin/host.hpp>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::Chip;
using test::convolution;
using test::example_chain;
using test::image;

constexpr std::uint64_t kSeed = 61;
constexpr std::int64_t kMvm = 1'400'000;

LayerCost cost_of(const Chip& chip, OperatorId id, const Placement& placement,
                  const Mapping& mapping) {
  LayerCost cost;
  chip.cost().evaluate(id, placement, {&mapping, 1}, {&cost, 1});
  return cost;
}

TEST(Crossbar, DemandsTheCrossbarsOfTheSpecification) {
  const Chip chip(example_chain());
  EXPECT_EQ(chip.cost().demand(chip.id("A")), (Demand{true, 1, 16 * 9 * 64 * 8}));
  EXPECT_EQ(chip.cost().demand(chip.id("B")), (Demand{true, 6, 64 * 9 * 300 * 8}));
  EXPECT_EQ(chip.cost().demand(chip.id("relu")), Demand{});
}

TEST(Crossbar, MapsOnlyOperatorsWithConstantWeights) {
  WorkloadBuilder builder("attention");
  const Shape matrix{2, {8, 16, 1, 1, 1, 1}};
  const TensorId x = builder.input("x", matrix);
  const TensorId q = builder.dense("q", x, 16);
  builder.matmul(
      "product", q,
      builder.transpose("t", builder.dense("k", x, 16), std::vector<std::int64_t>{1, 0}));
  const Chip chip(std::make_shared<const Workload>(builder.finish()));
  EXPECT_TRUE(chip.cost().demand(chip.id("q")).mappable);
  EXPECT_FALSE(chip.cost().demand(chip.id("product")).mappable);
  EXPECT_EQ(cost_of(chip, chip.id("product"), {}, {}).verdict, Verdict::unsupported);
}

TEST(Crossbar, PacksDepthwiseGroupsBlockDiagonally) {
  // 64 groups of 9 x 1: 28 groups share the 256 rows of a crossbar, so 3 crossbars.
  WorkloadBuilder builder("depthwise");
  builder.convolution("D", builder.input("x", image(64, 4, 4)), convolution(64, 3, 64));
  const Chip chip(std::make_shared<const Workload>(builder.finish()));
  EXPECT_EQ(chip.cost().demand(chip.id("D")).units, 3);
}

TEST(Crossbar, CanonicalMappingLoopsOverRowsAndColumnsOnly) {
  WorkloadBuilder builder("one");
  builder.convolution("A", builder.input("x", image(3, 10, 7)), convolution(5, 3));
  const Chip chip(std::make_shared<const Workload>(builder.finish()));
  const auto jobs = [&](const JobShape& shape) {
    const Mapping mapping = chip.cost().canonical_mapping(operator_id(0), {}, shape);
    const Operator& op = chip.workload().at(operator_id(0));
    EXPECT_EQ(mapping_verdict(op, mapping), Verdict::feasible);
    const auto order = make_work_order(op, mapping, 1, Dealing::round_robin,
                                       chip.cost().job_clock(operator_id(0), {}, mapping), false);
    EXPECT_NE(order->tile_grid(), nullptr);
    EXPECT_EQ(order->job(0, 0).box[Dim::K], (Interval{0, 5}));
    EXPECT_EQ(order->job(0, 0).box[Dim::C], (Interval{0, 3}));
    EXPECT_EQ(longest_server_ps(*order), 70 * kMvm);  // work is what it is, however it is cut
    return order->job_count();
  };
  EXPECT_EQ(jobs({JobShape::Kind::row}), 10);
  EXPECT_EQ(jobs({JobShape::Kind::rows, 3}), 4);
  EXPECT_EQ(jobs({JobShape::Kind::block, 4, 4}), 6);
  EXPECT_EQ(jobs({JobShape::Kind::block, 40, 40}), 1);
  EXPECT_EQ(jobs({JobShape::Kind::pixel}), 70);
  EXPECT_EQ(jobs({JobShape::Kind::layer}), 1);
}

TEST(Crossbar, TakesOneProductPerPositionAndSharesThemByCopies) {
  const Chip chip(example_chain());
  const OperatorId b = chip.id("B");
  Placement placement;
  const Mapping rows = chip.cost().canonical_mapping(b, placement, {JobShape::Kind::row});
  const Mapping pixels = chip.cost().canonical_mapping(b, placement, {JobShape::Kind::pixel});
  EXPECT_EQ(cost_of(chip, b, placement, rows).latency_ps, 16 * kMvm);
  placement.copies = 3;  // rows 0 and 3 on copy 0; 16 pixels as 6 + 5 + 5
  EXPECT_EQ(cost_of(chip, b, placement, rows).latency_ps, 8 * kMvm);
  EXPECT_EQ(cost_of(chip, b, placement, pixels).latency_ps, 6 * kMvm);
}

TEST(Crossbar, RefusesMappingsThatNeedMoreCopiesThanPlaced) {
  const Chip chip(example_chain());
  Mapping mapping = chip.cost().canonical_mapping(chip.id("A"), {}, {JobShape::Kind::row});
  mapping.loops[0].kind = LoopKind::spatial;
  EXPECT_EQ(cost_of(chip, chip.id("A"), {}, mapping).verdict, Verdict::unsupported);
  mapping.loops[0].bound = 2;
  EXPECT_EQ(cost_of(chip, chip.id("A"), {}, mapping).verdict, Verdict::infeasible);
}

TEST(Crossbar, LowerBoundIsNeverAboveAnyMapping) {
  Random random(kSeed, 0);
  for (int round = 0; round < 1000; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    WorkloadBuilder builder("one");
    builder.convolution("A",
                        builder.input("x", image(2, random.between(1, 9), random.between(1, 9))),
                        convolution(2, 1));
    const Chip chip(std::make_shared<const Workload>(builder.finish()));
    Placement placement;
    placement.copies = random.between(1, 12);
    placement.dealing = static_cast<Dealing>(random.below(3));
    const JobShape shape{static_cast<JobShape::Kind>(random.below(5)), random.between(1, 4),
                         random.between(1, 4)};
    const Mapping mapping = chip.cost().canonical_mapping(operator_id(0), placement, shape);
    const LayerCost cost = cost_of(chip, operator_id(0), placement, mapping);
    ASSERT_EQ(cost.verdict, Verdict::feasible);
    ASSERT_LE(chip.cost().lower_bound_ps(operator_id(0), placement), cost.latency_ps);
    const Mapping pixels =
        chip.cost().canonical_mapping(operator_id(0), placement, {JobShape::Kind::pixel});
    placement.dealing = Dealing::round_robin;  // pixels in turn are the most even sharing there is
    ASSERT_EQ(chip.cost().lower_bound_ps(operator_id(0), placement),
              cost_of(chip, operator_id(0), placement, pixels).latency_ps);
  }
}

TEST(Crossbar, ChargesEnergyPerCrossbarAndPosition) {
  const Chip chip(example_chain(), {{"mvm_energy_pj", 2.5}});
  const OperatorId b = chip.id("B");
  Placement placement;
  const Mapping rows = chip.cost().canonical_mapping(b, placement, {JobShape::Kind::row});
  EXPECT_DOUBLE_EQ(cost_of(chip, b, placement, rows).energy_pj, 16 * 6 * 2.5);
  placement.copies = 4;  // shared, not repeated
  EXPECT_DOUBLE_EQ(cost_of(chip, b, placement, rows).energy_pj, 16 * 6 * 2.5);
}

TEST(Crossbar, TransfersPayBufferHopsAndBandwidth) {
  // 27 tiles in 5 x 6 columns; tile 0 = (0, 0), tile 8 = (1, 2): 3 hops.
  const Chip chip(example_chain(), {{"pes", 27},
                                    {"link_hop_ns", 2.0},
                                    {"link_bits_per_ns", 300.0},
                                    {"buffer_access_ns", 5.0},
                                    {"link_energy_pj_per_bit_hop", 0.5}});
  ASSERT_EQ(chip.architecture().grid.columns, 6);
  const Transfer transfers[] = {{chip.id("A"), chip.id("B"), 0, 8, 1000},
                                {chip.id("A"), chip.id("B"), 8, 0, 1000},
                                {chip.id("A"), chip.id("B"), 8, 8, 1000}};
  TransferCost costs[3];
  chip.cost().transfer(transfers, costs);
  EXPECT_EQ(costs[0].latency_ps, 5000 + 3 * 2000 + 3334);  // 1000 / 0.3 per ps, rounded up
  EXPECT_DOUBLE_EQ(costs[0].energy_pj, 1500);
  EXPECT_EQ(costs[1].latency_ps, costs[0].latency_ps);
  EXPECT_EQ(costs[2].latency_ps, 5000);  // same tile: no link
  EXPECT_DOUBLE_EQ(costs[2].energy_pj, 0);
}

TEST(Crossbar, MovementIsFreeUnlessTheArchitectureSaysOtherwise) {
  const Chip free_chip(example_chain());
  EXPECT_EQ(free_chip.cost().movement_ps(free_chip.id("relu")), 0);
  const Chip chip(example_chain(), {{"gpeu_ns_per_position", 7.0}});
  EXPECT_EQ(chip.cost().movement_ps(chip.id("relu")), 7000);
  EXPECT_EQ(chip.cost().movement_ps(chip.id("A")), 0);
}

TEST(Crossbar, RefusesAnArchitectureWithoutCrossbars) {
  const auto workload = example_chain();
  const ComputeUnit unit{.name = "array", .kind = UnitKind::mac_array, .provenance = {}};
  Architecture architecture;
  architecture.name = "systolic";
  architecture.units = {&unit, 1};
  const std::string message = test::thrown<InputError>([&] {
    test::make<CostModel>("imbrex.cost.crossbar", {}, {workload.get(), &architecture});
  });
  EXPECT_NE(message.find("'systolic' does not"), std::string::npos) << message;
}

}  // namespace
}  // namespace imbrex
