// When is a region complete: the three representations by hand, and what orders publish against a
// look at every single job.
#include "pass_kit.hpp"

#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/analysis/overlap_math.hpp>
#include <imbrex/values/completion.hpp>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::nest;
using test::PassRig;
using test::random_nest;
using test::spatial;
using test::temporal;
using test::two_layers;

constexpr std::uint64_t kSeed = 58;

Region region(Interval channels, Interval rows, Interval columns) {
  Region result;
  result.rank = 4;
  result.axis[1] = channels;
  result.axis[2] = rows;
  result.axis[3] = columns;
  return result;
}

// 4 rows, one after the other, each in two halves of the input channels: rows end in the odd steps.
struct FourRows {
  PassRig rig{two_layers(4)};
  const Operator& op = rig.workload->at(rig.id("A"));
  FourRows() { rig.map("A", {temporal(Dim::P, 4), temporal(Dim::C, 2)}); }
  FinishIndex index(bool tables) const { return {op, *rig.design.mapping(rig.id("A")), tables}; }
};

TEST(Completion, AnAffineClockCountsStepsOfTheNest) {
  const FourRows rows;
  for (const bool tables : {false, true}) {
    const Completion completion(rows.index(tables), 110, 10);
    EXPECT_EQ(completion.ready_ps(region({0, 2}, {0, 1}, {0, 1})), 120);
    EXPECT_EQ(completion.ready_ps(region({0, 1}, {1, 3}, {0, 1})), 160);
    EXPECT_EQ(completion.ready_ps(region({0, 2}, {0, 4}, {0, 1})), 180);
  }
}

TEST(Completion, StepsThatStallEndWhenTheySay) {
  const FourRows rows;
  const Completion completion(rows.index(true), {1, 2, 30, 31, 32, 33, 34, 99});
  EXPECT_EQ(completion.ready_ps(region({0, 2}, {0, 1}, {0, 1})), 2);
  EXPECT_EQ(completion.ready_ps(region({1, 2}, {0, 2}, {0, 1})), 31);
  EXPECT_EQ(completion.ready_ps(region({0, 2}, {3, 4}, {0, 1})), 99);
}

TEST(Completion, TilesAreCompleteWhenTheLastOfTheirJobsHasEnded) {
  const FourRows rows;
  TileTimes tiles(rows.op, *rows.rig.design.mapping(rows.rig.id("A")), nullptr);
  DimBox box = rows.op.bounds.whole();
  const std::int64_t end_ps[] = {40, 10, 30, 20};
  for (std::int64_t row = 0; row < 4; ++row) {
    box[Dim::P] = {row, row + 1};
    box[Dim::C] = {0, 1};
    tiles.raise(box, end_ps[row]);
    box[Dim::C] = {1, 2};
    tiles.raise(box, end_ps[row] - 5);  // the other half was there before
  }
  const Completion completion(std::move(tiles));
  EXPECT_EQ(completion.ready_ps(region({0, 2}, {1, 2}, {0, 1})), 10);
  EXPECT_EQ(completion.ready_ps(region({0, 2}, {1, 4}, {0, 1})), 30);
  EXPECT_EQ(completion.ready_ps(region({0, 1}, {0, 4}, {0, 1})), 40);
}

// Every job whose output meets the region.
std::int64_t scanned_ps(const PassRig& rig, const analysis::OperatorPass& pass,
                        const Region& wanted) {
  std::int64_t latest = analysis::kNoNeed;
  for (const analysis::PassJob& job : pass.jobs) {
    if (!job.has_work) {
      continue;
    }
    const Region made =
        rig.workload->output_region(pass.op, pass.order->job(job.step, job.server).box);
    if (!made.intersect(wanted).empty()) {
      latest = std::max(latest, job.end_ps + job.completion_ps);
    }
  }
  return latest;
}

Interval part_of(std::int64_t extent, Random& random) {
  const std::int64_t begin = random.between(0, extent - 1);
  return {begin, random.between(begin + 1, extent)};
}

// Servers together or not, on cells of a grid or by a loop nest of its own.
void decide(PassRig& rig, int round, Random& random) {
  const OperatorId a = rig.id("A");
  rig.cost.servers_in_lock_step = random.below(2) == 0;
  rig.cost.clocks = {{a, {random.between(0, 3), random.between(0, 3)}}};
  if (round % 4 == 0) {
    rig.design.placement(a).copies = random.between(1, 3);  // cells of a grid
  } else {
    rig.design.mapping(a) = random_nest(rig.bounds("A"), {round % 2 == 0, 2, 0.4}, random);
  }
}

TEST(OrderCompletions, RandomOrdersAreCompleteWhenALookAtEveryJobSaysSo) {
  Random random(kSeed, 1);
  int late_clocks = 0;
  for (int round = 0; round < 400; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    PassRig rig(two_layers(random.between(1, 6), random.between(1, 4)));
    decide(rig, round, random);
    const OperatorId a = rig.id("A");
    const WorkGraph graph = rig.graph();
    analysis::OrderCompletions exact(graph, {round % 3 == 0, false});
    analysis::OrderCompletions one_clock(graph, {round % 3 != 0, true});
    analysis::ForwardPass pass(graph, exact);
    analysis::OperatorPass layer = pass.arrivals(a, graph.order(a));
    const bool merges = random.below(4) == 0;
    for (analysis::PassJob& job : layer.jobs) {
      job.arrival_ps = job.has_work ? random.between(0, 20) : analysis::kNoNeed;
      job.completion_ps = merges ? random.between(0, 5) : 0;
    }
    pass.run_in_order(layer);
    exact.publish(layer);
    one_clock.publish(layer);
    ASSERT_FALSE(exact.conservative());
    for (int question = 0; question < 12; ++question) {
      const Region wanted = region(part_of(2, random), part_of(rig.bounds("A")[Dim::P], random),
                                   part_of(rig.bounds("A")[Dim::Q], random));
      const Source source{a, wanted, 0};
      const std::int64_t truth_ps = scanned_ps(rig, layer, wanted);
      ASSERT_EQ(exact.ready_ps(source, OperatorId::none, {}), truth_ps);
      const std::int64_t late_ps = one_clock.ready_ps(source, OperatorId::none, {});
      ASSERT_GE(late_ps, truth_ps);
      ASSERT_TRUE(one_clock.conservative() || late_ps == truth_ps);
      late_clocks += late_ps > truth_ps ? 1 : 0;
    }
  }
  EXPECT_GT(late_clocks, 50) << "no order tells one clock from many";
}

}  // namespace
}  // namespace imbrex
