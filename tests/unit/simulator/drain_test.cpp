// Hand-overs of layouts drained over links, against the busiest link and the kernel's word-by-word
// twin: specification pipeorgan, section 6.3, the last sentence of 6.6, and section 11 items 2, 7.
#include "network_kit.hpp"

#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/spatial/link_load.hpp>
#include <imbrex/toolkit/spatial/spatial_layout.hpp>

#include <numeric>

#include <gtest/gtest.h>

namespace imbrex::simulator {
namespace {

Topology eight_by_eight(TopologyKind kind) {
  return {kind, 8, 8, kind == TopologyKind::amp ? 2 : 0};
}
constexpr TopologyKind kMeshAndAmp[] = {TopologyKind::mesh, TopologyKind::amp};

// Two stages in stripes of the given width; 4 is blocked. One word per producing element.
FlowSet striped_flows(std::int64_t width) {
  const std::int64_t shares[] = {width, width};
  FlowSet flows;
  imbrex::add_flows(spatial::striped(8, 8, spatial::stripe_period(shares)),
                    {0, 1, FlowPattern::one_to_one, 1}, flows);
  return flows;
}

FlowSet scaled(const FlowSet& flows, double words) {
  FlowSet result;
  for (const Flow& flow : flows.flows()) {
    result.add(flow.source, flows.destinations(flow), flow.words * words);
  }
  return result;
}

FlowSet permutation(std::uint64_t seed) {
  Random random(1, seed);
  std::vector<std::int32_t> to(64);
  std::iota(to.begin(), to.end(), 0);
  random.shuffle(std::span<std::int32_t>(to));
  FlowSet flows;
  for (std::int32_t from = 0; from < 64; ++from) {
    flows.add(from, {&to[static_cast<std::size_t>(from)], 1}, 1);
  }
  return flows;
}

// Packets of g words queue behind one another at the border and pass it without a gap.
TEST(Drain, OfAShiftTakesWhatTheBusiestLinkOrTheWayTakes) {
  for (const TopologyKind kind : kMeshAndAmp) {
    const Topology topology = eight_by_eight(kind);
    for (const std::int64_t width : {1, 2, 4}) {
      const FlowSet flows = striped_flows(width);
      const LinkLoads loads = route_flows(topology, flows);
      const auto load = static_cast<std::int64_t>(loads.max_load);
      for (const std::int64_t words : {1, 2, 3, 5}) {
        const std::int64_t expected = std::max<std::int64_t>(load * words, loads.most_hops);
        SCOPED_TRACE("width " + std::to_string(width) + ", words " + std::to_string(words));
        const FlowSet packets = scaled(flows, static_cast<double>(words));
        EXPECT_EQ(drain(topology, packets, {0}, rates(1, 1)).end_ps, expected);
        // The same word by word.
        const std::vector<std::int64_t> at_once(static_cast<std::size_t>(words), 0);
        EXPECT_EQ(drain(topology, flows, at_once, rates(1, 1)).end_ps, expected);
        EXPECT_EQ(spatial::drain_cycles(topology, packets), expected);
      }
    }
  }
}

TEST(Drain, OfOneWordPacketsIsTheWordByWordTwin) {
  for (const TopologyKind kind : {TopologyKind::mesh, TopologyKind::amp, TopologyKind::torus,
                                  TopologyKind::flattened_butterfly}) {
    const Topology topology = eight_by_eight(kind);
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
      const FlowSet flows = permutation(seed);
      ASSERT_EQ(drain(topology, flows, {0}, rates(1, 1)).end_ps,
                spatial::drain_cycles(topology, flows))
          << "seed 1, stream " << seed;
      ASSERT_EQ(drain(topology, flows, {0, 0, 0}, rates(1, 1)).end_ps,
                spatial::drain_cycles(topology, scaled(flows, 3)))
          << "seed 1, stream " << seed;
    }
  }
}

TEST(Drain, OfRandomPermutationsLiesBetweenTheBoundAndTwiceItsSum) {
  for (const TopologyKind kind : kMeshAndAmp) {
    const Topology topology = eight_by_eight(kind);
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      const FlowSet flows = permutation(seed);
      const LinkLoads loads = route_flows(topology, flows);
      const auto end = static_cast<double>(drain(topology, flows, {0}, rates(1, 1)).end_ps);
      EXPECT_GE(end, std::max(loads.max_load, static_cast<double>(loads.most_hops))) << seed;
      EXPECT_LE(end, 2 * (loads.max_load + loads.most_hops)) << seed;
    }
  }
}

