// Links as first-come-first-served resources, one packet at a time: by hand, and against a network
// that is stepped cycle by cycle. Specification pipeorgan, section 6.6.
#include "network_kit.hpp"
#include "slow_links.hpp"

#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/spatial/multicast_tree.hpp>

#include <numeric>

#include <gtest/gtest.h>

namespace imbrex::simulator {
namespace {

using Times = std::vector<std::int64_t>;

Topology mesh(std::int32_t rows, std::int32_t columns) {
  return {TopologyKind::mesh, rows, columns};
}

TEST(Network, TakesAHopPerLinkForOneWord) {
  const Topology topology = mesh(4, 4);
  EXPECT_EQ(drain(topology, flow(0, {15}, 1), {0}, rates(1, 1)).arrival_ps, Times{6});
  EXPECT_EQ(drain(topology, flow(0, {15}, 1), {7}, rates(1, 1)).arrival_ps, Times{13});
}

// Six links: the head crosses them in six hops, the other words follow it one by one.
TEST(Network, CutsThroughWithLongPackets) {
  const Topology topology = mesh(4, 4);
  EXPECT_EQ(drain(topology, flow(0, {15}, 5), {0}, rates(1, 3)).arrival_ps, Times{6 * 3 + 4});
  EXPECT_EQ(drain(topology, flow(0, {15}, 5), {0}, rates(1, 1)).arrival_ps, Times{6 + 4});
  EXPECT_EQ(drain(topology, flow(0, {15}, 5), {0}, rates(1, 0)).arrival_ps, Times{5})
      << "nothing but the words themselves";
  // A word takes 2 ps, a hop 1: the last link still has all 10 ps to pass on.
  EXPECT_EQ(drain(topology, flow(0, {15}, 5), {0}, rates(0.5, 1)).arrival_ps, Times{5 + 10});
}

TEST(Network, RoundsTheTimeOfAPacketUp) {
  const Topology topology = mesh(1, 2);
  const Drained third = drain(topology, flow(0, {1}, 1.0 / 3), {0}, rates(0.01, 0));
  EXPECT_EQ(third.arrival_ps, Times{34});
  EXPECT_EQ(third.total_busy_ps(), 34);
  // 0.1 + 0.2 words at 0.01 words per ps are 30 ps, although the doubles are above.
  EXPECT_EQ(drain(topology, flow(0, {1}, 0.1 + 0.2), {0}, rates(0.01, 0)).arrival_ps, Times{30});
}

TEST(Network, OnlyHopsTakeTimeWhenLinksAreUnbounded) {
  const Drained drained = drain(mesh(4, 4), flow(0, {15}, 1e9), {0, 0}, rates(0, 3));
  EXPECT_EQ(drained.arrival_ps, (Times{18, 18}));
  EXPECT_EQ(drained.total_busy_ps(), 0);
}

TEST(Network, ServesFirstComeFirstServed) {
  // 0 -> 3 is at link 2 -> 3 at 2 ps, when 2 -> 3, released at 1 ps, has it until 4 ps.
  FlowSet flows;
  flows.add(0, std::vector<std::int32_t>{3}, 3);
  EXPECT_EQ(drain(mesh(1, 4), flows, {0}, rates(1, 1)).arrival_ps, Times{2 + 3});
  flows.add(2, std::vector<std::int32_t>{3}, 3);
  const Drained both = drain(mesh(1, 4), flows, {0}, rates(1, 1));
  EXPECT_EQ(both.arrival_ps, Times{3 + 3}) << "the near one goes first, 0 to 3 ps";
  EXPECT_EQ(both.packets, 2);
}

// Released together at one source: by flow, then by job.
TEST(Network, BreaksTiesByFlowThenJob) {
  FlowSet flows;
  flows.add(0, std::vector<std::int32_t>{1}, 2);
  flows.add(0, std::vector<std::int32_t>{2}, 5);
  // Link 0 -> 1: flow 0 of both jobs until 2 and 4 ps, then flow 1 until 9 and 14 ps. A hop behind
  // its start flow 1 is on 1 -> 2: from 5 until 10, from 10 until 15 ps.
  EXPECT_EQ(drain(mesh(1, 3), flows, {0, 0}, rates(1, 1)).arrival_ps, (Times{10, 15}));
}

// A packet that has come a way is ahead of one that is released when it arrives.
TEST(Network, ServesPacketsOnTheirWayBeforeNewOnes) {
  FlowSet flows;
  flows.add(1, std::vector<std::int32_t>{2}, 1);
  flows.add(0, std::vector<std::int32_t>{2}, 1);
  // Job 0 at 0 ps: 1 -> 2 from 0 to 1 ps; the other flow's head is there at 1 ps. Job 1 at 1 ps:
  // its first flow waits until 2 ps, its second one is there at 2 ps, too, and waits until 3 ps.
  EXPECT_EQ(drain(mesh(1, 3), flows, {0, 1}, rates(1, 1)).arrival_ps, (Times{2, 4}));
}

TEST(Network, SendsAMulticastOverEveryLinkOnce) {
  const Drained row = drain(mesh(1, 4), flow(0, {1, 2, 3}, 4), {0}, rates(1, 1));
  EXPECT_EQ(row.arrival_ps, Times{2 + 4});
  EXPECT_EQ(row.total_busy_ps(), 3 * 4);
  EXPECT_EQ(row.packets, 1);
  const Drained star = drain(mesh(3, 3), flow(4, {1, 3, 5, 7}, 4), {0}, rates(1, 1));
  EXPECT_EQ(star.arrival_ps, Times{4}) << "all branches at once";
  EXPECT_EQ(star.total_busy_ps(), 4 * 4);
}

TEST(Network, AMulticastHasArrivedAtItsLastDestination) {
  FlowSet flows = flow(1, {0, 2}, 2);
  flows.add(2, std::vector<std::int32_t>{3}, 9);
  EXPECT_EQ(drain(mesh(1, 4), flows, {0}, rates(1, 1)).arrival_ps, Times{9});
  EXPECT_EQ(drain(mesh(1, 4), flow(1, {0, 2}, 2), {0}, rates(1, 1)).arrival_ps, Times{2});
}

// Element 1 to the port: 2 links, all 3 words there after 1 + 3 ps. From it to element 2: 3 links.
TEST(Network, StoresWhatGoesThroughTheBuffer) {
  const Topology topology = mesh(1, 4);
  FlowSet flows;
  flows.add(1, std::vector<std::int32_t>{topology.port(0)}, 3);
  flows.add(topology.port(0), std::vector<std::int32_t>{2}, 3);
  const Drained drained = drain(topology, flows, {0}, rates(1, 1), {}, true);
  EXPECT_EQ(drained.arrival_ps, Times{4 + 2 + 3});
  EXPECT_EQ(drained.packets, 1);
  EXPECT_EQ(drained.total_busy_ps(), (2 + 3) * 3);
}

TEST(Network, DeliversAtOnceWhatCrossesNoLink) {
  EXPECT_EQ(drain(mesh(2, 2), flow(3, {3}, 8), {5}, rates(1, 1)).arrival_ps, Times{5});
  EXPECT_EQ(drain(mesh(2, 2), FlowSet(), {5}, rates(1, 1)).arrival_ps, Times{5});
  // A partial sum hands nothing over.
  const Drained partial = drain(mesh(1, 2), flow(0, {1}, 8), {0, 5}, rates(1, 1), {0.0, 1.0});
  EXPECT_EQ(partial.arrival_ps, (Times{0, 13}));
  EXPECT_EQ(partial.packets, 1);
}

TEST(Network, DealsTheWordsOfAFlowToJobsByTheirShares) {
  const Drained drained = drain(mesh(1, 2), flow(0, {1}, 8), {0, 0}, rates(1, 1), {0.25, 0.75});
  EXPECT_EQ(drained.arrival_ps, (Times{2, 8}));
}

// --- Against links stepped cycle by cycle -------------------------------------------------------

struct RandomNet {
  Topology topology;
  FlowSet flows;
  Times release;
  std::int64_t hop = 1;
  std::int64_t word = 1;
  bool through_buffer = false;
};

Topology random_topology(Random& random) {
  const auto kind = static_cast<TopologyKind>(random.below(4));
  const auto rows = static_cast<std::int32_t>(random.between(1, 5));
  const auto columns = static_cast<std::int32_t>(random.between(2, 6));
  return {kind, rows, columns, kind == TopologyKind::amp ? 2 : 0};
}

void add_random_flow(RandomNet& net, Random& random) {
  const auto nodes = static_cast<std::uint64_t>(net.topology.nodes());
  const auto node = [&] { return static_cast<std::int32_t>(random.below(nodes)); };
  const auto words = static_cast<double>(random.between(1, 4));
  if (net.through_buffer) {
    const std::int32_t from = node();
    const std::int32_t to = node();
    const std::int32_t in[] = {net.topology.port(from / net.topology.columns())};
    const std::int32_t out[] = {to};
    net.flows.add(from, in, words);
    net.flows.add(net.topology.port(to / net.topology.columns()), out, words);
    return;
  }
  std::vector<std::int32_t> to;
  for (std::int64_t count = random.between(1, 5); count > 0; --count) {
    to.push_back(node());
  }
  net.flows.add(node(), to, words);
}

RandomNet random_net(std::uint64_t number) {
  Random random(17, number);
  RandomNet net{random_topology(random), {}, {}};
  net.through_buffer = random.below(4) == 0;
  for (std::int64_t count = random.between(1, 12); count > 0; --count) {
    add_random_flow(net, random);
  }
  for (std::int64_t count = random.between(1, 6); count > 0; --count) {
    net.release.push_back(random.between(0, 12));
  }
  std::sort(net.release.begin(), net.release.end());
  net.hop = random.between(1, 3);
  net.word = random.between(1, 2);
  return net;
}

std::vector<test::SlowPacket> packets_of(const RandomNet& net) {
  spatial::MulticastTrees trees(net.topology);
  std::vector<test::SlowPacket> packets;
  const std::size_t legs = net.through_buffer ? 2 : 1;
  for (std::size_t i = 0; i < net.flows.flows().size(); i += legs) {
    for (const std::int64_t release : net.release) {
      test::SlowPacket packet;
      packet.release = release;
      const Flow& first = net.flows.flows()[i];
      const auto tree = trees.tree(first.source, net.flows.destinations(first));
      packet.tree.assign(tree.begin(), tree.end());
      if (net.through_buffer) {
        const Flow& second = net.flows.flows()[i + 1];
        const auto back = trees.tree(second.source, net.flows.destinations(second));
        packet.from_port.assign(back.begin(), back.end());
      }
      packet.service = static_cast<std::int64_t>(first.words) * net.word;
      packets.push_back(std::move(packet));
    }
  }
  return packets;
}

TEST(Network, AgreesWithLinksSteppedCycleByCycle) {
  for (std::uint64_t number = 0; number < 400; ++number) {
    SCOPED_TRACE("seed 17, case " + std::to_string(number));
    const RandomNet net = random_net(number);
    std::vector<test::SlowPacket> packets = packets_of(net);
    test::SlowLinks slow(packets, net.hop, net.word);
    slow.run();
    Times expected = net.release;
    for (std::size_t i = 0; i < packets.size(); ++i) {
      std::int64_t& arrival = expected[i % net.release.size()];
      arrival = std::max(arrival, packets[i].arrival);
    }
    const Drained drained =
        drain(net.topology, net.flows, net.release,
              rates(1.0 / static_cast<double>(net.word), net.hop), {}, net.through_buffer);
    ASSERT_EQ(drained.arrival_ps, expected);
    Times busy(drained.busy_ps.size(), 0);
    for (const auto& [link, cycles] : slow.busy()) {
      busy[static_cast<std::size_t>(link)] = cycles;
    }
    ASSERT_EQ(drained.busy_ps, busy);
  }
}

}  // namespace
}  // namespace imbrex::simulator
