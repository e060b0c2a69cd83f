// Link counts, lengths and routes: specification pipeorgan, sections 2.2 and 2.3, section 11 items
// 1 and 14.
#include <imbrex/plugin/error.hpp>
#include <imbrex/plugin/host.hpp>
#include <imbrex/values/topology.hpp>

#include <cstdlib>

#include <gtest/gtest.h>

namespace imbrex {

namespace {

struct Counts {
  TopologyKind kind;
  std::int32_t side;
  std::int32_t express;
  std::int64_t links;
  std::int32_t router_ports;
  std::int64_t pitches;
  std::int64_t bisection;
};

class TopologyCounts : public testing::TestWithParam<Counts> {};

TEST_P(TopologyCounts, AreThoseOfTheSpecification) {
  const Counts& want = GetParam();
  const Topology topology(want.kind, want.side, want.side, want.express);
  EXPECT_EQ(static_cast<std::int64_t>(topology.links().size()), want.links);
  EXPECT_EQ(topology.router_ports(), want.router_ports);
  EXPECT_EQ(topology.wire_pitches(), want.pitches);
  EXPECT_EQ(topology.column_cut(want.side / 2), want.bisection);
  EXPECT_EQ(topology.row_cut(want.side / 2), want.bisection);
}

INSTANTIATE_TEST_SUITE_P(
    Table, TopologyCounts,
    testing::Values(Counts{TopologyKind::mesh, 32, 0, 3968, 5, 3968, 32},
                    Counts{TopologyKind::torus, 32, 0, 4096, 5, 8192, 64},
                    Counts{TopologyKind::amp, 32, 4, 7552, 9, 18304, 160},
                    Counts{TopologyKind::flattened_butterfly, 32, 0, 63488, 63, 698368, 8192},
                    Counts{TopologyKind::mesh, 4, 0, 48, 5, 48, 4},
                    Counts{TopologyKind::torus, 4, 0, 64, 5, 128, 8},
                    // 32 express links of length 2; a node has at most one express link per
                    // dimension, so 2 + 2 unit and 1 + 1 express ones and the local port.
                    Counts{TopologyKind::amp, 4, 2, 80, 7, 48 + 64, 12},
                    Counts{TopologyKind::flattened_butterfly, 4, 0, 96, 7, 160, 16}));

TEST(Topology, ChoosesTheExpressLengthOfTheSquareRootRule) {
  EXPECT_EQ(default_express_length(32), 4);
  EXPECT_EQ(default_express_length(4), 2);
  EXPECT_EQ(default_express_length(128), 8);
  EXPECT_EQ(Topology(TopologyKind::amp, 32, 32).express_length(), 4);
  EXPECT_EQ(Topology(TopologyKind::mesh, 32, 32).express_length(), 0);
}

TEST(Topology, RefusesSizesItCannotHold) {
  EXPECT_THROW(Topology(TopologyKind::mesh, 0, 4), InputError);
  EXPECT_THROW(Topology(TopologyKind::mesh, 4096, 4096), InputError);
  EXPECT_THROW(Topology(TopologyKind::flattened_butterfly, 1024, 1024), InputError);
  EXPECT_THROW(Topology(TopologyKind::amp, 4, 4, -1), InputError);
}

// A mean over all ordered pairs of a line of 32, from the table of section 2.2.
TEST(Topology, HasTheMeanDistancesOfTheExpressLengthTable) {
  const std::pair<int, double> want[] = {{1, 11.00}, {2, 5.76}, {3, 4.35}, {4, 3.89},
                                         {5, 3.80},  {8, 4.34}, {16, 6.89}};
  for (const auto& [express, mean] : want) {
    const Topology line(TopologyKind::amp, 1, 32, express);
    std::int64_t sum = 0;
    for (int from = 0; from < 32; ++from) {
      for (int to = 0; to < 32; ++to) {
        sum += line.hops(from, to);
      }
    }
    EXPECT_NEAR(static_cast<double>(sum) / (32 * 31), mean, 0.005) << "L = " << express;
  }
}

TEST(Topology, RelatesLinksToMeshAsTheExpressLengthTable) {
  const std::pair<int, double> want[] = {{2, 1.97}, {3, 1.94}, {5, 1.87}, {8, 1.77}, {16, 1.52}};
  for (const auto& [express, ratio] : want) {
    const Topology amp(TopologyKind::amp, 32, 32, express);
    EXPECT_NEAR(static_cast<double>(amp.links().size()) / 3968, ratio, 0.005) << express;
  }
}

// Follows the route link by link and returns its length in pitches.
std::int64_t follow(const Topology& topology, std::int32_t from, std::int32_t to) {
  std::vector<std::int32_t> path;
  topology.route(from, to, path);
  EXPECT_EQ(static_cast<std::int32_t>(path.size()), topology.hops(from, to));
  std::int64_t pitches = 0;
  std::int32_t at = from;
  bool in_column = false;
  for (const std::int32_t id : path) {
    const Link& link = topology.links_and_ports()[static_cast<std::size_t>(id)];
    EXPECT_EQ(link.from, at);
    const bool array = link.from < topology.nodes() && link.to < topology.nodes();
    const bool vertical = array && link.from % topology.columns() == link.to % topology.columns();
    EXPECT_FALSE(in_column && array && !vertical) << "turns back into a row";
    in_column = in_column || vertical;
    pitches += link.pitches;
    at = link.to;
  }
  EXPECT_EQ(at, to);
  return pitches;
}

TEST(Topology, RoutesAlongLinksRowFirstOnEveryKind) {
  for (const TopologyKind kind : {TopologyKind::mesh, TopologyKind::amp, TopologyKind::torus,
                                  TopologyKind::flattened_butterfly}) {
    const Topology topology(kind, 5, 7, kind == TopologyKind::amp ? 3 : 0);
    for (std::int32_t from = 0; from < 35; ++from) {
      for (std::int32_t to = 0; to < 35; ++to) {
        follow(topology, from, to);
      }
    }
  }
}

TEST(Topology, ReachesGlobalBufferPortsThroughColumnZero) {
  const Topology mesh(TopologyKind::mesh, 4, 6);
  EXPECT_EQ(mesh.hops(mesh.node(2, 5), mesh.port(2)), 6);
  EXPECT_EQ(mesh.hops(mesh.port(1), mesh.node(1, 0)), 1);
  EXPECT_EQ(follow(mesh, mesh.port(3), mesh.node(3, 4)), 5);
  EXPECT_EQ(follow(mesh, mesh.node(0, 3), mesh.port(0)), 4);
}

TEST(Topology, TakesTheShorterWayRoundATorusAndForwardsWhenEqual) {
  const Topology torus(TopologyKind::torus, 1, 8);
  EXPECT_EQ(torus.hops(0, 7), 1);
  EXPECT_EQ(torus.hops(1, 6), 3);
  std::vector<std::int32_t> path;
  torus.route(6, 2, path);
  ASSERT_EQ(path.size(), 4U);
  EXPECT_EQ(torus.links()[static_cast<std::size_t>(path[0])].to, 7);
}

TEST(Topology, AmpHasTheWireLengthOfTheMeshAndNoMoreHops) {
  const Topology mesh(TopologyKind::mesh, 6, 32);
  for (const int express : {2, 3, 4, 7}) {
    const Topology amp(TopologyKind::amp, 6, 32, express);
    for (std::int32_t from = 0; from < mesh.nodes(); from += 3) {
      for (std::int32_t to = 0; to < mesh.nodes(); to += 5) {
        EXPECT_EQ(follow(amp, from, to), follow(mesh, from, to));
        EXPECT_LE(amp.hops(from, to), mesh.hops(from, to));
      }
    }
  }
}

TEST(Topology, AmpWithLinksLongerThanTheArrayIsTheMesh) {
  const Topology mesh(TopologyKind::mesh, 8, 6);
  for (const int express : {1, 8, 9}) {
    const Topology amp(TopologyKind::amp, 8, 6, express);
    ASSERT_EQ(amp.links().size(), mesh.links().size());
    EXPECT_TRUE(std::equal(amp.links().begin(), amp.links().end(), mesh.links().begin()));
  }
}

TEST(Topology, TakesUnitStepsFirstWhenAsked) {
  const Topology amp(TopologyKind::amp, 1, 32, 4);
  std::vector<std::int32_t> path;
  amp.route(1, 11, path, ExpressUse::last);
  std::vector<std::int32_t> stops;
  for (const std::int32_t id : path) {
    stops.push_back(amp.links()[static_cast<std::size_t>(id)].to);
  }
  EXPECT_EQ(stops, (std::vector<std::int32_t>{2, 3, 7, 11}));
}

TEST(Topology, LeavesExpressLinksOutWhenAsked) {
  const Topology amp(TopologyKind::amp, 1, 32, 4);
  std::vector<std::int32_t> path;
  amp.route(0, 16, path, ExpressUse::none);
  EXPECT_EQ(path.size(), 16U);
  path.clear();
  amp.route(0, 16, path);
  EXPECT_EQ(path.size(), 4U);
}

}  // namespace

}  // namespace imbrex
