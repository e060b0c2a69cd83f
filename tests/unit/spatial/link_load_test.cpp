// Worked examples on 4 x 4 (specification pipeorgan, section 10, items 1 to 6), closed forms
// (section 11, items 5 and 15).
#include "load_kit.hpp"

#include <imbrex/toolkit/spatial/link_load.hpp>
#include <imbrex/toolkit/spatial/spatial_layout.hpp>

#include <map>

#include <gtest/gtest.h>

namespace imbrex {

namespace {

using namespace load_kit;
using Loads = std::vector<double>;

const Topology kMesh(TopologyKind::mesh, 4, 4);
const Topology kAmp(TopologyKind::amp, 4, 4, 2);

void expect_loads(const Loads& got, const Loads& want) {
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    EXPECT_NEAR(got[i], want[i], 1e-12) << "link " << i;
  }
}

TEST(LinkLoad, OfBlocksOneToOneFallsOnTheBoundary) {
  const auto layout = spatial::blocked_1d(4, 4, Shares{2, 2});
  const FlowSet flows = chain_flows(layout, FlowPattern::one_to_one);
  const LinkLoads mesh = route_flows(kMesh, flows);
  for (int row = 0; row < 4; ++row) {
    expect_loads(row_loads(kMesh, mesh, row, 1), {1, 2, 1});
    expect_loads(row_loads(kMesh, mesh, row, -1), {0, 0, 0});
  }
  EXPECT_DOUBLE_EQ(mesh.mean_hops, 2);
  EXPECT_DOUBLE_EQ(mesh.word_links, 16);
  const LinkLoads amp = route_flows(kAmp, flows);
  expect_loads(row_loads(kAmp, amp, 2, 1), {0, 0, 0});
  EXPECT_DOUBLE_EQ(amp.max_load, 1);
  EXPECT_DOUBLE_EQ(amp.mean_hops, 1);
  EXPECT_DOUBLE_EQ(amp.word_links, 8);
}

TEST(LinkLoad, OfStripesAndCheckerboardOneToOneStaysBetweenNeighbours) {
  const auto stripes = spatial::striped(4, 4, Period{0, 1});
  const LinkLoads striped = route_flows(kMesh, chain_flows(stripes, FlowPattern::one_to_one));
  expect_loads(row_loads(kMesh, striped, 0, 1), {1, 0, 1});
  EXPECT_DOUBLE_EQ(striped.mean_hops, 1);
  EXPECT_DOUBLE_EQ(striped.word_links, 8);
  const auto checkers = spatial::cells(4, 4, 2, 2, Period{0, 1, 1, 0});
  const LinkLoads board = route_flows(kMesh, chain_flows(checkers, FlowPattern::one_to_one));
  expect_loads(row_loads(kMesh, board, 0, 1), {1, 0, 1});
  expect_loads(row_loads(kMesh, board, 0, -1), {0, 0, 0});
  expect_loads(row_loads(kMesh, board, 1, -1), {1, 0, 1});
  expect_loads(row_loads(kMesh, board, 1, 1), {0, 0, 0});
}

TEST(LinkLoad, OfRowMulticastMatchesTheWorkedExample) {
  const FlowPattern row = FlowPattern::row_multicast;
  const LinkLoads blocked =
      route_flows(kMesh, chain_flows(spatial::blocked_1d(4, 4, Shares{2, 2}), row));
  expect_loads(row_loads(kMesh, blocked, 1, 1), {1, 2, 2});
  EXPECT_DOUBLE_EQ(blocked.word_links, 20);
  EXPECT_DOUBLE_EQ(blocked.mean_hops, 2);
  const LinkLoads striped =
      route_flows(kMesh, chain_flows(spatial::striped(4, 4, Period{0, 1}), row));
  expect_loads(row_loads(kMesh, striped, 3, 1), {1, 1, 2});
  expect_loads(row_loads(kMesh, striped, 3, -1), {0, 1, 0});
  EXPECT_DOUBLE_EQ(striped.word_links, 20);
  EXPECT_DOUBLE_EQ(striped.mean_hops, 1.5);
  const LinkLoads board =
      route_flows(kMesh, chain_flows(spatial::cells(4, 4, 2, 2, Period{0, 1, 1, 0}), row));
  expect_loads(row_loads(kMesh, board, 1, -1), {2, 1, 1});
  expect_loads(row_loads(kMesh, board, 1, 1), {0, 1, 0});
  EXPECT_DOUBLE_EQ(board.max_load, 2);
}

TEST(LinkLoad, OfAllMulticastPeaksAtSixOnVerticalLinks) {
  const std::pair<SpatialLayout, double> cases[] = {
      {spatial::blocked_1d(4, 4, Shares{2, 2}), 68},
      {spatial::striped(4, 4, Period{0, 1}), 68},
      {spatial::cells(4, 4, 2, 2, Period{0, 1, 1, 0}), 96}};
  for (const auto& [layout, word_links] : cases) {
    const LinkLoads loads = route_flows(kMesh, chain_flows(layout, FlowPattern::all_multicast));
    EXPECT_DOUBLE_EQ(loads.max_load, 6) << layout.text();
    EXPECT_DOUBLE_EQ(loads.word_links, word_links) << layout.text();
    const auto hot = spatial::hottest_links(loads, 1);
    const Link& link = kMesh.links()[static_cast<std::size_t>(hot.front())];
    EXPECT_EQ(link.from % 4, link.to % 4) << "a vertical link";
  }
}

TEST(LinkLoad, OfFourStagesWithSkip) {
  const LinkLoads striped = route_flows(
      kMesh,
      chain_flows(spatial::striped(4, 4, Period{0, 1, 2, 3}), FlowPattern::one_to_one, {{0, 3}}));
  expect_loads(row_loads(kMesh, striped, 0, 1), {2, 2, 2});
  EXPECT_DOUBLE_EQ(striped.word_links, 24);
  const LinkLoads ring =
      route_flows(kMesh, chain_flows(spatial::cells(4, 4, 2, 2, Period{0, 1, 3, 2}),
                                     FlowPattern::one_to_one, {{0, 3}}));
  expect_loads(row_loads(kMesh, ring, 0, 1), {1, 0, 1});
  expect_loads(row_loads(kMesh, ring, 1, -1), {1, 0, 1});
  for (std::size_t i = 0; i < kMesh.links().size(); ++i) {
    const Link& link = kMesh.links()[i];
    if (link.to == link.from + 4 && link.from < 4) {
      EXPECT_DOUBLE_EQ(ring.load[i], 1) << "column " << link.from;
    }
  }
  EXPECT_DOUBLE_EQ(ring.max_load, 1);
  EXPECT_DOUBLE_EQ(ring.word_links, 16);
}

TEST(LinkLoad, OfOneToThreeSplitsTheWord) {
  const auto layout = spatial::blocked_1d(4, 4, Shares{1, 3});
  const LinkLoads loads = route_flows(kMesh, chain_flows(layout, FlowPattern::one_to_one));
  expect_loads(row_loads(kMesh, loads, 0, 1), {1, 2.0 / 3, 1.0 / 3});
  EXPECT_NEAR(loads.mean_hops, 2, 1e-12);
}

TEST(LinkLoad, OfStripesFollowsTheirWidth) {
  const Topology mesh(TopologyKind::mesh, 32, 32);
  const Topology amp(TopologyKind::amp, 32, 32, 4);
  const std::map<std::int64_t, double> on_amp{{1, 1}, {2, 2}, {4, 1}, {8, 2}, {16, 4}};
  for (const auto& [width, amp_load] : on_amp) {
    const auto layout = spatial::striped(32, 32, spatial::stripe_period(Shares{width, width}));
    const FlowSet flows = chain_flows(layout, FlowPattern::one_to_one);
    EXPECT_DOUBLE_EQ(route_flows(mesh, flows).max_load, static_cast<double>(width));
    EXPECT_DOUBLE_EQ(route_flows(amp, flows).max_load, amp_load) << "width " << width;
  }
}

TEST(LinkLoad, ClosedFormEqualsTheRouter) {
  int compared = 0;
  for (const int express : {0, 2, 4, 8}) {
    const Topology topology(express == 0 ? TopologyKind::mesh : TopologyKind::amp, 8, 32, express);
    for (const std::int64_t depth : {2, 4, 8}) {
      for (std::int64_t width = 1; width * depth <= 32; width *= 2) {
        const Shares shares(static_cast<std::size_t>(depth), width);
        const auto layout = spatial::striped(8, 32, spatial::stripe_period(shares));
        const auto closed = spatial::chain_closed_form(topology, layout);
        ASSERT_TRUE(closed) << express << " " << layout.text();
        const LinkLoads routed =
            route_flows(topology, chain_flows(layout, FlowPattern::one_to_one));
        EXPECT_DOUBLE_EQ(closed->max_load, routed.max_load) << express << " " << layout.text();
        EXPECT_DOUBLE_EQ(closed->mean_hops, routed.mean_hops);
        EXPECT_DOUBLE_EQ(closed->word_links, routed.word_links);
        ++compared;
      }
    }
  }
  EXPECT_EQ(compared, 4 * (5 + 4 + 3));
}

TEST(LinkLoad, HasNoClosedFormForUnequalOrOtherLayouts) {
  EXPECT_FALSE(spatial::chain_closed_form(kMesh, spatial::blocked_1d(4, 4, Shares{1, 3})));
  EXPECT_FALSE(spatial::chain_closed_form(kMesh, spatial::cells(4, 4, 2, 2, Period{0, 1, 1, 0})));
  EXPECT_FALSE(spatial::chain_closed_form(Topology(TopologyKind::torus, 4, 4),
                                          spatial::blocked_1d(4, 4, Shares{2, 2})));
}

// Section 11 item 15: granularity cancels; equal blocks of D stages, one to one.
TEST(BoundaryDemand, EqualsTheRoutedLoadOverComputeOfEqualBlocks) {
  const Topology mesh(TopologyKind::mesh, 32, 32);
  for (const std::int64_t depth : {2, 4, 8}) {
    const auto layout =
        spatial::blocked_1d(32, 32, Shares(static_cast<std::size_t>(depth), 32 / depth));
    const double load = route_flows(mesh, chain_flows(layout, FlowPattern::one_to_one)).max_load;
    constexpr std::int64_t kWords = 4096;
    constexpr std::int64_t kMacsPerWord = 72;
    constexpr std::int32_t kDot = 8;
    const double per_element = 5;  // g, words per element and interval: any
    const double compute_cycles = per_element * kMacsPerWord / kDot;
    EXPECT_DOUBLE_EQ(load * per_element / compute_cycles,
                     spatial::boundary_demand(kWords, 32, kDot, 1, depth * kWords * kMacsPerWord));
  }
}

TEST(BoundaryDemand, MatchesTheExamplesOfTheSpecification) {
  // 3x3 -> 1x1 at 32 channels, then 1x1 -> 1x1, C = 32, dot = 8; per produced word.
  EXPECT_DOUBLE_EQ(spatial::boundary_demand(1, 32, 8, 1, 288 + 32), 0.8);
  EXPECT_DOUBLE_EQ(spatial::boundary_demand(1, 32, 8, 1, 32 + 32), 4.0);
  EXPECT_NEAR(spatial::boundary_demand(1, 32, 8, 1, 9 + 24), 7.8, 0.05);
}

}  // namespace

}  // namespace imbrex
