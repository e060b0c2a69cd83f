// Links as queues against the busiest link: specification pipeorgan, section 6.3 and section 11
// item 7.
#include "load_kit.hpp"

#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/spatial/link_load.hpp>
#include <imbrex/toolkit/spatial/spatial_layout.hpp>

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

namespace imbrex {

namespace {

using namespace load_kit;

FlowSet scaled(const FlowSet& flows, double words) {
  FlowSet result;
  for (const Flow& flow : flows.flows()) {
    result.add(flow.source, flows.destinations(flow), flow.words * words);
  }
  return result;
}

TEST(DrainCycles, EqualTheBusiestLinkForShifts) {
  for (const int express : {0, 2}) {
    const Topology topology(express == 0 ? TopologyKind::mesh : TopologyKind::amp, 8, 8, express);
    for (const std::int64_t width : {1, 2, 4}) {
      const auto layout = spatial::striped(8, 8, spatial::stripe_period(Shares{width, width}));
      const FlowSet flows = chain_flows(layout, FlowPattern::one_to_one);
      const LinkLoads loads = route_flows(topology, flows);
      for (const int words : {1, 2, 3, 5}) {
        const double bound = std::max(loads.max_load * words, static_cast<double>(loads.most_hops));
        EXPECT_EQ(static_cast<double>(spatial::drain_cycles(topology, scaled(flows, words))), bound)
            << "width " << width << ", words " << words << ", express " << express;
      }
    }
  }
}

TEST(DrainCycles, OfRandomPermutationsLieBetweenTheBoundAndTwiceItsSum) {
  for (const int express : {0, 2}) {
    const Topology topology(express == 0 ? TopologyKind::mesh : TopologyKind::amp, 8, 8, express);
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
      Random random(1, seed);
      std::vector<std::int32_t> to(64);
      std::iota(to.begin(), to.end(), 0);
      random.shuffle(std::span<std::int32_t>(to));
      const auto words = static_cast<double>(random.between(1, 4));
      FlowSet flows;
      for (std::int32_t from = 0; from < 64; ++from) {
        flows.add(from, {&to[static_cast<std::size_t>(from)], 1}, words);
      }
      const LinkLoads loads = route_flows(topology, flows);
      const auto cycles = static_cast<double>(spatial::drain_cycles(topology, flows));
      EXPECT_GE(cycles, std::max(loads.max_load, static_cast<double>(loads.most_hops))) << seed;
      EXPECT_LE(cycles, 2 * (loads.max_load + loads.most_hops)) << seed;
    }
  }
}

TEST(DrainCycles, TakeOneCyclePerHopOfASingleWord) {
  const Topology mesh(TopologyKind::mesh, 4, 4);
  FlowSet flows;
  const std::int32_t to[] = {15};
  flows.add(0, to, 1);
  EXPECT_EQ(spatial::drain_cycles(mesh, flows), 6);
  flows.add(0, to, 2);
  EXPECT_EQ(spatial::drain_cycles(mesh, flows), 8);
}

// Section 6.6: 60 intervals on 8 x 8; the time per interval is the longer of the stages' period and
// the busiest link, apart from filling the pipeline.
TEST(DrainCycles, OfManyIntervalsFollowTheLongerOfPeriodAndLoad) {
  for (const int express : {0, 2}) {
    const Topology topology(express == 0 ? TopologyKind::mesh : TopologyKind::amp, 8, 8, express);
    for (const std::int64_t width : {1, 4}) {
      const auto layout = spatial::striped(8, 8, spatial::stripe_period(Shares{width, width}));
      const FlowSet flows = chain_flows(layout, FlowPattern::one_to_one);
      const LinkLoads loads = route_flows(topology, flows);
      for (const std::int64_t period : {1, 2, 3, 4, 6, 8}) {
        const std::int64_t interval = std::max(period, static_cast<std::int64_t>(loads.max_load));
        const std::int64_t cycles = spatial::drain_cycles(topology, flows, 60, period);
        EXPECT_GE(cycles, 59 * interval) << "width " << width << ", period " << period;
        EXPECT_LE(cycles, 60 * interval + 2 * loads.most_hops) << "width " << width;
      }
    }
  }
}

TEST(DrainCycles, AreZeroWithoutWork) {
  const Topology mesh(TopologyKind::mesh, 4, 4);
  FlowSet flows;
  EXPECT_EQ(spatial::drain_cycles(mesh, flows), 0);
  const std::int32_t here[] = {5};
  flows.add(5, here, 3);
  EXPECT_EQ(spatial::drain_cycles(mesh, flows), 0);
}

}  // namespace

}  // namespace imbrex
