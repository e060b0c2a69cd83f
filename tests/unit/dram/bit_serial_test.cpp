// imbrex.cost.bit-serial as a component; its arithmetic has a test of its own.
#include "allocation_counter.hpp"
#include "dram_kit.hpp"

#include <imbrex/toolkit/mapspace/map_space.hpp>
#include <imbrex/values/work_graph.hpp>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::DramSystem;
using test::one_convolution;
using test::slice;
using test::thrown;

const DramSystem& resnet18() {
  static const DramSystem system(test::load_workload("resnet18"));
  return system;
}

TEST(BitSerial, CostsAHandCountedNest) {
  // 4 filters, 2 channels, 4 x 4, 1 x 1 kernel on 2 banks: rows 4 as T2 . S2, filters and columns
  // on 16 lanes, channels one after the other.
  const DramSystem system(one_convolution(2, 4, 4, 1));
  Mapping m;
  m.loops[0] = {Dim::P, LoopKind::temporal, 1, 2};
  m.loops[1] = {Dim::P, LoopKind::spatial, 1, 2};
  m.loops[2] = {Dim::K, LoopKind::spatial, 2, 4};
  m.loops[3] = {Dim::Q, LoopKind::spatial, 2, 4};
  m.loops[4] = {Dim::C, LoopKind::temporal, 3, 2};
  m.count = 5;
  m.outer = 2;
  m.job_extent = {1, 1, 4, 2, 1, 4, 1, 1};
  const JobClock clock = system.cost().job_clock(operator_id(0), slice(2), m);
  // multiply 8: 495 AAP, 168 AP; add 32: 193 AAP, 64 AP. A job reads 2 x 4 bytes and writes 4 x 4:
  // 64 and 128 bits at 0.128 bit/ps; the two banks together load the channel just as much.
  const std::int64_t mac_ps = (495 + 193) * 51000 + (168 + 64) * 47000;
  EXPECT_EQ(clock.fixed_ps, 2 * mac_ps + 500 + 1000);
  EXPECT_EQ(clock.per_position_ps, 0);
  EXPECT_EQ(clock.completion_ps, 0);
  const LayerCost cost = system.evaluate(operator_id(0), slice(2), m);
  EXPECT_EQ(cost.verdict, Verdict::feasible);
  EXPECT_EQ(cost.latency_ps, 2 * clock.fixed_ps);
  // 2 banks x 2 steps x 2 MACs: 2 activations per AAP, 1 per AP; 768 bits moved at 1.17 + 1.51.
  EXPECT_NEAR(cost.energy_pj, 8.0 * (2 * 688 + 232) * 909 + 768 * 2.68, 1e-3);
}
TEST(BitSerial, JudgesMappingsThatDoNotFit) {
  const DramSystem system(one_convolution(2, 4, 4, 1), {{"columns", std::int64_t{8}}});
  Mapping m;
  m.loops[0] = {Dim::P, LoopKind::spatial, 1, 4};
  m.loops[1] = {Dim::K, LoopKind::spatial, 2, 4};
  m.loops[2] = {Dim::Q, LoopKind::temporal, 3, 4};
  m.loops[3] = {Dim::C, LoopKind::temporal, 3, 2};
  m.count = 4;
  m.outer = 1;
  m.job_extent = {1, 1, 4, 2, 1, 4, 1, 1};
  const auto verdict = [&](const Placement& p, const Mapping& mapping) {
    return system.evaluate(operator_id(0), p, mapping).verdict;
  };
  EXPECT_EQ(verdict(slice(4), m), Verdict::feasible);
  EXPECT_EQ(verdict(slice(3), m), Verdict::infeasible);  // four banks at once
  Mapping wide = m;
  wide.loops[2] = {Dim::Q, LoopKind::spatial, 2, 4};
  EXPECT_EQ(verdict(slice(4), wide), Verdict::infeasible);  // 16 lanes of 8
  Mapping wrong = m;
  wrong.job_extent[index(Dim::C)] = 4;
  EXPECT_EQ(verdict(slice(4), wrong), Verdict::unsupported);
  Mapping uncovered = m;
  uncovered.loops[0].bound = 2;
  EXPECT_EQ(verdict(slice(4), uncovered), Verdict::infeasible);
  Placement copies = slice(4);
  copies.copies = 2;
  EXPECT_EQ(verdict(copies, m), Verdict::unsupported);
}
TEST(BitSerial, CountsTheRowsOfALane) {
  // Sequence of C = 2, Q = 4 in a lane: weights 2 x 8, inputs 8 x 8, sums 4 x 32, 32 scratch = 240.
  Mapping m;
  m.loops[0] = {Dim::P, LoopKind::spatial, 1, 4};
  m.loops[1] = {Dim::K, LoopKind::spatial, 2, 4};
  m.loops[2] = {Dim::Q, LoopKind::temporal, 3, 4};
  m.loops[3] = {Dim::C, LoopKind::temporal, 3, 2};
  m.count = 4;
  m.outer = 1;
  m.job_extent = {1, 1, 4, 2, 1, 4, 1, 1};
  for (const auto& [rows, buffered, expected] :
       {std::tuple{std::int64_t{240}, std::int64_t{0}, Verdict::feasible},
        std::tuple{std::int64_t{239}, std::int64_t{0}, Verdict::infeasible},
        std::tuple{std::int64_t{304}, std::int64_t{1}, Verdict::feasible},
        std::tuple{std::int64_t{303}, std::int64_t{1}, Verdict::infeasible}}) {
    const DramSystem system(one_convolution(2, 4, 4, 1), {{"rows", rows}},
                            {{"double_buffering", buffered}});
    EXPECT_EQ(system.evaluate(operator_id(0), slice(4), m).verdict, expected) << rows;
  }
}
TEST(BitSerial, CanonicalMappingsAreLegalAndOfTheMapSpace) {
  for (const char* network : {"resnet18", "bert-base-encoder", "vgg16"}) {
    const DramSystem system(test::load_workload(network));
    for (const OperatorId id : system.mapped()) {
      for (const std::int64_t units : {1, 3, 6, 16, 32}) {
        for (const JobShape::Kind kind : {JobShape::Kind::row, JobShape::Kind::layer}) {
          const Mapping m = system.cost().canonical_mapping(id, slice(units), {kind});
          EXPECT_EQ(system.evaluate(id, slice(units), m).verdict, Verdict::feasible)
              << system.workload().at(id).name << " " << units;
          if (units == 6 && kind == JobShape::Kind::row && network == std::string("resnet18")) {
            EXPECT_TRUE(mapspace::MapSpace(system.cost().map_space(id, slice(units))).contains(m))
                << system.workload().at(id).name;
          }
        }
      }
    }
  }
}
TEST(BitSerial, CutsLayersThatDoNotFitAsOneJobIntoRows) {
  // A lane would hold 784 sums of 32 bits, 288 weights and 900 inputs of 8: too many for one bank.
  const DramSystem system(test::load_workload("vgg16"));
  const OperatorId id = system.id("stage4.conv2");
  const Mapping m = system.cost().canonical_mapping(id, slice(1), {JobShape::Kind::layer});
  EXPECT_EQ(m.job_extent[index(Dim::P)], 1);
  EXPECT_EQ(system.evaluate(id, slice(1), m).verdict, Verdict::feasible);
}
TEST(BitSerial, CanonicalJobsHaveTheShapeAskedFor) {
  const OperatorId id = resnet18().mapped()[3];
  const LoopBounds& bounds = resnet18().workload().at(id).bounds;
  const Mapping row = resnet18().cost().canonical_mapping(id, slice(4), {JobShape::Kind::row});
  EXPECT_EQ(row.job_extent[index(Dim::P)], 1);
  EXPECT_EQ(row.job_extent[index(Dim::Q)], bounds[Dim::Q]);
  const Mapping block =
      resnet18().cost().canonical_mapping(id, slice(4), {JobShape::Kind::block, 4, 5});
  EXPECT_EQ(block.job_extent[index(Dim::P)], 4);
  EXPECT_EQ(block.job_extent[index(Dim::Q)], 5);
}
TEST(BitSerial, BoundsEveryRandomMappingFromBelow) {
  constexpr std::uint64_t kSeed = 31;
  Random random(kSeed, 0);
  std::int64_t feasible = 0;
  constexpr std::int64_t kUnits[] = {1, 5, 16, 32};
  for (const OperatorId id : resnet18().mapped()) {
    const Placement placement = slice(kUnits[index(id) % 4]);
    const mapspace::MapSpace space(resnet18().cost().map_space(id, placement));
    const std::int64_t bound = resnet18().cost().lower_bound_ps(id, placement);
    EXPECT_GT(bound, 0);
    for (int i = 0; i < 100; ++i) {
      const LayerCost cost = resnet18().evaluate(id, placement, space.sample(random));
      EXPECT_NE(cost.verdict, Verdict::unsupported);
      EXPECT_LE(bound, cost.latency_ps) << "seed " << kSeed;
      feasible += cost.verdict == Verdict::feasible ? 1 : 0;
    }
  }
  EXPECT_GT(feasible, 100);
}
TEST(BitSerial, EvaluatesBatchesWithoutAllocating) {
  const OperatorId id = resnet18().mapped()[3];
  const mapspace::MapSpace space(resnet18().cost().map_space(id, slice(32)));
  Random random(32, 0);
  std::vector<Mapping> mappings;
  for (int i = 0; i < 256; ++i) {
    mappings.push_back(space.sample(random));
  }
  std::vector<LayerCost> costs(mappings.size());
  std::int64_t before = test::allocations();
  resnet18().cost().evaluate(id, slice(32), mappings, costs);
  EXPECT_EQ(test::allocations() - before, 0);
  before = test::allocations();  // the counter does see what the plugin allocates
  resnet18().cost().map_space(id, slice(32));
  EXPECT_GT(test::allocations() - before, 0);
}
TEST(BitSerial, OwnsTheBanksThatHoldItsWeights) {
  const DramSystem system(test::load_workload("vgg16-full"));
  // 25088 x 4096 bytes in banks of 32768 x 8192 bits: 3.06.
  std::int64_t most = 0;
  for (const OperatorId id : system.mapped()) {
    most = std::max(most, system.cost().demand(id).units);
  }
  EXPECT_EQ(most, 4);
}
TEST(BitSerial, SaysHowManyRowsAreMissing) {
  const DramSystem system(one_convolution(64, 8, 64, 3),
                          {{"rows", std::int64_t{128}}, {"columns", std::int64_t{16}}});
  const std::string message = thrown<InfeasibleError>(
      [&] { system.cost().canonical_mapping(operator_id(0), slice(1), {}); });
  EXPECT_NE(message.find("rows per lane on 1 bank, a bank has 128: "), std::string::npos)
      << message;
  EXPECT_NE(message.find("give it more banks"), std::string::npos) << message;
}
TEST(BitSerial, ChargesTransfersByDistance) {
  const Transfer transfers[] = {{operator_id(0), operator_id(0), 3, 3, 1000},
                                {operator_id(0), operator_id(0), 3, 4, 1000},
                                {operator_id(0), operator_id(0), 3, 19, 1000}};
  TransferCost costs[3];
  resnet18().cost().transfer(transfers, costs);
  EXPECT_EQ(costs[0].latency_ps, 0);
  EXPECT_EQ(costs[1].latency_ps, 28000);  // tRCD + CL
  EXPECT_EQ(costs[2].latency_ps, 38000);  // and a hop
  EXPECT_DOUBLE_EQ(costs[2].energy_pj, 800);
}
TEST(BitSerial, RefusesCrossbars) {
  const auto workload = one_convolution(4, 8, 4, 3);
  const auto crossbars = plugin::make_instance<ArchitectureModel>(
      test::configure("imbrex.architecture.tiled-cim"), Context{workload.get()});
  const std::string message = thrown<InputError>([&] {
    plugin::make_instance<CostModel>(test::configure("imbrex.cost.bit-serial"),
                                     Context{workload.get(), &crossbars->view()});
  });
  EXPECT_NE(message.find("'tiled CIM' does not"), std::string::npos) << message;
}
// The analyzers run loop nests through their generic path.
TEST(BitSerial, RandomMappingsTakeAsLongForTheSimulatorAsForClsaCim) {
  WorkloadBuilder builder("chain");
  ConvolutionParams params;
  params.output_channels = 8;
  params.window.kernel = {3, 3};
  params.window.pad_begin = params.window.pad_end = {1, 1};
  const TensorId a = builder.convolution("a", builder.input("x", Shape{4, {1, 4, 8, 8}}), params);
  const TensorId b = builder.convolution("b", builder.activation("relu", a), params);
  const std::vector<TensorId> sum{a, b};
  builder.convolution("c", builder.elementwise("add", sum), params);
  const DramSystem system(std::make_shared<const Workload>(builder.finish()));
  const auto clsa = system.analyzer("imbrex.overlap.clsa-cim");
  const auto simulator = system.analyzer("imbrex.overlap.simulator");
  constexpr std::uint64_t kSeed = 33;
  Random random(kSeed, 0);
  for (int round = 0; round < 20; ++round) {
    Design design = system.design();
    for (const OperatorId id : system.mapped()) {
      design.placement(id).units = 4;
      design.mapping(id) = mapspace::MapSpace(system.cost().map_space(id, slice(4))).sample(random);
    }
    const Design* const designs[] = {&design};
    OverlapResult results[2];
    clsa->analyze(clsa->request(), designs, {&results[0], 1}, nullptr);
    simulator->analyze(simulator->request(), designs, {&results[1], 1}, nullptr);
    EXPECT_EQ(results[0].makespan_ps, results[1].makespan_ps) << "seed " << kSeed << " " << round;
  }
}

}  // namespace
}  // namespace imbrex
