#include <imbrex/error.hpp>
#include <imbrex/link_load.hpp>

#include <algorithm>
#include <cmath>
#include <deque>

namespace imbrex {
namespace {

struct Packet {
  std::size_t route = 0;     // index into the routes
  std::size_t position = 0;  // links passed
};

using Routes = std::vector<std::vector<std::int32_t>>;

Routes unicast_routes(const Topology& topology, const FlowSet& flows) {
  Routes routes;
  for (const Flow& flow : flows.flows()) {
    IMBREX_ASSERT(flow.destinations == 1 && flow.words == std::floor(flow.words));
    routes.emplace_back();
    topology.route(flow.source, flows.destinations(flow).front(), routes.back());
  }
  return routes;
}

// All words wait at their sources in the first cycle, word by word, then flow by flow.
std::vector<std::deque<Packet>> initial_queues(const FlowSet& flows, const Routes& routes,
                                               std::size_t links, std::int64_t& waiting) {
  std::vector<std::deque<Packet>> queues(links);
  double most = 0;
  for (const Flow& flow : flows.flows()) {
    most = std::max(most, flow.words);
  }
  for (double word = 0; word < most; ++word) {
    for (std::size_t i = 0; i < routes.size(); ++i) {
      if (word < flows.flows()[i].words && !routes[i].empty()) {
        queues[static_cast<std::size_t>(routes[i][0])].push_back({i, 0});
        ++waiting;
      }
    }
  }
  return queues;
}

}  // namespace

std::int64_t drain_cycles(const Topology& topology, const FlowSet& flows) {
  const Routes routes = unicast_routes(topology, flows);
  std::int64_t waiting = 0;
  std::vector<std::deque<Packet>> queues =
      initial_queues(flows, routes, topology.links_and_ports().size(), waiting);
  std::vector<Packet> moved;
  std::int64_t cycle = 0;
  for (; waiting > 0; ++cycle) {
    moved.clear();
    for (std::deque<Packet>& queue : queues) {
      if (!queue.empty()) {
        moved.push_back(queue.front());
        queue.pop_front();
      }
    }
    std::stable_sort(moved.begin(), moved.end(),
                     [](const Packet& a, const Packet& b) { return a.route < b.route; });
    for (Packet packet : moved) {
      if (++packet.position == routes[packet.route].size()) {
        --waiting;
      } else {
        queues[static_cast<std::size_t>(routes[packet.route][packet.position])].push_back(packet);
      }
    }
  }
  return cycle;
}

}  // namespace imbrex