TEST(Drain, OfSixtyIntervalsFollowsTheLongerOfPeriodAndLoad) {
  for (const TopologyKind kind : kMeshAndAmp) {
    const Topology topology = eight_by_eight(kind);
    for (const std::int64_t width : {1, 4}) {
      const FlowSet flows = striped_flows(width);
      const LinkLoads loads = route_flows(topology, flows);
      for (const std::int64_t period : {1, 2, 3, 4, 6, 8}) {
        SCOPED_TRACE("width " + std::to_string(width) + ", period " + std::to_string(period));
        std::vector<std::int64_t> release(60);
        for (std::size_t i = 0; i < release.size(); ++i) {
          release[i] = static_cast<std::int64_t>(i) * period;
        }
        const std::int64_t end = drain(topology, flows, release, rates(1, 1)).end_ps;
        const auto load = static_cast<std::int64_t>(loads.max_load);
        const std::int64_t interval = std::max(period, load);
        // 59 intervals, and the way of the last words through what the first ones met.
        EXPECT_GE(end, 59 * interval + loads.most_hops);
        EXPECT_LE(end, 59 * interval + load + loads.most_hops);
        EXPECT_EQ(end, spatial::drain_cycles(topology, flows, 60, period));
      }
    }
  }
}

TEST(Drain, KeepsLinksBusyForExactlyTheirLoad) {
  const std::int64_t shares[] = {3, 5};
  const SpatialLayout layout = spatial::blocked_1d(8, 8, shares);
  for (const TopologyKind kind : {TopologyKind::mesh, TopologyKind::amp, TopologyKind::torus,
                                  TopologyKind::flattened_butterfly}) {
    for (const FlowPattern pattern :
         {FlowPattern::one_to_one, FlowPattern::halo, FlowPattern::row_multicast,
          FlowPattern::all_multicast, FlowPattern::global_buffer}) {
      FlowSet flows;
      imbrex::add_flows(layout, {0, 1, pattern, 15}, flows);  // 3 to 5: flows of 9 words
      const Topology topology = eight_by_eight(kind);
      const LinkLoads loads = route_flows(topology, flows);
      const Drained drained = drain(topology, flows, {0, 2}, rates(0.5, 1), {0.0, 1.0},
                                    pattern == FlowPattern::global_buffer);
      ASSERT_EQ(drained.busy_ps.size(), loads.load.size());
      for (std::size_t link = 0; link < loads.load.size(); ++link) {
        EXPECT_DOUBLE_EQ(static_cast<double>(drained.busy_ps[link]), 2 * loads.load[link]) << link;
      }
      EXPECT_GE(static_cast<double>(drained.end_ps - 2), 2 * loads.max_load);
    }
  }
}

TEST(Drain, OfShiftsIsNeverSlowerWithMoreBandwidth) {
  for (const TopologyKind kind : kMeshAndAmp) {
    for (const std::int64_t width : {1, 2, 4}) {
      const FlowSet flows = scaled(striped_flows(width), 7);
      std::int64_t before = Network::kIdle;
      for (const double rate : {0.01, 0.1, 0.3, 1.0, 2.5, 10.0, 0.0}) {
        const std::int64_t end =
            drain(eight_by_eight(kind), flows, {0, 5, 9, 40}, rates(rate, 1)).end_ps;
        EXPECT_LE(end, before) << "width " << width << ", rate " << rate;
        before = end;
      }
    }
  }
}

}  // namespace
}  // namespace imbrex::simulator
