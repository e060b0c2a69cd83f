// Schedules made by hand: the worked examples of specification clsa-cim section 11, and small
// buffers.
#include "hand_network.hpp"
#include "run/critical_path.hpp"
#include "run/live_data.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace imbrex::property {
namespace {

using Times = test::JobTimes;

// (start, end) of the jobs of an operator by row of its output.
Times times(const HandNetwork& network, const Analysis& analysis, std::string_view name) {
  std::vector<std::pair<std::int64_t, std::pair<std::int64_t, std::int64_t>>> by_row;
  const OperatorId op = network.find(name);
  const WorkGraph graph = network.graph();
  for (const TimedJob& job : analysis.jobs) {
    if (job.id == op) {
      by_row.push_back({graph.order(op).job(job.step, job.server).box[Dim::P].begin,
                        {job.start_ps, job.end_ps}});
    }
  }
  std::stable_sort(by_row.begin(), by_row.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  Times result;
  for (const auto& [row, time] : by_row) {
    result.push_back(time);
  }
  return result;
}

void expect_schedule(const HandNetwork& network, const Analysis& analysis,
                     const test::WorkedSchedule& expected) {
  EXPECT_EQ(analysis.result.makespan_ps, expected.makespan);
  for (const auto& [name, times_of_jobs] : expected.times) {
    EXPECT_EQ(times(network, analysis, name), times_of_jobs) << name;
  }
}

TEST(Simulator, StartsARowWhenItsHaloIsThere) {
  const HandNetwork network = chain(64, 300);
  const Analysis analysis = network.simulate();
  expect_schedule(network, analysis, test::worked_chain_by_rows());
  EXPECT_EQ(analysis.statistics.at("jobs"), 8);
  EXPECT_EQ(analysis.statistics.at("dependencies"), 10);
}

TEST(Simulator, DealsRowsToCopiesInTurn) {
  const HandNetwork network = chain(64, 300);
  network.design->placement(network.find("A")).copies = 2;
  const Analysis analysis = network.simulate();
  expect_schedule(network, analysis, test::worked_chain_with_two_copies());
}

TEST(Simulator, StartsAPixelWhenItsWindowIsThere) {
  HandNetwork network = chain(64, 300);
  network.shape.kind = JobShape::Kind::pixel;
  const Analysis analysis = network.simulate();
  EXPECT_EQ(analysis.result.makespan_ps, 22);
  EXPECT_EQ(times(network, analysis, "B").front(), (std::pair<std::int64_t, std::int64_t>(6, 7)));
  EXPECT_EQ(analysis.statistics.at("dependencies"), 100);
}

TEST(Simulator, WaitsForTheWholeLayerWhenOneJobIsTheLayer) {
  HandNetwork network = chain(64, 300);
  network.shape.kind = JobShape::Kind::layer;
  const Analysis analysis = network.simulate();
  EXPECT_EQ(times(network, analysis, "B"), (Times{{16, 32}}));
}

TEST(Simulator, JoinsBranchesThroughPoolAndAdd) {
  const HandNetwork network = branches();
  const Analysis analysis = network.simulate();
  expect_schedule(network, analysis, test::worked_branches_by_rows());
}

TEST(Simulator, StripsOfRowsBreakStreaming) {
  const HandNetwork network = branches();
  network.design->placement(network.find("A")) = {.copies = 2, .dealing = Dealing::strip_h};
  const Analysis analysis = network.simulate();
  expect_schedule(network, analysis, test::worked_branches_on_strips());
}

TEST(Simulator, CountsTheWayToTheNetworkOutput) {
  WorkloadBuilder builder("tail");
  const TensorId input = builder.input("input", {4, {1, 2, 4, 4, 1, 1}});
  builder.activation("tail", same_convolution(builder, "A", input, 3, 2));
  HandNetwork network{builder.finish()};
  network.cost->movement_delays[network.find("tail")] = 5;
  EXPECT_EQ(network.simulate().result.makespan_ps, 16 + 5);
}

// Rows of A take 4 bytes each and live until the last row of B that needs them has ended.
TEST(FiniteBuffer, MakesTheProducerWaitForTheRowItOverwrites) {
  const HandNetwork network = chain(1, 1);
  const Analysis analysis = network.simulate(12);
  EXPECT_EQ(times(network, analysis, "A"), (Times{{0, 4}, {4, 8}, {8, 12}, {16, 20}}));
  EXPECT_EQ(times(network, analysis, "B"), (Times{{8, 12}, {12, 16}, {20, 24}, {24, 28}}));
  EXPECT_EQ(analysis.result.makespan_ps, 28);
}

TEST(FiniteBuffer, OfTheWholeTensorIsEnough) {
  const HandNetwork network = chain(1, 1);
  EXPECT_EQ(network.simulate(16).result.makespan_ps, 24);
}

TEST(FiniteBuffer, LocksUpWhenAWindowDoesNotFitAndSaysWhere) {
  const HandNetwork network = chain(1, 1);
  const Analysis analysis = network.simulate(8);
  EXPECT_EQ(analysis.result.verdict, Verdict::infeasible);
  EXPECT_TRUE(analysis.jobs.empty());
  EXPECT_EQ(
      analysis.notes.at("deadlock"),
      "operator 'A' waits for ever: its buffer of 8 bytes holds 8 that are still needed and its "
      "next job adds 4, so it needs 12 at once; the smallest buffer_bytes with which the network "
      "runs is 12");
}

TEST(FiniteBuffer, TooSmallForOneJobIsADeadlockOfThatOperator) {
  const HandNetwork network = chain(1, 2);  // a row of B takes 8 bytes
  const Analysis analysis = network.simulate(7);
  EXPECT_EQ(analysis.result.verdict, Verdict::infeasible);
  EXPECT_NE(analysis.notes.at("deadlock").find("holds 0"), std::string::npos)
      << analysis.notes.at("deadlock");
}

// P and Q in a skip: the long branch needs three rows of A before the add needs one.
TEST(FiniteBuffer, BlamesTheOperatorWhoseSkipConnectionIsTooLong) {
  WorkloadBuilder builder("skip");
  const TensorId input = builder.input("input", {4, {1, 1, 6, 4, 1, 1}});
  const TensorId first = same_convolution(builder, "first", input, 1, 1);
  const TensorId a = same_convolution(builder, "A", first, 1, 1);
  const TensorId b = same_convolution(builder, "B", a, 3, 1);
  const TensorId operands[] = {a, same_convolution(builder, "C", b, 3, 1)};
  same_convolution(builder, "D", builder.elementwise("add", operands), 1, 1);
  const HandNetwork network{builder.finish()};
  // D's first row needs C0, so B0 and B1, so A0 to A2; A0 is held by D until then: 3 rows of 4
  // bytes. C keeps nothing; B needs 3 rows for C1. With 2 rows A locks up, and `first` waits behind
  // it.
  const Analysis locked = network.simulate(8);
  EXPECT_EQ(locked.result.verdict, Verdict::infeasible);
  EXPECT_EQ(locked.notes.at("deadlock").rfind("operator 'A' ", 0), 0u)
      << locked.notes.at("deadlock");
}

TEST(CriticalPath, OfTheChainIsAThenB) {
  const HandNetwork network = chain(64, 300);
  const auto path = run::critical_path(network.graph(), network.simulate().timeline());
  ASSERT_EQ(path.size(), 2u);
  EXPECT_EQ(path[0].op, network.find("A"));
  EXPECT_EQ(path[0].cause, OperatorId::none);
  EXPECT_EQ(path[0].start_ps, 0);
  EXPECT_EQ(path[0].end_ps, 8);
  EXPECT_EQ(path[0].jobs, 2);
  EXPECT_EQ(path[1].op, network.find("B"));
  EXPECT_EQ(path[1].cause, network.find("A"));
  EXPECT_EQ(path[1].start_ps, 8);
  EXPECT_EQ(path[1].end_ps, 24);
  EXPECT_EQ(path[1].jobs, 4);
}

// Backwards: D's last row (72, 76) follows its row 2 (68, 72), which waits for row 2 of B (64, 68),
// which waits for the last row of A (56, 64). C is never in the way.
TEST(CriticalPath, OfTheDiamondTakesTheSlowerBranch) {
  const HandNetwork network = branches();
  const auto path = run::critical_path(network.graph(), network.simulate().timeline());
  ASSERT_EQ(path.size(), 3u);
  EXPECT_EQ(path[0].op, network.find("A"));
  EXPECT_EQ(path[0].end_ps, 64);
  EXPECT_EQ(path[0].jobs, 8);
  EXPECT_EQ(path[1].op, network.find("B"));
  EXPECT_EQ(path[1].start_ps, 64);
  EXPECT_EQ(path[1].jobs, 1);
  EXPECT_EQ(path[2].op, network.find("D"));
  EXPECT_EQ(path[2].start_ps, 68);
  EXPECT_EQ(path[2].end_ps, 76);
  EXPECT_EQ(path[2].jobs, 2);
}

TEST(CriticalPath, OfATimelineWithoutJobsIsEmpty) {
  const HandNetwork network = chain(1, 1);
  EXPECT_TRUE(run::critical_path(network.graph(), Timeline{24, {}, {}, {}}).empty());
  EXPECT_TRUE(run::live_data(network.graph(), Timeline{24, {}, {}, {}}).empty());
}

// Rows of A (256 bytes) live [4,16) [8,20) [12,24) [16,24): three at a time.
TEST(LiveData, OfTheChainIsThreeRowsOfA) {
  const HandNetwork network = chain(64, 300);
  const auto edges = run::live_data(network.graph(), network.simulate().timeline());
  ASSERT_EQ(edges.size(), 1u);
  EXPECT_EQ(edges[0].producer, network.find("A"));
  EXPECT_EQ(edges[0].consumer, network.find("B"));
  EXPECT_EQ(edges[0].total_bytes, 4 * 256);
  EXPECT_EQ(edges[0].peak_live_bytes, 3 * 256);
}

// Every row of A but the first reads the row before it, which B does not need any longer: 3 rows of
// 4 elements, one at a time. B's edge is that of any reader.
TEST(LiveData, CountsWhatAChainReadsOfItself) {
  WorkloadBuilder builder("recurrence");
  const TensorId input = builder.input("input", {4, {1, 1, 4, 4, 1, 1}});
  const TensorId a = same_convolution(builder, "A", input, 1, 1);
  builder.chain(a, Dim::P);
  same_convolution(builder, "B", a, 1, 1);
  const HandNetwork network{builder.finish()};
  const auto edges = run::live_data(network.graph(), network.simulate().timeline());
  ASSERT_EQ(edges.size(), 2u);
  EXPECT_EQ(edges[0].producer, network.find("A"));
  EXPECT_EQ(edges[0].consumer, network.find("A"));
  EXPECT_EQ(edges[0].total_bytes, 3 * 4);
  EXPECT_EQ(edges[0].peak_live_bytes, 1 * 4);
  EXPECT_EQ(edges[1].consumer, network.find("B"));
  EXPECT_EQ(edges[1].total_bytes, 4 * 4);
  EXPECT_EQ(edges[1].peak_live_bytes, 1 * 4);
}

TEST(LiveData, CountsOnlyTheChannelsThatAreRead) {
  WorkloadBuilder builder("half");
  const TensorId input = builder.input("input", {4, {1, 1, 4, 4, 1, 1}});
  const TensorId a = same_convolution(builder, "A", input, 1, 8);
  same_convolution(builder, "B", builder.slice("half", a, 1, 4, 8), 1, 1);
  const HandNetwork network{builder.finish()};
  const auto edges = run::live_data(network.graph(), network.simulate().timeline());
  ASSERT_EQ(edges.size(), 1u);
  EXPECT_EQ(edges[0].total_bytes, 4 * 16);      // half of the channels
  EXPECT_EQ(edges[0].peak_live_bytes, 1 * 16);  // a row is freed when the next one comes
}

}  // namespace
}  // namespace imbrex::property
