// The table of specification pipeorgan, section 6.5, on 32 x 32 with AMP links of length 4: every
// integer exact, means to 1e-2. A negative figure stands for "not tabulated".
#include "load_kit.hpp"

#include <imbrex/toolkit/spatial/link_load.hpp>
#include <imbrex/toolkit/spatial/spatial_layout.hpp>

#include <gtest/gtest.h>

namespace imbrex {

namespace {

using namespace load_kit;

struct Figures {
  double max = -1;
  double hops = -1;
  double word_links = -1;
};

struct Row {
  const char* layout;
  FlowPattern pattern;
  std::vector<std::pair<int, int>> skips;
  bool multicast;
  Figures mesh, amp, torus, butterfly;
};

SpatialLayout layout_named(std::string_view name) {
  const auto blocks = [](std::size_t depth) {
    return spatial::blocked_1d(32, 32, Shares(depth, static_cast<std::int64_t>(32 / depth)));
  };
  if (name == "blocked 2")
    return blocks(2);
  if (name == "blocked 4")
    return blocks(4);
  if (name == "quadrants 2")
    return *spatial::blocked_2d(32, 32, Shares{1, 1});
  if (name == "ring 4")
    return *spatial::blocked_2d(32, 32, Shares{1, 1, 1, 1});
  if (name == "striped 8")
    return spatial::striped(32, 32, spatial::stripe_period(Shares{8, 8}));
  if (name == "striped 4")
    return spatial::striped(32, 32, spatial::stripe_period(Shares{4, 4}));
  if (name == "striped 2")
    return spatial::striped(32, 32, spatial::stripe_period(Shares{2, 2}));
  if (name == "striped 1")
    return spatial::striped(32, 32, Period{0, 1});
  if (name == "striped 0123")
    return spatial::striped(32, 32, Period{0, 1, 2, 3});
  if (name == "checkerboard")
    return spatial::cells(32, 32, 2, 2, Period{0, 1, 1, 0});
  if (name == "cell 01/32")
    return spatial::cells(32, 32, 2, 2, Period{0, 1, 3, 2});
  if (name == "blocked 1:3")
    return spatial::blocked_1d(32, 32, Shares{8, 24});
  EXPECT_EQ(name, "PCCC");
  return spatial::striped(32, 32, Period{0, 1, 1, 1});
}

class LoadTable : public testing::TestWithParam<Row> {};

void expect_figures(const Figures& want, const LinkLoads& got, const char* topology,
                    double per_max) {
  if (want.max >= 0) {
    EXPECT_NEAR(got.max_load, want.max, per_max) << topology;
  }
  if (want.hops >= 0) {
    // Printed with two decimals; with one where they exceed 20.
    EXPECT_NEAR(got.mean_hops, want.hops, want.hops > 20 ? 5e-2 : 1e-2) << topology;
  }
  if (want.word_links >= 0) {
    EXPECT_NEAR(got.word_links, want.word_links, 1e-6) << topology;
  }
}

TEST_P(LoadTable, HasThePrintedFigures) {
  const Row& row = GetParam();
  const FlowSet flows = chain_flows(layout_named(row.layout), row.pattern, row.skips);
  const std::tuple<TopologyKind, Figures, const char*> columns[] = {
      {TopologyKind::mesh, row.mesh, "mesh"},
      {TopologyKind::amp, row.amp, "AMP4"},
      {TopologyKind::torus, row.torus, "torus"},
      {TopologyKind::flattened_butterfly, row.butterfly, "butterfly"}};
  for (const auto& [kind, want, name] : columns) {
    if (want.max < 0) {
      continue;
    }
    const Topology topology(kind, 32, 32);
    const bool fraction = want.max != static_cast<double>(static_cast<int>(want.max));
    expect_figures(want, route_flows(topology, flows, {row.multicast, false}), name,
                   fraction ? 5e-3 : 1e-9);
  }
}

const FlowPattern kOne = FlowPattern::one_to_one;
const FlowPattern kHalo = FlowPattern::halo;
const FlowPattern kRow = FlowPattern::row_multicast;
const FlowPattern kAll = FlowPattern::all_multicast;
const std::vector<std::pair<int, int>> kChain;
const std::vector<std::pair<int, int>> kSkip{{0, 3}};
const std::vector<std::pair<int, int>> kTwoSkips{{0, 2}, {1, 3}};

// clang-format off
INSTANTIATE_TEST_SUITE_P(Section65, LoadTable, testing::Values(
    Row{"blocked 2",    kOne, kChain, true, {16, 16, 8192}, {4, 4, 2048}, {16, 16, 8192}, {1, 1, 512}},
    Row{"quadrants 2",  kOne, kChain, true, {16, 16, 8192}, {4, 4, 2048}, {16, 16, 8192}, {1, 1, 512}},
    Row{"striped 8",    kOne, kChain, true, {8, 8, 4096}, {2, 2, 1024}, {8, 8}, {1, 1}},
    Row{"striped 4",    kOne, kChain, true, {4, 4, 2048}, {1, 1, 512}, {4, 4}, {1, 1}},
    Row{"striped 2",    kOne, kChain, true, {2, 2, 1024}, {2, 2, 1024}, {2, 2}, {1, 1}},
    Row{"striped 1",    kOne, kChain, true, {1, 1, 512}, {1, 1, 512}, {1, 1}, {1, 1}},
    Row{"checkerboard", kOne, kChain, true, {1, 1, 512}, {1, 1, 512}, {1, 1}, {1, 1}},
    Row{"blocked 2",    kHalo, kChain, true, {16, 16.66, 11524}, {4, 5.64, 6820}, {16, 16.01}, {3, 1.66}},
    Row{"striped 1",    kHalo, kChain, true, {3, 2.31, 4804}, {3, 2.31, 4804}, {3, 2.31}, {3, 1.66}},
    Row{"checkerboard", kHalo, kChain, true, {3, 2.08, 5284}, {3, 2.08, 5284}, {3, 2.08}, {3, 1.43}},
    Row{"blocked 2",    kRow, kChain, true, {16, 16, 12032}, {12, 5.12, 9344}, {16, 10.69}, {1, 1}},
    Row{"striped 1",    kRow, kChain, true, {16, 10.69, 15392}, {16, 4.12, 15392}, {8, 8}, {1, 1}},
    Row{"checkerboard", kRow, kChain, true, {16, 10.69, 15392}, {16, 4.12, 15392}, {8, 8}, {1, 1}},
    Row{"blocked 2",    kRow, kChain, false, {256, 16}, {64, 5.12}, {136, 10.69}, {1, 1}},
    Row{"striped 1",    kRow, kChain, false, {72, 10.69}, {32, 4.12}, {36, 8}, {1, 1}},
    Row{"blocked 2",    kAll, kChain, true, {496, 26.7, 265984}, {384, 8.89, 263296}, {}, {}},
    Row{"striped 1",    kAll, kChain, true, {496, 21.3, 269344}, {384, 7.89, 269344}, {}, {}},
    Row{"checkerboard", kAll, kChain, true, {496, 21.3, 507904}, {384, 7.53, 450560}, {}, {}},
    Row{"blocked 4",    kOne, kChain, true, {8, 8, 6144}, {2, 2, 1536}, {8, 8}, {1, 1}},
    Row{"ring 4",       kOne, kChain, true, {16, 16, 12288}, {4, 4, 3072}, {16, 16}, {1, 1}},
    Row{"striped 0123", kOne, kChain, true, {1, 1, 768}, {1, 1, 768}, {1, 1}, {1, 1}},
    Row{"cell 01/32",   kOne, kChain, true, {1, 1, 768}, {1, 1, 768}, {1, 1}, {1, 1}},
    Row{"blocked 4",    kOne, kSkip, true, {16, 12}, {4, 3}, {8, 8}, {1, 1}},
    Row{"striped 0123", kOne, kSkip, true, {2, 1.5}, {2, 1.5}, {2, 1.5}, {1, 1}},
    Row{"cell 01/32",   kOne, kSkip, true, {1, 1}, {1, 1}, {1, 1}, {1, 1}},
    Row{"blocked 4",    kOne, kTwoSkips, true, {24}, {6}, {24}, {1}},
    Row{"striped 0123", kOne, kTwoSkips, true, {3}, {3}, {3}, {1}},
    Row{"cell 01/32",   kOne, kTwoSkips, true, {2}, {2}, {2}, {2}},
    Row{"blocked 4",    kRow, kChain, true, {15}, {10}, {}, {}},
    Row{"striped 0123", kRow, kChain, true, {22}, {21}, {}, {}},
    Row{"blocked 1:3",  kOne, kChain, true, {8}, {2}, {13.0 / 3}, {1.0 / 3}},
    Row{"PCCC",         kOne, kChain, true, {1}, {1}, {1}, {1.0 / 3}}));
// clang-format on

// The specification's figure for the ring of four, 16, counts hand-overs between stages that share
// rows of the array. Its second one, from the upper row of a cell to the lower, shares links with
// the first: together 16 + 15.
TEST(LoadTable, CountsTheHandOverBetweenRowsOfTheRing) {
  const SpatialLayout ring = layout_named("cell 01/32");
  FlowSet flows;
  add_flows(ring, {0, 1, kRow, 1}, flows);
  add_flows(ring, {2, 3, kRow, 1}, flows);
  const Topology mesh(TopologyKind::mesh, 32, 32);
  const Topology amp(TopologyKind::amp, 32, 32);
  EXPECT_DOUBLE_EQ(route_flows(mesh, flows).max_load, 16);
  EXPECT_DOUBLE_EQ(route_flows(amp, flows).max_load, 16);
  add_flows(ring, {1, 2, kRow, 1}, flows);
  EXPECT_DOUBLE_EQ(route_flows(mesh, flows).max_load, 31);
}

TEST(BufferLoad, MatchesTheRowOfTheTableInEveryLayout) {
  const Topology mesh(TopologyKind::mesh, 32, 32);
  const Topology amp(TopologyKind::amp, 32, 32);
  for (const char* name : {"blocked 2", "striped 1", "checkerboard", "quadrants 2"}) {
    const FlowSet flows = chain_flows(layout_named(name), FlowPattern::global_buffer);
    expect_figures({16, 16.5, 16896}, route_flows(mesh, flows), name, 1e-9);
    expect_figures({16, 6.0, 6144}, route_flows(amp, flows), name, 1e-9);
  }
}

TEST(NeighbourLoad, MatchesTheRowOfTheTable) {
  const std::tuple<const char*, double, double> rows[] = {
      {"blocked 2", 1, 1952}, {"striped 1", 2, 2912}, {"checkerboard", 2, 3840}};
  for (const auto& [name, max, word_links] : rows) {
    FlowSet flows;
    spatial::add_neighbour_flows(layout_named(name), 1, flows);
    const LinkLoads loads = route_flows(Topology(TopologyKind::mesh, 32, 32), flows);
    EXPECT_DOUBLE_EQ(loads.max_load, max) << name;
    EXPECT_DOUBLE_EQ(loads.word_links, word_links) << name;
  }
}

// The examples around the table: sections 2.2, 5.2 and 12.
TEST(LoadTable, HasTheFiguresOfUnequalShares) {
  const Topology row(TopologyKind::mesh, 1, 32);
  const auto peak = [&](const SpatialLayout& layout) {
    return route_flows(row, chain_flows(layout, kOne)).max_load;
  };
  EXPECT_DOUBLE_EQ(peak(spatial::blocked_1d(1, 32, Shares{28, 4})), 28);
  EXPECT_DOUBLE_EQ(peak(spatial::striped(1, 32, Period{0, 0, 0, 0, 0, 0, 0, 1})), 7);
  EXPECT_DOUBLE_EQ(peak(spatial::striped(1, 32, spatial::stripe_period(Shares{7, 1}))), 4);
  EXPECT_DOUBLE_EQ(peak(spatial::blocked_1d(1, 32, Shares{11, 21})), 11);
  EXPECT_NEAR(peak(spatial::error_diffused(1, 32, Shares{11, 21})), 1.05, 5e-3);
}

TEST(LoadTable, PairsInsideCells) {
  const Topology mesh(TopologyKind::mesh, 32, 32);
  const LinkLoads local =
      route_flows(mesh, chain_flows(spatial::cells(32, 32, 2, 2, Period{0, 1, 1, 1}), kOne));
  EXPECT_NEAR(local.max_load, 0.67, 5e-3);
  EXPECT_NEAR(local.mean_hops, 1.33, 5e-3);
  SpatialLayout global = spatial::cells(32, 32, 2, 2, Period{0, 1, 1, 1});
  global.cell_rows = 32;
  global.cell_columns = 32;
  const LinkLoads far = route_flows(mesh, chain_flows(global, kOne));
  EXPECT_NEAR(far.max_load, 3.67, 5e-3);
  EXPECT_NEAR(far.mean_hops, 7.79, 5e-3);
}

TEST(LoadTable, HasTheExpressLengthSweepOfTwoBlocks) {
  const auto blocks = spatial::blocked_1d(32, 32, Shares{16, 16});
  const std::tuple<int, double, double, double> rows[] = {{2, 8, 8, 8.25},  {3, 5, 11, 6.00},
                                                          {4, 4, 12, 5.12}, {5, 3, 13, 4.80},
                                                          {8, 2, 14, 5.06}, {16, 1, 15, 8.03}};
  for (const auto& [express, one_to_one, row_max, row_hops] : rows) {
    const Topology amp(TopologyKind::amp, 32, 32, express);
    EXPECT_DOUBLE_EQ(route_flows(amp, chain_flows(blocks, kOne)).max_load, one_to_one);
    const LinkLoads row = route_flows(amp, chain_flows(blocks, kRow));
    EXPECT_DOUBLE_EQ(row.max_load, row_max) << express;
    EXPECT_NEAR(row.mean_hops, row_hops, 1e-2) << express;
  }
}

TEST(LoadTable, RescuesUnequalBlocksWithBalancedRouting) {
  const Topology amp(TopologyKind::amp, 1, 32, 4);
  const FlowSet flows = chain_flows(spatial::blocked_1d(1, 32, Shares{28, 4}), kOne);
  const double greedy = route_flows(amp, flows).max_load;
  const LinkLoads balanced = route_flows(amp, flows, {true, true});
  EXPECT_DOUBLE_EQ(greedy, 10);
  EXPECT_NEAR(spatial::cut_bound(amp, flows), 5.6, 1e-9);
  EXPECT_LT(balanced.max_load, 8);
  EXPECT_GE(balanced.max_load, 5.6 - 1e-9);
}

}  // namespace

}  // namespace imbrex
