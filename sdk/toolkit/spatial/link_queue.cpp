#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/spatial/link_load.hpp>

#include <algorithm>
#include <cmath>
#include <deque>

namespace imbrex::spatial {
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

// The words of one interval join the queues at their sources, word by word, then flow by flow.
std::int64_t release(const FlowSet& flows, const Routes& routes,
                     IndexVector<std::int32_t, std::deque<Packet>>& queues) {
  std::int64_t released = 0;
  double most = 0;
  for (const Flow& flow : flows.flows()) {
    most = std::max(most, flow.words);
  }
  for (double word = 0; word < most; ++word) {
    for (std::size_t i = 0; i < routes.size(); ++i) {
      if (word < flows.flows()[i].words && !routes[i].empty()) {
        queues[routes[i][0]].push_back({i, 0});
        ++released;
      }
    }
  }
  return released;
}

}  // namespace

std::int64_t drain_cycles(const Topology& topology, const FlowSet& flows, std::int64_t intervals,
                          std::int64_t period) {
  const Routes routes = unicast_routes(topology, flows);
  IndexVector<std::int32_t, std::deque<Packet>> queues(topology.links_and_ports().size());
  std::vector<Packet> moved;
  std::int64_t waiting = 0;
  std::int64_t next = 0;  // interval to be released
  std::int64_t cycle = 0;
  for (;; ++cycle) {
    for (; next < intervals && next * period <= cycle; ++next) {
      waiting += release(flows, routes, queues);
    }
    if (waiting == 0 && next == intervals) {
      return cycle;
    }
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
        queues[routes[packet.route][packet.position]].push_back(packet);
      }
    }
  }
}

}  // namespace imbrex::spatial
