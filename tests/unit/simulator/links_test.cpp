// imbrex.overlap.simulator on floor plans, by hand.
#include "hand_links.hpp"

#include <array>

#include <gtest/gtest.h>

namespace imbrex::property {
namespace {

TEST(SimulatedLinks, AConsumerWaitsForThePacketsThatItReads) {
  const HandNetwork network = neighbours();
  const Analysis analysis = simulate(network);
  EXPECT_EQ(times(network, analysis, "A"), (Times{{0, 4}, {4, 8}, {8, 12}, {12, 16}}));
  EXPECT_EQ(times(network, analysis, "B"), (Times{{8, 12}, {12, 16}, {16, 20}, {20, 24}}));
  EXPECT_EQ(analysis.result.makespan_ps, 24);
}

TEST(SimulatedLinks, SetThePaceWhenTheyAreSlow) {
  const HandNetwork network = neighbours(0.5);
  const Analysis analysis = simulate(network);
  EXPECT_EQ(times(network, analysis, "B"), (Times{{12, 16}, {20, 24}, {28, 32}, {36, 40}}));
  EXPECT_EQ(analysis.statistics.at("packets"), 4);
  EXPECT_EQ(analysis.statistics.at("busiest_link_busy_ps"), 32);
  EXPECT_EQ(analysis.notes.at("hottest_links"), "(0,0) -> (0,1): 80.0 %");
}

TEST(SimulatedLinks, CanBeSwitchedOff) {
  const HandNetwork network = neighbours(0.5);
  AnalyzerOptions options;
  options.links = 0;
  const Analysis analysis = simulate(network, options);
  EXPECT_EQ(analysis.result.makespan_ps, 20);
  EXPECT_EQ(analysis.statistics.count("packets"), 0U);
}

TEST(SimulatedLinks, TakeNoTimeWithoutLimits) {
  EXPECT_EQ(simulate(neighbours(0, 0)).result.makespan_ps, 20);
  HandNetwork network = neighbours();
  network.architecture.links.word_bits = 0;  // no links at all
  EXPECT_EQ(simulate(network).result.makespan_ps, 20);
}

TEST(SimulatedLinks, TakeOnlyHopsWhenUnbounded) {
  const HandNetwork network = neighbours(0, 3);
  EXPECT_EQ(times(network, simulate(network), "B"), (Times{{7, 11}, {11, 15}, {15, 19}, {19, 23}}));
}

// Elements 0 and 1 make 2 words of a row each. At the end of a row (t) the near one takes the last
// link until t + 2, the far one from then until t + 4.
TEST(SimulatedLinks, CarryTheWordsOfAllProducers) {
  HandNetwork network = layers({"A", "B"});
  FloorPlan plan = row_of(network, {"A", "A", "B"});
  hand_over(network, plan, "A", "B");
  use_links(network, {plan});
  const Analysis analysis = simulate(network);
  EXPECT_EQ(times(network, analysis, "B"), (Times{{8, 12}, {12, 16}, {16, 20}, {20, 24}}));
  EXPECT_EQ(analysis.statistics.at("packets"), 8);
  EXPECT_EQ(analysis.statistics.at("busiest_link_busy_ps"), 16);
  EXPECT_EQ(analysis.notes.at("hottest_links"), "(0,1) -> (0,2): 66.6 %; (0,0) -> (0,1): 33.3 %");
}

// A B C with C reading A + B. Packets, first link: A-B 4-8, A-C 8-12, A-B 12-16, A-C 16-20, ...;
// second link: A-C 9-13, B-C 13-17, A-C 17-21, B-C 21-25, ...
HandNetwork skip(bool skip_over_links) {
  WorkloadBuilder builder("skip");
  const TensorId input = builder.input("input", {4, {1, 1, 4, 4, 1, 1}});
  const TensorId a = same_convolution(builder, "A", input, 1, 1);
  const TensorId operands[] = {a, same_convolution(builder, "B", a, 1, 1)};
  same_convolution(builder, "C", builder.elementwise("add", operands), 1, 1);
  HandNetwork network{builder.finish()};
  FloorPlan plan = row_of(network, {"A", "B", "C"});
  hand_over(network, plan, "A", "B");
  if (skip_over_links) {
    hand_over(network, plan, "A", "C");
  }
  hand_over(network, plan, "B", "C");
  use_links(network, {plan});
  return network;
}

TEST(SimulatedLinks, AreSharedByAllHandOvers) {
  const HandNetwork network = skip(true);
  const Analysis analysis = simulate(network);
  EXPECT_EQ(times(network, analysis, "B"), (Times{{8, 12}, {16, 20}, {24, 28}, {32, 36}}));
  EXPECT_EQ(times(network, analysis, "C"), (Times{{17, 21}, {25, 29}, {33, 37}, {41, 45}}));
  EXPECT_EQ(analysis.notes.at("hottest_links"), "(0,0) -> (0,1), 1 more: 71.1 %");
}

TEST(SimulatedLinks, LeaveAloneWhatThePlanDoesNotHandOver) {
  const HandNetwork network = skip(false);
  EXPECT_EQ(times(network, simulate(network), "C"),
            (Times{{16, 20}, {20, 24}, {24, 28}, {28, 32}}));
}

// Two rows of A per row of B; the last of them arrives at 12 and 20 ps, pooling takes 5.
TEST(SimulatedLinks, MovementTakesItsTimeBehindThem) {
  WorkloadBuilder builder("pooled");
  const TensorId a =
      same_convolution(builder, "A", builder.input("input", {4, {1, 1, 4, 4, 1, 1}}), 1, 1);
  Window halve;
  halve.kernel = {2, 2};
  halve.stride = {2, 2};
  same_convolution(builder, "B", builder.pool("pool", a, halve), 1, 1);
  HandNetwork network{builder.finish()};
  network.cost->movement_delays[network.find("pool")] = 5;
  FloorPlan plan = row_of(network, {"A", "B"});
  hand_over(network, plan, "A", "B");
  use_links(network, {plan});
  EXPECT_EQ(times(network, simulate(network), "B"), (Times{{17, 19}, {25, 27}}));
}

// Second link: second branch 4-8, first 8-12 (it is there at 5), 12-16 and 16-20, ...
TEST(SimulatedLinks, AReaderOfTwoBranchesWaitsForBoth) {
  WorkloadBuilder builder("branches");
  const TensorId input = builder.input("input", {4, {1, 1, 4, 4, 1, 1}});
  const TensorId operands[] = {same_convolution(builder, "first", input, 1, 1),
                               same_convolution(builder, "second", input, 1, 1)};
  same_convolution(builder, "B", builder.concat("both", operands, 1), 1, 1);
  HandNetwork network{builder.finish()};
  FloorPlan plan = row_of(network, {"first", "second", "B"});
  hand_over(network, plan, "first", "B");
  hand_over(network, plan, "second", "B");
  use_links(network, {plan});
  EXPECT_EQ(times(network, simulate(network), "B"),
            (Times{{12, 16}, {20, 24}, {28, 32}, {36, 40}}));
}

// Two hand-overs between the same layers: 1 and 3 words of every row, one after the other.
TEST(SimulatedLinks, AReaderWaitsForAllHandOversFromOneProducer) {
  HandNetwork network = layers({"A", "B"});
  FloorPlan plan = row_of(network, {"A", "B"});
  hand_over(network, plan, "A", "B", 4);
  hand_over(network, plan, "A", "B", 12);
  use_links(network, {plan});
  EXPECT_EQ(times(network, simulate(network), "B"), (Times{{8, 12}, {12, 16}, {16, 20}, {20, 24}}));
}

// All input channels in two halves, outermost: rows are complete at 20, 24, 28 and 32 ps.
TEST(SimulatedLinks, CarryNoPartialSums) {
  WorkloadBuilder builder("sums");
  const TensorId a =
      same_convolution(builder, "A", builder.input("input", {4, {1, 2, 4, 4, 1, 1}}), 1, 1);
  same_convolution(builder, "B", a, 1, 1);
  HandNetwork network{builder.finish()};
  Mapping mapping;
  mapping.loops[0] = {Dim::C, LoopKind::temporal, 0, 2};
  mapping.loops[1] = {Dim::P, LoopKind::temporal, 0, 4};
  mapping.count = mapping.outer = 2;
  mapping.job_extent[index(Dim::Q)] = 4;
  network.design->mapping(network.find("A")) = mapping;
  FloorPlan plan = row_of(network, {"A", "B"});
  hand_over(network, plan, "A", "B");
  use_links(network, {plan});
  const Analysis analysis = simulate(network);
  EXPECT_EQ(times(network, analysis, "B"), (Times{{24, 28}, {28, 32}, {32, 36}, {36, 40}}));
  EXPECT_EQ(analysis.statistics.at("packets"), 4);
}

// To the port left of A, 1 link, stored at t + 4; from there 2 links, there at t + 9.
TEST(SimulatedLinks, GoThroughTheBufferWhereThePlanSaysSo) {
  HandNetwork network = layers({"A", "B"});
  FloorPlan plan = row_of(network, {"A", "B"});
  hand_over(network, plan, "A", "B", 16, FlowPattern::global_buffer);
  use_links(network, {plan});
  const Analysis analysis = simulate(network);
  EXPECT_EQ(times(network, analysis, "B"), (Times{{13, 17}, {17, 21}, {21, 25}, {25, 29}}));
  EXPECT_EQ(analysis.notes.at("hottest_links"), "(0,0) -> (0,1), 2 more: 55.1 %");
}

// A row of A keeps its place until B has read it: every 12 ps one.
TEST(SimulatedLinks, BufferSpaceIsHeldOnTheWay) {
  const HandNetwork network = neighbours();
  AnalyzerOptions options;
  options.buffer_bytes = 4;
  const Analysis analysis = simulate(network, options);
  EXPECT_EQ(times(network, analysis, "A"), (Times{{0, 4}, {12, 16}, {24, 28}, {36, 40}}));
  EXPECT_EQ(analysis.result.makespan_ps, 48);
}

TEST(SimulatedLinks, DeadlocksAreExplainedAsWithoutThem) {
  HandNetwork network = chain(1, 1);
  FloorPlan plan = row_of(network, {"A", "B"});
  hand_over(network, plan, "A", "B");
  use_links(network, {plan});
  AnalyzerOptions options;
  options.buffer_bytes = 8;
  const Analysis analysis = simulate(network, options);
  EXPECT_EQ(analysis.result.verdict, Verdict::infeasible);
  EXPECT_NE(analysis.notes.at("deadlock").find("runs is 12"), std::string::npos)
      << analysis.notes.at("deadlock");
}

HandNetwork two_segments(std::int32_t with_plan) {
  HandNetwork network = layers({"A", "B", "C", "D"});
  for (const char* name : {"C", "D"}) {
    network.design->placement(network.find(name)).segment = 1;
  }
  FloorPlan plan = with_plan == 0 ? row_of(network, {"A", "B"}) : row_of(network, {"C", "D"}, 1);
  hand_over(network, plan, with_plan == 0 ? "A" : "C", with_plan == 0 ? "B" : "D");
  use_links(network, {plan});
  return network;
}

TEST(SimulatedLinks, BelongToTheSegmentOfTheirPlan) {
  const HandNetwork first = two_segments(0);
  EXPECT_EQ(times(first, simulate(first), "B").back(), (std::array<std::int64_t, 2>{20, 24}));
  EXPECT_EQ(times(first, simulate(first), "D").front(), (std::array<std::int64_t, 2>{28, 32}));
  const HandNetwork second = two_segments(1);
  EXPECT_EQ(times(second, simulate(second), "B").back(), (std::array<std::int64_t, 2>{16, 20}));
  EXPECT_EQ(times(second, simulate(second), "D").front(), (std::array<std::int64_t, 2>{28, 32}));
  EXPECT_EQ(simulate(second).result.makespan_ps, 44);
  AnalyzerOptions options;
  options.segments = "resources";
  EXPECT_EQ(simulate(second, options).result.makespan_ps, 44);
}

TEST(SimulatedLinks, AreFoundByTheNumberOfAnOnlySegment) {
  HandNetwork network = layers({"A", "B"});
  for (const char* name : {"A", "B"}) {
    network.design->placement(network.find(name)).segment = 3;
  }
  FloorPlan plan = row_of(network, {"A", "B"}, 3);
  hand_over(network, plan, "A", "B");
  use_links(network, {plan});
  EXPECT_EQ(simulate(network).result.makespan_ps, 24);
}

TEST(SimulatedLinks, AreNeverSlowerWithMoreBandwidthForAShift) {
  std::int64_t before = std::int64_t{1} << 40;
  for (const double rate : {0.01, 0.1, 0.25, 0.7, 1.0, 2.0, 64.0, 0.0}) {
    const std::int64_t makespan_ps = simulate(neighbours(rate)).result.makespan_ps;
    EXPECT_LE(makespan_ps, before) << rate;
    before = makespan_ps;
  }
  EXPECT_EQ(before, 21);
}

}  // namespace
}  // namespace imbrex::property
