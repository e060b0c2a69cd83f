// Trees of links against the loads that route_flows counts.
#include "load_kit.hpp"

#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/spatial/multicast_tree.hpp>

#include <gtest/gtest.h>

namespace imbrex {

namespace {

using namespace load_kit;
using spatial::MulticastTrees;
using spatial::TreeLink;

std::vector<spatial::TreeLink> tree(const Topology& topology, std::int32_t source,
                                    const std::vector<std::int32_t>& destinations) {
  spatial::MulticastTrees trees(topology);
  const auto links = trees.tree(source, destinations);
  return {links.begin(), links.end()};
}

TEST(MulticastTrees, OfOneDestinationIsItsRoute) {
  const Topology topology(TopologyKind::amp, 8, 8, 2);
  std::vector<std::int32_t> route;
  topology.route(3, 60, route);
  const auto links = tree(topology, 3, {60});
  ASSERT_EQ(links.size(), route.size());
  for (std::size_t i = 0; i < route.size(); ++i) {
    EXPECT_EQ(links[i], (spatial::TreeLink{route[i], static_cast<std::int32_t>(i) - 1}));
  }
}

TEST(MulticastTrees, BranchWhereTheWaysPart) {
  // 0 1 2
  // 3 4 5   from 0 along the row, then down.
  const Topology mesh(TopologyKind::mesh, 2, 3);
  const auto links = tree(mesh, 0, {4, 2, 1});
  ASSERT_EQ(links.size(), 3U);
  EXPECT_EQ(links[0].parent, -1);
  EXPECT_EQ(links[1].parent, 0);
  EXPECT_EQ(links[2].parent, 0);
  EXPECT_EQ(mesh.links()[static_cast<std::size_t>(links[1].link)].to, 4);
  EXPECT_EQ(mesh.links()[static_cast<std::size_t>(links[2].link)].to, 2);
}

TEST(MulticastTrees, AreEmptyWhereNothingMoves) {
  const Topology mesh(TopologyKind::mesh, 2, 3);
  EXPECT_TRUE(tree(mesh, 4, {4}).empty());
  EXPECT_TRUE(tree(mesh, 4, {}).empty());
}

TEST(MulticastTrees, ForgetTheTreeBefore) {
  const Topology mesh(TopologyKind::mesh, 2, 3);
  spatial::MulticastTrees trees(mesh);
  const std::int32_t far[] = {5};
  const std::size_t first = trees.tree(0, far).size();
  EXPECT_EQ(trees.tree(0, far).size(), first);
}

// Every link once, from where the one before led; and their loads are route_flows'.
TEST(MulticastTrees, HaveTheLoadsOfRoutedFlows) {
  for (std::uint64_t number = 0; number < 200; ++number) {
    SCOPED_TRACE("seed 5, case " + std::to_string(number));
    Random random(5, number);
    const Topology topology(static_cast<TopologyKind>(random.below(4)),
                            static_cast<std::int32_t>(random.between(1, 6)),
                            static_cast<std::int32_t>(random.between(1, 9)), 0);
    const auto nodes = static_cast<std::uint64_t>(topology.nodes() + topology.rows());
    FlowSet flows;
    for (std::int64_t count = random.between(1, 10); count > 0; --count) {
      std::vector<std::int32_t> to;
      for (std::int64_t more = random.between(1, 8); more > 0; --more) {
        to.push_back(static_cast<std::int32_t>(
            random.below(nodes - static_cast<std::uint64_t>(topology.rows()))));
      }
      flows.add(static_cast<std::int32_t>(random.below(nodes)), to, 1);
    }
    std::vector<double> loads(topology.links_and_ports().size(), 0);
    spatial::MulticastTrees trees(topology);
    for (const Flow& flow : flows.flows()) {
      const auto links = trees.tree(flow.source, flows.destinations(flow));
      for (std::size_t i = 0; i < links.size(); ++i) {
        const auto& link = topology.links_and_ports()[static_cast<std::size_t>(links[i].link)];
        ASSERT_LT(links[i].parent, static_cast<std::int32_t>(i));
        const std::int32_t from =
            links[i].parent < 0 ? flow.source
                                : topology
                                      .links_and_ports()[static_cast<std::size_t>(
                                          links[static_cast<std::size_t>(links[i].parent)].link)]
                                      .to;
        ASSERT_EQ(link.from, from);
        loads[static_cast<std::size_t>(links[i].link)] += 1;
      }
    }
    ASSERT_EQ(loads, route_flows(topology, flows).load);
  }
}

}  // namespace

}  // namespace imbrex
