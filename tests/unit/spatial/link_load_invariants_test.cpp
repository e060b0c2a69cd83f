// Invariants of link loads on random flows: specification pipeorgan, section 11, items 2, 3, 6, 14.
#include "load_kit.hpp"

#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/spatial/link_load.hpp>
#include <imbrex/toolkit/spatial/spatial_layout.hpp>

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace imbrex {

namespace {

using namespace load_kit;

FlowSet random_flows(Random& random, const Topology& topology, bool multicast) {
  FlowSet flows;
  for (int i = 0; i < 30; ++i) {
    std::vector<std::int32_t> to;
    for (int d = 0; d < (multicast ? 4 : 1); ++d) {
      to.push_back(
          static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(topology.nodes()))));
    }
    flows.add(static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(topology.nodes()))),
              to, static_cast<double>(random.between(1, 9)));
  }
  return flows;
}

const Topology kSome[] = {Topology(TopologyKind::mesh, 6, 8), Topology(TopologyKind::amp, 6, 8, 3),
                          Topology(TopologyKind::torus, 6, 8),
                          Topology(TopologyKind::flattened_butterfly, 6, 8)};

TEST(LinkLoadInvariants, ConservesWordsTimesHops) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed, 1);
    for (const Topology& topology : kSome) {
      const FlowSet flows = random_flows(random, topology, false);
      double expected = 0;
      for (const Flow& flow : flows.flows()) {
        expected += flow.words * topology.hops(flow.source, flows.destinations(flow)[0]);
      }
      EXPECT_DOUBLE_EQ(route_flows(topology, flows).word_links, expected) << seed;
    }
  }
}

// The slow twin of multicast trees: the union of the ways, word by word.
std::vector<double> slow_multicast(const Topology& topology, const FlowSet& flows) {
  std::vector<double> load(topology.links_and_ports().size(), 0);
  for (const Flow& flow : flows.flows()) {
    std::set<std::int32_t> tree;
    for (const std::int32_t destination : flows.destinations(flow)) {
      std::vector<std::int32_t> path;
      topology.route(flow.source, destination, path);
      tree.insert(path.begin(), path.end());
    }
    for (const std::int32_t link : tree) {
      load[static_cast<std::size_t>(link)] += flow.words;
    }
  }
  return load;
}

TEST(LinkLoadInvariants, PutsEveryWordOnceOnTheLinksOfItsTree) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed, 2);
    for (const Topology& topology : kSome) {
      FlowSet flows = random_flows(random, topology, true);
      // Many sources with the same readers, as pipelined stages have them; ports among others.
      std::vector<std::int32_t> readers;
      for (std::int32_t node = 0; node < topology.nodes(); ++node) {
        if (random.below(3) == 0) {
          readers.push_back(node);
        }
      }
      readers.push_back(0);
      for (std::int32_t source = 0; source < topology.nodes(); source += 5) {
        flows.add(source, readers, 2);
      }
      flows.add(topology.port(1), readers, 3);
      const LinkLoads loads = route_flows(topology, flows);
      const std::vector<double> expected = slow_multicast(topology, flows);
      double hops = 0;
      double pairs = 0;
      for (const Flow& flow : flows.flows()) {
        for (const std::int32_t destination : flows.destinations(flow)) {
          hops += flow.words * topology.hops(flow.source, destination);
          pairs += flow.words;
        }
      }
      for (std::size_t link = 0; link < expected.size(); ++link) {
        ASSERT_DOUBLE_EQ(loads.load[link], expected[link]) << seed << " link " << link;
      }
      EXPECT_NEAR(loads.mean_hops, hops / pairs, 1e-12);
    }
  }
}

TEST(LinkLoadInvariants, DeliversEveryWordProducedWhateverTheShares) {
  for (std::int64_t first = 1; first < 16; ++first) {
    const auto layout = spatial::blocked_1d(3, 16, Shares{first, 16 - first});
    const FlowSet flows = chain_flows(layout, FlowPattern::one_to_one);
    double words = 0;
    for (const Flow& flow : flows.flows()) {
      words += flow.words;
    }
    EXPECT_NEAR(words, static_cast<double>(3 * first), 1e-9);
  }
}

// The slow twin of cut_bound: counts crossings flow by flow for every cut.
double slow_cut_bound(const Topology& topology, const FlowSet& flows) {
  double bound = 0;
  const auto visit = [&](bool vertical, std::int32_t at) {
    const auto low = [&](std::int32_t node) {
      return (vertical ? node % topology.columns() : node / topology.columns()) < at;
    };
    for (const bool forwards : {true, false}) {
      double words = 0;
      for (const Flow& flow : flows.flows()) {
        const auto to = flows.destinations(flow);
        words += low(flow.source) == forwards &&
                         std::any_of(to.begin(), to.end(),
                                     [&](std::int32_t d) { return low(d) != forwards; })
                     ? flow.words
                     : 0;
      }
      const auto links = std::count_if(
          topology.links().begin(), topology.links().end(),
          [&](const Link& link) { return low(link.from) == forwards && low(link.to) != forwards; });
      bound = std::max(bound, words / static_cast<double>(links));
    }
  };
  for (std::int32_t c = 1; c < topology.columns(); ++c) {
    visit(true, c);
  }
  for (std::int32_t r = 1; r < topology.rows(); ++r) {
    visit(false, r);
  }
  return bound;
}

TEST(CutBound, EqualsItsTwinAndNeverExceedsTheBusiestLink) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed, 2);
    for (const Topology& topology : kSome) {
      for (const bool multicast : {false, true}) {
        const FlowSet flows = random_flows(random, topology, multicast);
        const double bound = spatial::cut_bound(topology, flows);
        EXPECT_NEAR(bound, slow_cut_bound(topology, flows), 1e-9) << seed;
        EXPECT_LE(bound, route_flows(topology, flows).max_load + 1e-9) << seed;
      }
    }
  }
}

TEST(LinkLoadInvariants, KeepsMaximumAndMeanWhenMirrored) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Random random(seed, 3);
    for (const Topology& topology : {kSome[0], kSome[1], kSome[3]}) {
      const FlowSet flows = random_flows(random, topology, true);
      FlowSet mirrored;
      const auto mirror = [&](std::int32_t node) {
        const std::int32_t row = node / topology.columns();
        return row * topology.columns() + topology.columns() - 1 - node % topology.columns();
      };
      for (const Flow& flow : flows.flows()) {
        std::vector<std::int32_t> to;
        for (const std::int32_t d : flows.destinations(flow)) {
          to.push_back(mirror(d));
        }
        mirrored.add(mirror(flow.source), to, flow.words);
      }
      const LinkLoads a = route_flows(topology, flows);
      const LinkLoads b = route_flows(topology, mirrored);
      EXPECT_NEAR(a.max_load, b.max_load, 1e-9);
      EXPECT_NEAR(a.mean_hops, b.mean_hops, 1e-9);
    }
  }
}

TEST(LinkLoadInvariants, IsEmptyForOneStage) {
  const auto layout = spatial::blocked_1d(4, 4, Shares{4});
  const FlowSet flows = chain_flows(layout, FlowPattern::all_multicast);
  EXPECT_TRUE(flows.flows().empty());
  EXPECT_DOUBLE_EQ(route_flows(Topology(TopologyKind::mesh, 4, 4), flows).max_load, 0);
}

TEST(LinkLoadInvariants, HasTheSameWireLengthOnAmpAndMeshForBlocks) {
  const Topology mesh(TopologyKind::mesh, 32, 32);
  const Topology amp(TopologyKind::amp, 32, 32);
  const FlowSet flows =
      chain_flows(spatial::blocked_1d(32, 32, Shares{16, 16}), FlowPattern::one_to_one);
  EXPECT_DOUBLE_EQ(route_flows(mesh, flows).word_pitches, 8192);
  EXPECT_DOUBLE_EQ(route_flows(amp, flows).word_pitches, 8192);
  EXPECT_DOUBLE_EQ(route_flows(mesh, flows).word_links, 8192);
  EXPECT_DOUBLE_EQ(route_flows(amp, flows).word_links, 2048);
}

}  // namespace

}  // namespace imbrex
